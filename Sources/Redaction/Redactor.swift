import Neutralization
public import RulePacks

/// Takes out of a text what must not be stored: private text, secrets, what passes for words of the harness, and
/// characters that nobody sees. Shared by all workers.
public struct Redactor: Sendable {
    let rules: SecretRules
    private let index: KeywordIndex

    public init(rules: SecretRules) {
        self.rules = rules
        index = KeywordIndex(rules.rules)
    }

    /// What one thread needs: compiled patterns and the memory to match in.
    public func makeWorker() -> RedactionWorker {
        RedactionWorker(finder: SecretFinder(rules: rules.rules, index: index))
    }
}

/// Belongs to one thread; takes one text after the other, and remembers nothing of them.
public final class RedactionWorker {
    private let finder: SecretFinder

    init(finder: SecretFinder) {
        self.finder = finder
    }

    /// The text as it may be stored; the same string when there is nothing to take out. Linear in the text; a text that
    /// comes out changes no more when it goes in again.
    public func redact(_ text: String) -> RedactedText {
        var text = text
        guard let result = text.withUTF8({ redact($0) }) else {
            return RedactedText(text: text, report: RedactionReport())
        }
        return RedactedText(text: String(decoding: result.bytes, as: UTF8.self), report: result.report)
    }

    /// The text as it may be stored; nil when there is nothing to take out, and then it is valid UTF-8.
    ///
    /// - Parameter bytes: Any bytes; what is not UTF-8 becomes U+FFFD.
    public func redact(_ bytes: UnsafeBufferPointer<UInt8>) -> RedactedBytes? {
        var report = RedactionReport()
        guard var text = pass(bytes, &report) else { return nil }
        // What one step takes out can bring together what another one has to see.
        for _ in 0..<Self.mostPasses {
            guard let next = text.withUnsafeBufferPointer({ pass($0, &report) }) else {
                return RedactedBytes(bytes: text, report: report)
            }
            text = next
        }
        // Only a text made for it nests so deeply. Without any `<` it holds no tag, and comes to rest.
        text = text.withUnsafeBufferPointer { Neutralizer.withoutAngles($0) }
        report.neutralizedCount += 1
        for _ in 0..<Self.mostPasses {
            guard let next = text.withUnsafeBufferPointer({ pass($0, &report) }) else { break }
            text = next
        }
        return RedactedBytes(bytes: text, report: report)
    }

    /// The secrets that stand in a text, in order, for an audit. Looks at the text as it stands: characters that
    /// nobody sees are not taken out first.
    ///
    /// - Parameter bytes: Valid UTF-8.
    public func finds(in bytes: UnsafeBufferPointer<UInt8>) -> [SecretFind] {
        finder.finds(in: bytes)
    }

    /// The same for a string; the ranges count UTF-8 bytes.
    public func finds(in text: String) -> [SecretFind] {
        var text = text
        return text.withUTF8 { finds(in: $0) }
    }

    private static let mostPasses = 8

    /// Each step once; nil when none had anything to do. Characters that nobody sees go first, since they may stand in
    /// the middle of a tag or of a secret; forged tags last, since taking something out may form one.
    private func pass(_ bytes: UnsafeBufferPointer<UInt8>, _ report: inout RedactionReport) -> [UInt8]? {
        let survey = TextSurvey(bytes)
        var text: [UInt8]?
        if let cleaned = CharacterCleaner.cleaned(bytes, survey) {
            text = cleaned.text
            report.neutralizedCount += cleaned.count
        }
        if survey.hasAngle, let kept = step(bytes, text, { PrivateText.removed(from: $0) }) {
            text = kept.text
            report.privateSpans += kept.spanCount
        }
        if let safe = step(bytes, text, { withoutSecrets($0, &report) }) { text = safe }
        if let honest = step(bytes, text, { Neutralizer.withoutForgery($0, survey) }) {
            text = honest.text
            report.neutralizedCount += honest.count
        }
        return text
    }

    /// Runs a step on the newest text.
    private func step<Result>(
        _ bytes: UnsafeBufferPointer<UInt8>, _ text: [UInt8]?, _ body: (UnsafeBufferPointer<UInt8>) -> Result?
    ) -> Result? {
        text.map { $0.withUnsafeBufferPointer(body) } ?? body(bytes)
    }

    private func withoutSecrets(_ bytes: UnsafeBufferPointer<UInt8>, _ report: inout RedactionReport) -> [UInt8]? {
        let finds = finder.finds(in: bytes)
        guard !finds.isEmpty else { return nil }
        var text: [UInt8] = []
        text.reserveCapacity(bytes.count)
        var copied = 0
        for find in finds {
            text += bytes[copied..<find.range.lowerBound]
            text += Marker.text(find.kind).utf8
            copied = find.range.upperBound
            report.secrets[find.kind, default: 0] += 1
        }
        text += bytes[copied...]
        return text
    }
}
