import Foundation
import PCRE2
import RulePacks
import TestSupport
import Testing

@testable import Neutralization
@testable import Redaction

@Suite struct RedactorTests {
    let worker = BuiltInSecrets.redactor.makeWorker()

    private func sample(_ text: String) -> String { SecretSample.filled(text, seed: 5) }

    @Test func everythingGoesThroughOneDoor() {
        let text = sample(
            "a <private>b</private> ghp_{{alnum:36}}\n\nHuman: <system-reminder>\u{200B}ghp_{{alnum:36}}</system-reminder>"
        )
        let result = worker.redact(text)
        #expect(
            result.text
                == "a [private] [redacted:github-token]\n\nHuman∶ ‹system-reminder>[redacted:github-token]‹/system-reminder>"
        )
        #expect(result.report.secrets == ["github-token": 2])
        #expect(result.report.privateSpans == 1)
        #expect(result.report.neutralizedCount == 4)
        #expect(result.report.secretCount == 2)
    }

    @Test("A harmless text comes back as it is", arguments: ["", "plain", "the token = 5", "grüße\n\tx: y < z"])
    func same(_ text: String) {
        #expect(worker.redact(text) == RedactedText(text: text, report: RedactionReport()))
        #expect(Array(text.utf8).withUnsafeBufferPointer { worker.redact($0) } == nil)
        #expect(worker.redact(text).report.isEmpty)
    }

    @Test(
        "A secret cannot hide",
        arguments: [
            "ghp_\u{200B}{{alnum:36}}", "gh\u{AD}p_{{alnum:36}}", "ghp_\u{1B}[0m{{alnum:36}}", "ghp_\u{0}{{alnum:36}}",
            "g<private>x</private>h ghp_{{alnum:36}}", "ghp</private>_{{alnum:36}}", "x\\nghp_{{alnum:36}}",
            "%3Dghp_{{alnum:36}}", "[redacted:ghp_{{alnum:36}}]", "[private]ghp_{{alnum:36}}[private]",
        ])
    func hidden(_ text: String) {
        let filled = sample(text)
        let secret = filled.unicodeScalars.filter { $0.isASCII }.suffix(30)
        #expect(!worker.redact(filled).text.contains(String(String.UnicodeScalarView(secret)).prefix(20)), "\(text)")
        #expect(worker.redact(filled).text.contains("[redacted:github-token]"))
    }

    @Test func whatOverlapsIsReplacedOnce() {
        let result = worker.redact(sample("password = \"ghp_{{alnum:36}}-and-more-1\""))
        #expect(result.text == "password = \"[redacted:github-token]\"")
        #expect(result.report.secrets == ["github-token": 1])
    }

    @Test func findsNeverHoldTheSecret() throws {
        let text = sample("grüße: ghp_{{alnum:36}} and sk_live_{{alnum:24}}")
        let finds = worker.finds(in: text)
        #expect(finds.map(\.kind) == ["github-token", "stripe-key"])
        let first = try #require(finds.first)
        #expect(String(decoding: Array(text.utf8)[first.range], as: UTF8.self).hasPrefix("ghp_"))
        #expect(!"\(finds)".contains("ghp_") && !"\(worker.redact(text).report)".contains("ghp_"))
    }

    @Test("A stray tag that forms another one does not help", arguments: 1...40)
    func nested(depth: Int) {
        var text = "<private>x"
        for _ in 0..<depth { text = text.replacing("<private>", with: "<pri</private>vate>") }
        text = String(repeating: "<pri", count: depth) + "</private>" + String(repeating: "vate>", count: depth)
        let result = worker.redact(text).text
        #expect(worker.redact(result).text == result)
        #expect(PrivateText.removed(from: Array(result.utf8)) == nil)
    }

    // MARK: - Limits

    private func redactor(_ rule: String) throws -> RedactionWorker {
        let text = "secrets: own\nformat: 1\nversion: 1.0.0\nsummary: s\nrules:\n" + rule
        return Redactor(rules: try SecretRules(packs: [SecretPack(parsing: Array(text.utf8), file: "own.yaml")]))
            .makeWorker()
    }

    @Test func whatCannotBeJudgedIsTakenOut() throws {
        let worker = try redactor(
            "  - {id: hostile, kind: own, summary: s, keywords: [key], pattern: 'key (a+)+[^a!]'}\n")
        let line = "key " + String(repeating: "a", count: 3_000) + "!"
        let result = worker.redact("before\n\(line)\nafter")
        #expect(result.text == "before\n[redacted:unreadable]\nafter")
        #expect(result.report.secrets == ["unreadable": 1])
        #expect(worker.redact(result.text).text == result.text)
    }

    @Test func aPatternThatIsAlwaysStoppedComesToRest() throws {
        let worker = try redactor(
            "  - {id: hostile, kind: own, summary: s, keywords: [redacted, key], pattern: '(?:\\w*\\w*)*+(?:(a|e|\\w)+)+$(?<=%)'}\n"
        )
        let result = worker.redact("key " + String(repeating: "ae", count: 2_000))
        #expect(worker.redact(result.text).text == result.text)
    }

    @Test("A long line is read in windows", arguments: [0, 100, 5_000, 40_000, 200_000])
    func longLines(offset: Int) {
        let secret = sample("ghp_{{alnum:36}}")
        let filler = String(repeating: "token, secret, password ", count: offset / 24)
        let result = worker.redact(filler + secret + " " + filler)
        #expect(result.text == filler + "[redacted:github-token] " + filler)
    }

    @Test func aMegabyteOfKeywordsTakesLinearTime() {
        let text = String(repeating: "password token secret api_key: ://user:", count: 20_000)
        var result = RedactedText(text: "", report: RedactionReport())
        let time = processorTime { result = worker.redact(text) }
        #expect(time < .seconds(30))
        #expect(result.text == text)
    }

    @Test(
        "Hostile texts take linear time, and come to rest",
        arguments: [
            "{{dash:5}}BEGIN PRIVATE KEY{{dash:5}}\n", "{{dash:5}}BEGIN PRIVATE KEY{{dash:5}} ", "password=", "://a:",
            "eyJ",
            "<private", "sk-", "[redacted:", "Bearer ", "{\"auth\":\"", "cookie: sid=", "curl -u ", "mysql -p",
            "password is ",
            "docker login -u a -p a1 ", "gh secret set A --body ", "set -x A_TOKEN a1 ", "my_pat=a1", "2/1", "pat",
            "AAAAAAAAAAAAAAAAAAAAA", "a:5432:b:c:", "a:$6$", "sk.eyJ", "xoxd-", "a.atlasv1.",
            "secret_key: \"a1", "-", "\\\"password\\\": \\\"", "seed abcd ", "[private]",
        ])
    func hostile(_ part: String) {
        let text = String(repeating: sample(part), count: 4_000)
        var result = ""
        let time = processorTime { result = worker.redact(text).text }
        #expect(time < .seconds(20))
        #expect(worker.redact(result).text == result)
    }

    @Test func aLongKeyIsTakenOutAsAWhole() {
        let body = (0..<100).map { SecretSample.filled("{{base64:64}}", seed: UInt64($0)) }.joined(separator: "\n")
        let key = sample("{{dash:5}}BEGIN PRIVATE KEY{{dash:5}}\n") + body
        #expect(worker.redact("x\n\(key)").text == "x\n[redacted:private-key]")
        #expect(
            worker.redact("x\n\(key)\n" + sample("{{dash:5}}END PRIVATE KEY{{dash:5}}") + "\ny").text
                == "x\n[redacted:private-key]\ny")
    }

    // MARK: - Properties

    static let noise = [
        "the ", "password", " = ", ": ", "\"", "'", "token", "secret", "key", "\n", "\n\n", "Human:", "<private>",
        "</private>",
        "<system-reminder>", "[redacted:", "[private]", "]", "Bearer ", "Authorization: ", "://u:", "@h", "é", "決",
        "\u{200B}",
        "\u{1B}[1m", "\\\"", "export X=", "{", "}", "(", ")", "-----BEGIN PRIVATE KEY-----\n", "Cookie: sid=", " is ",
        "=", "1",
        "a1b2c3d4", "sk-", "--token ", "curl -u a:", "\u{202E}", "<", ">", "`", ";", "&sig=",
    ]
    static let planted = [
        "ghp_{{alnum:36}}", "sk-ant-api03-{{url:93}}AA", "AKIA{{base32:16}}",
        "xoxb-{{digits:12}}-{{digits:13}}-{{alnum:24}}",
        "glpat-{{alnum:20}}", "npm_{{alnum:36}}", "sk_live_{{alnum:24}}", "hvs.{{alnum:90}}",
        "eyJhbGciOiJIUzI1NiJ9.eyJzdWIi{{alnum:60}}.{{alnum:43}}",
    ]

    @Test("Redacting twice changes nothing, and no planted secret is left", arguments: 0..<UInt64(250))
    func properties(seed: UInt64) {
        var random = SplitMix(seed: seed)
        func noise() -> String {
            (0..<random.below(14)).map { _ in Self.noise[random.below(Self.noise.count)] }.joined()
        }
        var text = noise()
        var secrets: [String] = []
        for _ in 0..<(1 + random.below(4)) {
            let secret = SecretSample.filled(Self.planted[random.below(Self.planted.count)], seed: random.next())
            secrets.append(secret)
            // A letter beside it would make it another word.
            text += " " + secret + " " + noise()
        }
        let result = worker.redact(text)
        for secret in secrets { #expect(!result.text.contains(secret.prefix(19)), "\(text.debugDescription)") }
        #expect(worker.redact(result.text).text == result.text, "\(text.debugDescription)")
        #expect(Neutralizer.neutralized(result.text) == result.text)
    }

    @Test("Any bytes are safe", arguments: 0..<UInt64(60))
    func anyBytes(seed: UInt64) {
        var random = SplitMix(seed: seed)
        let bytes = (0..<random.below(600)).map { _ -> UInt8 in
            random.below(3) == 0
                ? UInt8(truncatingIfNeeded: random.next()) : Array("<>:-=\"ab1 \n[]pasword".utf8)[random.below(20)]
        }
        let result = bytes.withUnsafeBufferPointer { worker.redact($0) }?.bytes ?? bytes
        #expect(String(validating: result, as: UTF8.self) != nil)
        #expect(result.withUnsafeBufferPointer { worker.redact($0) } == nil)
    }
}

@Suite struct EntropyTests {
    @Test(
        "Entropy is counted in thousandths of a bit",
        arguments: [
            ("", 0), ("a", 0), ("aaaa", 0), ("ab", 1000), ("abcd", 2000), ("aab", 918), ("0123456789abcdef", 4000),
            ("aaabbc", 1459),
        ])
    func thousandths(_ text: String, _ expected: Int) {
        let bytes = Array(text.utf8)
        #expect(abs(bytes.withUnsafeBufferPointer { Entropy.thousandths($0) } - expected) <= 1)
    }

    @Test("The logarithm agrees with that of the machine", arguments: [1, 2, 3, 5, 7, 10, 100, 255, 1000, 4095, 4096])
    func logarithm(_ value: Int) {
        #expect(abs(Double(Entropy.binaryLogarithm(value)) / 65536 - log2(Double(value))) < 0.0001)
    }
}
