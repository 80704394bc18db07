import Foundation
import TestSupport
import Testing

/// What somebody sees who types `ccmem` and nothing else.
@Suite struct OverviewTests {
    @Test("It fits on one screen", arguments: [[], ["--help"], ["-h"], ["help"]])
    func screen(_ arguments: [String]) throws {
        let run = try Workspace(hasStore: false).run(arguments)
        #expect(run.status == 0)
        let lines = run.output.split(separator: "\n", omittingEmptySubsequences: false)
        #expect(lines.count <= 56)
        #expect(lines.filter { $0.count > 80 }.isEmpty)
    }

    @Test func eachVerbHasItsManualPage() throws {
        let output = try Workspace(hasStore: false).run("--help").output
        let lines = output.split(separator: "\n")
        let ofModel = lines.first { $0.hasPrefix("With a language model") }?.split(separator: ":").last
        let verbs =
            lines.filter { $0.hasPrefix("  ") }.compactMap { $0.split(separator: " ").first }
            + (ofModel?.split(separator: ",").map { $0.drop { $0 == " " } } ?? [])
        #expect(verbs.contains("refine"))
        #expect(verbs.count > 30)
        let manual = Fixture.projectRoot.appendingPathComponent("docs/man")
        for verb in verbs {
            #expect(FileManager.default.fileExists(atPath: manual.appendingPathComponent("ccmem-\(verb).1").path))
        }
    }
}
