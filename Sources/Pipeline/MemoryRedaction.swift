import Memories
public import Redaction

/// Takes secrets and forged words out of what is kept.
///
/// A secret that only the words around it give away is known by what was found in the whole turn.
struct MemoryRedaction {
    let redactor: RedactionWorker
    var report = RedactionReport()

    init(_ redactor: RedactionWorker) { self.redactor = redactor }

    mutating func redact(_ memory: inout Memory) {
        // What a field was filled with stands alone in the statement: the sentence tells that it is a secret.
        var secrets = TurnSecrets()
        for index in memory.sightings.indices {
            let quote = memory.sightings[index].quote
            if clean(&memory.sightings[index].quote) { secrets.add(TurnSecrets(in: Array(quote.utf8), redactor)) }
        }
        if !secrets.isEmpty {
            memory.content = secrets.removed(from: memory.content)
            memory.key = memory.key.map(secrets.removedInAnyCase)
        }
        clean(&memory.content)
        if var key = memory.key {
            clean(&key)
            memory.key = key
        }
    }

    /// - Returns: Whether there was a secret in it.
    @discardableResult private mutating func clean(_ text: inout String) -> Bool {
        let result = redactor.redact(text)
        guard !result.report.isEmpty else { return false }
        report.add(result.report)
        text = result.text
        return result.report.secretCount > 0
    }
}

/// What was taken out of one turn: values that must not stand in its memories either. Lives in memory only.
public struct TurnSecrets: Sendable {
    private var values: [(value: String, marker: String)] = []

    init() {}

    /// - Parameter text: A whole turn, as it was said.
    init(in text: [UInt8], _ redactor: RedactionWorker?) {
        guard let redactor else { return }
        self = text.withUnsafeBufferPointer { bytes in
            // Of bytes that are not UTF-8 nothing was read out.
            TurnSecrets(redactor.finds(in: bytes), in: bytes)
        }
    }

    init(_ finds: [SecretFind], in text: UnsafeBufferPointer<UInt8>) {
        // The longest first, so that none hides in another.
        values = finds.map {
            (String(decoding: text[$0.range], as: UTF8.self), "[redacted:\($0.kind)]")
        }.sorted { $0.value.utf8.count > $1.value.utf8.count }
    }

    var isEmpty: Bool { values.isEmpty }

    mutating func add(_ others: TurnSecrets) {
        for one in others.values where !values.contains(where: { $0.value == one.value }) { values.append(one) }
        values.sort { ($1.value.utf8.count, $0.value) < ($0.value.utf8.count, $1.value) }
    }

    /// What was read out of the turn as it may be shown: without its secrets, in any case, and without a part of one at an
    /// end, where a pattern stopped amid it; then as any text.
    public func shown(_ text: String, _ redactor: RedactionWorker?) -> String {
        var text = removedInAnyCase(from: text)
        for (value, marker) in values { text = TurnSecrets.withoutPart(of: value, marker, text) }
        return redactor?.redact(text).text ?? text
    }

    /// Keys are folded.
    func removedInAnyCase(from text: String) -> String {
        values.reduce(removed(from: text)) { text, secret in
            let low = secret.value.lowercased()
            return text.contains(low) ? text.replacing(low, with: secret.marker) : text
        }
    }

    /// So many letters of a secret that stand alone tell nothing of it.
    private static let fewest = 4

    private static func withoutPart(of secret: String, _ marker: String, _ text: String) -> String {
        if text.utf8.count >= fewest, text.utf8.count < secret.utf8.count, secret.contains(text) { return marker }
        let most = min(secret.count, text.count)
        guard most >= fewest else { return text }
        for count in stride(from: most, through: fewest, by: -1) {
            if text.hasSuffix(secret.prefix(count)) { return text.dropLast(count) + marker }
            if text.hasPrefix(secret.suffix(count)) { return marker + text.dropFirst(count) }
        }
        return text
    }

    func removed(from text: String) -> String {
        values.reduce(text) { text, secret in
            text.contains(secret.value) ? text.replacing(secret.value, with: secret.marker) : text
        }
    }
}
