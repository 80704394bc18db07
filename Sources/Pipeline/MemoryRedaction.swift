import Memories
import Redaction

/// Takes secrets and forged words out of what is kept.
///
/// A secret that only the words around it give away is known by what was found in the whole turn.
struct MemoryRedaction {
    let redactor: RedactionWorker
    var report = RedactionReport()

    init(_ redactor: RedactionWorker) { self.redactor = redactor }

    mutating func redact(_ memory: inout Memory) {
        clean(&memory.content)
        if var key = memory.key {
            clean(&key)
            memory.key = key
        }
        for index in memory.sightings.indices { clean(&memory.sightings[index].quote) }
    }

    private mutating func clean(_ text: inout String) {
        let result = redactor.redact(text)
        guard !result.report.isEmpty else { return }
        report.add(result.report)
        text = result.text
    }
}

/// What was taken out of one turn: values that must not stand in its memories either. Lives in memory only.
struct TurnSecrets {
    private var values: [(value: String, marker: String)] = []

    init() {}

    init(_ finds: [SecretFind], in text: UnsafeBufferPointer<UInt8>) {
        // The longest first, so that none hides in another.
        values = finds.map {
            (String(decoding: text[$0.range], as: UTF8.self), "[redacted:\($0.kind)]")
        }.sorted { $0.value.utf8.count > $1.value.utf8.count }
    }

    var isEmpty: Bool { values.isEmpty }

    func removed(from text: String) -> String {
        values.reduce(text) { text, secret in
            text.contains(secret.value) ? text.replacing(secret.value, with: secret.marker) : text
        }
    }
}
