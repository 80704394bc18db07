import Extraction
import Foundation
import Memories
import RulePacks
import TestSupport
import Testing

/// `Fixtures/packs/{valid,invalid}/<behaviour>.yaml`, and beside each invalid one what a user reads about it. All of them
/// stand on `Fixtures/packs/below.yaml`.
///
/// `RECORD_MESSAGES=1 swift test` writes those texts anew; that run fails, so that it is never green by accident.
@Suite struct PackFixtureTests {
    @Test("A valid pack is read", arguments: PackFixture.all("valid"))
    func valid(_ fixture: PackFixture) throws {
        #expect(try fixture.message() == nil)
    }

    @Test("An invalid pack is told in these words", arguments: PackFixture.all("invalid"))
    func invalid(_ fixture: PackFixture) throws {
        let message = try #require(try fixture.message(), "nothing is wrong with \(fixture.name)")
        if ProcessInfo.processInfo.environment["RECORD_MESSAGES"] != nil {
            try Data(message.utf8).write(to: fixture.url("txt"))
            Issue.record("recorded")
        }
        #expect(message == (try String(contentsOf: fixture.url("txt"), encoding: .utf8)))
    }

    @Test func thereAreFixturesOfBothKinds() {
        #expect(PackFixture.all("valid").count > 20)
        #expect(PackFixture.all("invalid").count > 80)
    }
}

struct PackFixture: Sendable, CustomTestStringConvertible {
    var folder: String
    var name: String

    var testDescription: String { name }

    func url(_ ending: String) -> URL { Fixture.url("packs/\(folder)/\(name).\(ending)") }

    func bytes() throws -> [UInt8] { Array(try Data(contentsOf: url("yaml"))) }

    /// Nil when the pack is read.
    func message() throws -> String? {
        let bytes = try bytes()
        let below = Array(try Data(contentsOf: Fixture.url("packs/below.yaml")))
        do throws(RulePackErrors) {
            let set = try RuleSet(packs: [
                RulePack(parsing: below, file: "below.yaml"),
                RulePack(parsing: bytes, file: "pack.yaml", layer: .project),
            ])
            try ExampleCheck.checkChanged(set)
            return nil
        } catch {
            return DiagnosticRenderer(file: "pack.yaml", text: bytes).render(error)
        }
    }

    static func all(_ folder: String) -> [PackFixture] {
        let files = (try? FileManager.default.contentsOfDirectory(atPath: Fixture.url("packs/\(folder)").path)) ?? []
        return files.filter { $0.hasSuffix(".yaml") }.sorted().map { file in
            PackFixture(folder: folder, name: String(file.dropLast(5)))
        }
    }
}
