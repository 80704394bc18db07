import Foundation
import Testing
import Transcripts

@Suite struct SourceTests {
    @Test func saysWhyAFileCannotBeRead() throws {
        #expect(throws: TranscriptSourceError(.notFound, path: "/nowhere/x.jsonl")) {
            _ = try TranscriptSource(path: "/nowhere/x.jsonl")
        }
        let folder = FileManager.default.temporaryDirectory.path
        #expect(throws: TranscriptSourceError(.isADirectory, path: folder)) { _ = try TranscriptSource(path: folder) }
    }

    @Test(.enabled(if: geteuid() != 0, "root reads everything"))
    func saysWhenAFileIsUnreadable() throws {
        let url = FileManager.default.temporaryDirectory.appendingPathComponent(UUID().uuidString)
        try Data().write(to: url)
        defer { try? FileManager.default.removeItem(at: url) }
        try FileManager.default.setAttributes([.posixPermissions: 0], ofItemAtPath: url.path)
        #expect(throws: TranscriptSourceError(.unreadable, path: url.path)) { _ = try TranscriptSource(path: url.path) }
    }

    @Test func readsAFileAndAPipeAlike() throws {
        let lines = (1...2000).map { user("sentence number \($0)") + "\n" }.joined()
        let url = FileManager.default.temporaryDirectory.appendingPathComponent(UUID().uuidString)
        try Data(lines.utf8).write(to: url)
        let pipe = url.path + ".fifo"
        #expect(mkfifo(pipe, 0o600) == 0)
        defer {
            try? FileManager.default.removeItem(at: url)
            try? FileManager.default.removeItem(atPath: pipe)
        }
        let writer = Thread { try? Data(lines.utf8).write(to: URL(fileURLWithPath: pipe), options: []) }
        writer.start()
        let offset = user("sentence number 1").utf8.count + 1
        var fromFile: [String] = []
        var fromPipe: [String] = []
        var reader = TranscriptReader()
        func read(_ path: String, into texts: inout [String]) throws -> TranscriptReport {
            var seen: [String] = []
            let report = reader.read(try TranscriptSource(path: path), from: offset, firstLine: 2) { event in
                if case .block(_, let text) = event { seen.append(String(decoding: text, as: UTF8.self)) }
            }
            texts = seen
            return report
        }
        let fileReport = try read(url.path, into: &fromFile)
        let pipeReport = try read(pipe, into: &fromPipe)
        #expect(fromFile.count == 1999)
        #expect(fromPipe == fromFile)
        #expect(pipeReport == fileReport)
        #expect(fileReport.nextOffset == lines.utf8.count)
    }
}
