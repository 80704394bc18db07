import Foundation
import TestSupport
import Testing

/// A file system that is really full: a small one in memory, seen by one process and its children alone.
@Suite struct FullDiskTests {
    /// Whether this machine lets us have one.
    static let isPossible: Bool = {
        let mount = ["sh", "-c", "mount -t tmpfs -o size=64k tmpfs /mnt"]
        return (try? Program("/usr/bin/env", unshare + mount))?.wait() == 0
    }()

    private static var unshare: [String] { ["unshare", getuid() == 0 ? "-m" : "-rm"] }

    /// What is left free on the disk when the second ingest begins, in KB.
    static let left = [0, 100, 700]

    @Test(
        "Nothing is lost, the message is clear, and the next run completes",
        .enabled(if: isPossible, "needs `unshare` and the right to mount a tmpfs"), arguments: left)
    func ingest(_ left: Int) throws {
        let workspace = try Workspace(hasStore: false)
        let disk = workspace.folder.appendingPathComponent("disk")
        try FileManager.default.createDirectory(at: disk, withIntermediateDirectories: true)
        try workspace.write(Workspace.transcript(session: "small", IngestTests.talk), to: "small.jsonl")
        let talk = (1...200).map { number in
            (
                role: "user",
                text: "We decided that service number\(number) keeps its rows in the table t\(number). "
                    + String(repeating: "filler\(number) word ", count: 300)
            )
        }
        try workspace.write(Workspace.transcript(session: "big", talk), to: "big.jsonl")
        try workspace.write(Self.script, to: "full.sh")
        let run = try workspace.run(
            tool: "/usr/bin/env",
            Self.unshare + [
                "sh", "full.sh", disk.path, Workspace.tool("ccmem").path, workspace.project.path, "\(left)",
            ])
        #expect(run.status == 0, "\(run.errors)")
        #expect(
            run.output.split(separator: "\n") == [
                "init 0", "small 0", "full 3", "list 0", "search 0", "audit 0", "again 0", "audit 0",
            ], "\(run.output) \(run.errors)")
        let errors = try workspace.read("errors")
        #expect(errors.contains("The disk that holds \(disk.path)/p/.ccmem/memory.db is full."), "\(errors)")
        #expect(errors.contains("Make room and run the command again"))
        #expect(try workspace.read("before") == workspace.read("after"))
        // The same as if there had been room at once.
        let clean = try Workspace()
        for name in ["small", "big"] { try clean.run("ingest", workspace.project.path + "/\(name).jsonl") }
        func contents(_ text: String) -> Set<String> {
            Set(Workspace.Run(status: 0, output: text, errors: "").memories.compactMap { $0["content"] as? String })
        }
        let whole = contents(try clean.run("list", "--json").output)
        #expect(whole.count > 20)
        #expect(contents(try workspace.read("whole")) == whole)
    }

    /// Arguments: where to mount, the program, the folder of the transcripts, the kilobytes to leave.
    private static let script = """
        set -u
        mount -t tmpfs -o size=6m tmpfs "$1" || exit 9
        mkdir "$1/p" && cd "$1/p" || exit 9
        "$2" init > /dev/null; echo "init $?"
        "$2" ingest "$3/small.jsonl" > /dev/null; echo "small $?"
        "$2" list --json > "$3/before"
        available=$(df -Pk "$1" | tail -1 | awk '{print $4}')
        head -c $(((available - $4) * 1024)) /dev/zero > "$1/filler"
        "$2" ingest "$3/big.jsonl" > /dev/null 2> "$3/errors"; echo "full $?"
        "$2" list --json > "$3/after"; echo "list $?"
        "$2" search linter > /dev/null; echo "search $?"
        rm "$1/filler"
        "$2" audit > /dev/null; echo "audit $?"
        "$2" ingest "$3/big.jsonl" > /dev/null; echo "again $?"
        "$2" audit > /dev/null; echo "audit $?"
        "$2" list --json > "$3/whole"

        """
}
