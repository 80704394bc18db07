import Foundation
import RulePacks
import Testing

@testable import Redaction

/// Recall and precision on `Fixtures/secrets`.
@Suite struct SecretFixtureTests {
    struct Score {
        var secrets = 0
        var gone = 0
        var finds = 0
        var justFinds = 0
        var missed: [String] = []
        var wrong: [String] = []

        var recall: Double { Double(gone) / Double(max(1, secrets)) }
        var precision: Double { Double(justFinds) / Double(max(1, finds)) }
    }

    /// A secret is gone when no byte of it is left; a find is just when it touches a secret.
    private func score(_ fixtures: [SecretFixture]) -> Score {
        let worker = BuiltInSecrets.redactor.makeWorker()
        var score = Score()
        for fixture in fixtures {
            let finds = worker.finds(in: fixture.text)
            for secret in fixture.secrets {
                score.secrets += 1
                if secret.allSatisfy({ byte in finds.contains { $0.range.contains(byte) } }) {
                    score.gone += 1
                } else {
                    score.missed.append("\(fixture.line): \(fixture.text)")
                }
            }
            for find in finds {
                score.finds += 1
                if fixture.secrets.contains(where: { $0.overlaps(find.range) }) {
                    score.justFinds += 1
                } else {
                    score.wrong.append("\(fixture.line) (\(find.rule)): \(fixture.text)")
                }
            }
        }
        return score
    }

    @Test("Secrets are gone and other texts stay", arguments: [false, true])
    func bars(heldOut: Bool) throws {
        let secrets = try SecretFixture.all("secrets")
        let clean = try SecretFixture.all("clean")
        #expect(secrets.count >= 250)
        #expect(clean.count >= 350)
        let score = score((secrets + clean).filter { $0.isHeldOut == heldOut })
        print(
            "\(heldOut ? "held out" : "in view"): \(score.gone) of \(score.secrets) secrets gone,",
            "\(score.justFinds) of \(score.finds) finds just")
        let isTold = !heldOut || ProcessInfo.processInfo.environment["SHOW_HELD_OUT"] != nil
        let told = isTold ? (score.missed + ["-- wrong:"] + score.wrong).joined(separator: "\n") : ""
        if ProcessInfo.processInfo.environment["SHOW_MISSES"] != nil { print(told) }
        #expect(score.recall >= 0.98, "\(told)")
        #expect(score.precision >= 0.95, "\(told)")
    }
}
