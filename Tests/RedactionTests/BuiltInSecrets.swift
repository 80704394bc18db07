import BuiltInRules
import Foundation
import RulePacks
import TestSupport
import Testing

@testable import Redaction

/// The shipped rules, once for all tests.
enum BuiltInSecrets {
    static let pack: SecretPack? = {
        let (file, bytes) = BuiltInRules.secrets
        do throws(RulePackErrors) {
            return try SecretPack(parsing: bytes, file: file, strictness: .builtIn)
        } catch {
            Issue.record("\(DiagnosticRenderer(file: file, text: bytes).render(error))")
            return nil
        }
    }()

    static let rules: [SecretRule] = pack?.rules ?? []

    static let redactor: Redactor = {
        guard let pack, let rules = try? SecretRules(packs: [pack]) else { fatalError("the shipped rules are broken") }
        return Redactor(rules: rules)
    }()
}

/// One line of `Fixtures/secrets/*.jsonl`. A secret stands between `⟦` and `⟧`; `{{alnum:36}}` is filled in, so that no file
/// holds anything that looks alive.
struct SecretFixture: Sendable, CustomTestStringConvertible {
    var line: Int
    var kind: String?
    /// Without the brackets, placeholders filled.
    var text: String
    /// In UTF-8 bytes of `text`.
    var secrets: [Range<Int>]

    var testDescription: String { "line \(line)" }

    /// The rules were written without a look at the line; it tells what they are worth.
    var isHeldOut: Bool

    private struct Line: Decodable {
        var kind: String?
        var text: String
        var heldOut: Bool?
    }

    static func all(_ file: String) throws -> [SecretFixture] {
        let decoder = JSONDecoder()
        decoder.keyDecodingStrategy = .convertFromSnakeCase
        return try Fixture.text("secrets/\(file).jsonl").split(separator: "\n").enumerated().map { index, line in
            let line = try decoder.decode(Line.self, from: Data(line.utf8))
            var text = ""
            var secrets: [Range<Int>] = []
            var start = 0
            for character in SecretSample.filled(line.text, seed: UInt64(index + 1)) {
                switch character {
                case "⟦": start = text.utf8.count
                case "⟧": secrets.append(start..<text.utf8.count)
                default: text.append(character)
                }
            }
            return SecretFixture(
                line: index + 1, kind: line.kind, text: text, secrets: secrets,
                isHeldOut: line.heldOut ?? false)
        }
    }
}
