import Foundation
import TestSupport

/// An empty home and project for the real command; removed with the value that owns it.
final class Workspace: Sendable {
    /// What a run of the command gave.
    struct Run {
        var status: Int32
        var output: String
        var errors: String

        /// The output as JSON.
        var json: [String: Any] {
            (try? JSONSerialization.jsonObject(with: Data(output.utf8))) as? [String: Any] ?? [:]
        }

        /// `memories` of a JSON output.
        var memories: [[String: Any]] { json["memories"] as? [[String: Any]] ?? [] }
    }

    let folder: URL
    var home: URL { folder.appendingPathComponent("home") }
    var project: URL { folder.appendingPathComponent("project") }
    /// Where the store lies, as `ccmem init` puts it.
    var database: String { project.appendingPathComponent(".ccmem/memory.db").path }

    /// - Parameter hasStore: Whether the project has a `.ccmem` folder, made by `ccmem init`.
    init(hasStore: Bool = true) throws {
        folder = URL(fileURLWithPath: NSTemporaryDirectory()).resolvingSymlinksInPath()
            .appendingPathComponent("ccmem-\(UUID().uuidString)")
        for path in [home, project] {
            try FileManager.default.createDirectory(at: path, withIntermediateDirectories: true)
        }
        if hasStore { try run("init") }
    }

    deinit { try? FileManager.default.removeItem(at: folder) }

    /// Runs `ccmem` in the project with an environment of its own.
    @discardableResult
    func run(_ arguments: [String], input: String? = nil, environment: [String: String] = [:], directory: URL? = nil)
        throws
        -> Run
    {
        try run(
            tool: Workspace.tool("ccmem").path, arguments, input: input, environment: environment, directory: directory)
    }

    @discardableResult
    func run(_ arguments: String..., input: String? = nil) throws -> Run { try run(arguments, input: input) }

    /// Runs SQL on the store through the plain `sqlite3` shell.
    @discardableResult
    func shell(_ sql: String) throws -> Run { try run(tool: "/usr/bin/env", ["sqlite3", database, sql]) }

    func run(
        tool: String, _ arguments: [String], input: String? = nil, environment: [String: String] = [:],
        directory: URL? = nil
    ) throws -> Run {
        let result = try Program.run(
            tool, arguments, input: input ?? "", environment: variables(environment), directory: directory ?? project)
        return Run(status: result.status, output: result.output, errors: result.errors)
    }

    /// Starts `ccmem` in the project and does not wait for it.
    func start(
        _ arguments: [String], environment: [String: String] = [:], input: Program.End = .null,
        output: Program.End = .null, errors: Program.End = .null
    ) throws -> Program {
        try Program(
            Workspace.tool("ccmem").path, arguments, environment: variables(environment), directory: project,
            input: input, output: output, errors: errors)
    }

    private func variables(_ more: [String: String]) -> [String: String] {
        ["HOME": home.path, "PATH": "/usr/local/bin:/usr/bin:/bin:/opt/homebrew/bin"].merging(more) { $1 }
    }

    /// Writes a file below the project.
    func write(_ text: String, to path: String) throws {
        let url = project.appendingPathComponent(path)
        try FileManager.default.createDirectory(at: url.deletingLastPathComponent(), withIntermediateDirectories: true)
        try text.write(to: url, atomically: true, encoding: .utf8)
    }

    func read(_ path: String) throws -> String {
        try String(contentsOf: project.appendingPathComponent(path), encoding: .utf8)
    }

    /// A program that was built beside the tests.
    static func tool(_ name: String) -> URL {
        #if os(macOS)
            let bundle = Bundle.allBundles.first { $0.bundlePath.hasSuffix(".xctest") }?.bundleURL
            return (bundle ?? Bundle.main.bundleURL).deletingLastPathComponent().appendingPathComponent(name)
        #else
            return URL(fileURLWithPath: CommandLine.arguments[0]).resolvingSymlinksInPath()
                .deletingLastPathComponent().appendingPathComponent(name)
        #endif
    }

    /// A transcript of prompts and answers, one a second.
    static func transcript(
        session: String = "11111111-2222-3333-4444-555555555555", cwd: String = "/work",
        _ turns: [(role: String, text: String)]
    ) -> String {
        turns.enumerated().map { index, turn in
            let message: [String: Any] = [
                "role": turn.role,
                "content": turn.role == "user" ? turn.text as Any : [["type": "text", "text": turn.text]] as Any,
            ]
            let entry: [String: Any] = [
                "type": turn.role, "uuid": "u\(index)", "sessionId": session, "cwd": cwd, "isSidechain": false,
                "timestamp":
                    "2026-01-01T00:\(index / 60 < 10 ? "0" : "")\(index / 60):\(index % 60 < 10 ? "0" : "")\(index % 60).000Z",
                "message": message,
            ]
            let data = (try? JSONSerialization.data(withJSONObject: entry, options: [.sortedKeys])) ?? Data()
            return String(decoding: data, as: UTF8.self) + "\n"
        }.joined()
    }
}
