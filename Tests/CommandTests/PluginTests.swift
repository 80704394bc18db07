import Foundation
import TestSupport
import Testing

/// Whether no ccmem is installed for all users, which the launcher would find.
private let isAlone = ["/usr/local/bin", "/opt/homebrew/bin"].allSatisfy {
    !FileManager.default.isExecutableFile(atPath: $0 + "/ccmem-hook")
}

/// The launcher of the plugin: finds the hook, or has it built behind the first session.
@Suite(.enabled(if: isAlone, "a ccmem that is installed for all users would be found"))
struct PluginTests {
    private let workspace: Workspace
    private var plugin: URL { workspace.folder.appendingPathComponent("plugin with \"quotes\"") }
    private var tools: URL { workspace.folder.appendingPathComponent("tools") }
    private var installed: URL { workspace.home.appendingPathComponent(".local/bin/ccmem-hook") }

    init() throws {
        workspace = try Workspace(hasStore: false)
        let files = FileManager.default
        for name in [".claude-plugin", "hooks"] {
            try files.createDirectory(at: plugin, withIntermediateDirectories: true)
            // Another process copies: see `Program.writeScript`.
            let run = try Program.run(
                "cp", ["-R", Fixture.projectRoot.appendingPathComponent(name).path, plugin.path + "/"])
            #expect(run.status == 0, "\(run.errors)")
        }
        try files.createDirectory(at: tools, withIntermediateDirectories: true)
        // What the launcher needs of a system, without the compiler that this one may have.
        for name in ["sh", "cat", "tr", "sed", "mkdir", "rm", "nice", "sleep"] {
            let path = ["/bin/", "/usr/bin/"].map { $0 + name }.first { files.isExecutableFile(atPath: $0) }
            try files.createSymbolicLink(
                at: tools.appendingPathComponent(name), withDestinationURL: URL(fileURLWithPath: try #require(path)))
        }
    }

    private func program(_ name: String, _ script: String) throws {
        try Program.writeScript(script, at: tools.appendingPathComponent(name).path)
    }

    /// A toolchain whose `make install` does what the script says.
    private func toolchain(making script: String) throws {
        try program("swift", "exit 0\n")
        try program("pkg-config", "exit 0\n")
        try program("make", "for word; do case $word in PREFIX=*) prefix=${word#PREFIX=} ;; esac; done\n" + script)
    }

    /// Puts a hook there that can be run from the first instant on.
    private static let installing = """
        mkdir -p "$prefix/bin"
        printf '#!/bin/sh\\ncat >/dev/null\\necho "{\\"systemMessage\\":\\"hook $1\\"}"\\n' >"$prefix/bin/new"
        /bin/chmod 755 "$prefix/bin/new"
        /bin/mv "$prefix/bin/new" "$prefix/bin/ccmem-hook"
        """

    private func launch(_ event: String, _ fields: [String: Any] = [:], _ environment: [String: String] = [:]) throws
        -> Workspace.Run
    {
        // Claude Code hands nothing on but the three streams; `Process` does.
        let alone = #"for f in /dev/fd/*; do n=${f##*/}; ((n > 2)) && eval "exec $n>&-"; done; exec "$0" "$@""#
        let run = try workspace.run(
            tool: "/bin/bash", ["-c", alone, plugin.appendingPathComponent("hooks/run").path, event],
            input: workspace.payload(event, fields),
            environment: ["PATH": tools.path, "CLAUDE_PLUGIN_ROOT": plugin.path].merging(environment) { $1 })
        #expect(run.status == 0 && run.errors == "", "\(event): \(run.errors)")
        return run
    }

    private func message(_ run: Workspace.Run) -> String { run.json["systemMessage"] as? String ?? "" }

    private func waits(for path: URL) -> Bool {
        for _ in 0..<200 where !FileManager.default.fileExists(atPath: path.path) { usleep(50_000) }
        return FileManager.default.fileExists(atPath: path.path)
    }

    @Test func withoutAToolchainTheOneCommandIsNamed() throws {
        let words = message(try launch("SessionStart", ["source": "startup"]))
        #expect(words.contains("make -C '\(plugin.resolvingSymlinksInPath().path)' install PREFIX='"))
        #expect(!words.contains("\n"))
        #expect(try launch("SessionStart", ["source": "compact"]).output == "")
        #expect(try launch("SessionStart", [:], ["CCMEM_HOOKS": "off"]).output == "")
        #expect(!FileManager.default.fileExists(atPath: workspace.home.appendingPathComponent(".cache").path))
    }

    @Test func allOtherEventsAreSilent() throws {
        for event in ["UserPromptSubmit", "PreToolUse", "Stop", "SessionEnd", "PreCompact", "Nonsense"] {
            #expect(try launch(event, ["prompt": String(repeating: "x", count: 1 << 20)]).output == "", "\(event)")
        }
    }

    @Test func aBuildRunsBehindTheSessionAndItsResultIsUsed() throws {
        // It builds for as long as we want: nobody waits for it, or the first call would not come back.
        let end = workspace.folder.appendingPathComponent("end-of-build")
        try toolchain(
            making: "n=0; while [ ! -e '\(end.path)' ] && [ $n -lt 600 ]; do /bin/sleep 0.1; n=$((n + 1)); done\n"
                + Self.installing)
        #expect(message(try launch("SessionStart")).contains("building its programs in the background"))
        #expect(message(try launch("SessionStart")).contains("still being built"))
        #expect(!FileManager.default.fileExists(atPath: installed.path))
        try Data().write(to: end)
        #expect(waits(for: installed))
        #expect(message(try launch("SessionStart")) == "hook SessionStart")
        #expect(message(try launch("Stop")) == "hook Stop")
        for _ in 0..<100
        where FileManager.default.fileExists(
            atPath: workspace.home.appendingPathComponent(".cache/ccmem/plugin/building").path)
        { usleep(20_000) }
        // Memories live elsewhere: what the plugin takes along when it goes is no more than a log.
        #expect(
            workspace.files.filter { $0.hasPrefix("home/.cache/ccmem/plugin/") } == [
                "home/.cache/ccmem/plugin/build.log"
            ])
    }

    @Test func aBuildThatFailsIsToldAndNotTriedAgainBeforeThePluginChanges() throws {
        try toolchain(making: "echo 'no room' >&2\nexit 2\n")
        _ = try launch("SessionStart")
        let failed = workspace.home.appendingPathComponent(".cache/ccmem/plugin/failed")
        #expect(waits(for: failed))
        usleep(200_000)
        let words = message(try launch("SessionStart"))
        #expect(words.contains("could not be built") && words.contains("build.log"))
        #expect(
            try String(
                contentsOf: failed.deletingLastPathComponent().appendingPathComponent("build.log"), encoding: .utf8
            ).contains("no room"))
        try toolchain(making: Self.installing)
        usleep(1_100_000)
        try FileManager.default.setAttributes(
            [.modificationDate: Date()], ofItemAtPath: plugin.appendingPathComponent(".claude-plugin/plugin.json").path)
        #expect(message(try launch("SessionStart")).contains("building its programs"))
        #expect(waits(for: installed))
    }

    @Test func theFolderOfTheOptionComesFirst() throws {
        let folder = workspace.folder.appendingPathComponent("mine")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        try FileManager.default.createSymbolicLink(
            at: folder.appendingPathComponent("ccmem-hook"), withDestinationURL: Workspace.tool("ccmem-hook"))
        let run = try launch("--version", [:], ["CLAUDE_PLUGIN_OPTION_FOLDER": folder.path])
        #expect(run.output == "0.1.0\n")
    }
}
