import Commands
import JSON
import Memories
import RulePacks
import Storage

/// One line of a file to import.
enum ImportLine {
    /// What is wrong with a line, as a full sentence.
    struct Problem: Error {
        var words: String
        init(_ words: String) { self.words = words }
    }

    /// Nil for a line of `extract --refused` that was not kept: there is nothing to store.
    static func read(_ line: UnsafeBufferPointer<UInt8>) throws(Problem) -> ImportedMemory? {
        var fields = ImportFields()
        do throws(JSONError) {
            var scanner = JSONScanner(line)
            guard try scanner.peek() == .object, try scanner.enterObject() else { throw JSONError(.endsEarly, at: 0) }
            while let key = try scanner.nextKey() { try fields.read(key.text(), &scanner) }
            guard scanner.isAtEnd() else { throw JSONError(.endsEarly, at: 0) }
        } catch {
            throw Problem("this is no JSON object.")
        }
        if let key = fields.wrongTypes.first {
            throw Problem("`\(key)` is \(ImportFields.expected(key)).")
        }
        if fields.isRefused { return nil }
        return try fields.memory()
    }
}

/// The keys of a line that matter; others are passed over.
private struct ImportFields {
    private var texts: [String: String] = [:]
    private var tags: [String] = []
    private var importance: Int?
    private var score: Int?
    private var line: Int?
    private var endLine: Int?
    private var byteStart: Int?
    private var byteEnd: Int?
    private var terms: [ScoreTerm] = []
    private var sightings: [NewSighting] = []
    private var links: [ExportedLink] = []
    private(set) var isRefused = false
    private(set) var wrongTypes: [String] = []

    private static let textKeys: Set<String> = [
        "category", "content", "key", "origin", "said_at", "state", "uid", "reason", "rule", "pack", "pack_version",
        "file", "session", "role", "quote", "timestamp",
    ]

    static func expected(_ key: String) -> String {
        switch key {
        case "importance": "a whole number from 1 to 5"
        case "tags": "an array of strings"
        default: "a string"
        }
    }

    mutating func read(_ key: String, _ scanner: inout JSONScanner) throws(JSONError) {
        let kind = try scanner.peek()
        switch key {
        case _ where kind == .null: try scanner.skip()
        case "importance":
            importance = try scanner.int()
            if importance == nil { wrongTypes.append(key) }
        case "score": score = ImportFields.thousandths(scanner.bytes(in: try scanner.skip()))
        case "line": line = try scanner.int()
        case "end_line": endLine = try scanner.int()
        case "byte_start": byteStart = try scanner.int()
        case "byte_end": byteEnd = try scanner.int()
        case "terms" where kind == .array: try readTerms(&scanner)
        case "sightings" where kind == .array: try readSightings(&scanner)
        case "links" where kind == .array: try readLinks(&scanner)
        case "refused":
            isRefused = kind == .string
            try scanner.skip()
        case "tags":
            guard try scanner.enterArray() else { return wrongTypes.append(key) }
            while try scanner.nextElement() {
                if let tag = try scanner.string() { tags.append(tag.text()) } else { wrongTypes.append(key) }
            }
        case _ where ImportFields.textKeys.contains(key):
            texts[key] = try scanner.string()?.text()
            if kind != .string { wrongTypes.append(key) }
        default: try scanner.skip()
        }
    }

    /// Of a line of `export`: the places where it was said. What is no such place is passed over.
    private mutating func readSightings(_ scanner: inout JSONScanner) throws(JSONError) {
        guard try scanner.enterArray() else { return }
        while try scanner.nextElement() {
            guard try scanner.peek() == .object, try scanner.enterObject() else {
                try scanner.skip()
                continue
            }
            var place = ImportFields()
            while let key = try scanner.nextKey() {
                let name = key.text()
                // A place has no places.
                if ["sightings", "terms", "links"].contains(name) {
                    try scanner.skip()
                } else {
                    try place.read(name, &scanner)
                }
            }
            if let sighting = place.sighting { sightings.append(sighting) }
        }
    }

    /// Of a line of `export`: what links it to other memories. A kind that this version does not know is passed over.
    private mutating func readLinks(_ scanner: inout JSONScanner) throws(JSONError) {
        guard try scanner.enterArray() else { return }
        while try scanner.nextElement() {
            guard try scanner.peek() == .object, try scanner.enterObject() else {
                try scanner.skip()
                continue
            }
            var kind: LinkKind?
            var uid: String?
            while let key = try scanner.nextKey() {
                switch key.text() {
                case "kind": kind = LinkKind(rawValue: try scanner.string()?.text() ?? "")
                case "to": uid = try scanner.string()?.text()
                default: try scanner.skip()
                }
            }
            if let kind, let uid { links.append(ExportedLink(kind: kind, uid: StoredText.clean(uid))) }
        }
    }

    private mutating func readTerms(_ scanner: inout JSONScanner) throws(JSONError) {
        guard try scanner.enterArray() else { return }
        while try scanner.nextElement() {
            guard try scanner.peek() == .object, try scanner.enterObject() else {
                try scanner.skip()
                continue
            }
            var name: String?
            var value: Int?
            while let key = try scanner.nextKey() {
                switch key.text() {
                case "name": name = try scanner.string()?.text()
                case "value": value = ImportFields.thousandths(scanner.bytes(in: try scanner.skip()))
                default: try scanner.skip()
                }
            }
            if let name, let value { terms.append(ScoreTerm(name: StoredText.clean(name), value: value)) }
        }
    }

    func memory() throws(ImportLine.Problem) -> ImportedMemory {
        let category = try category()
        let content = StoredText.clean(texts["content"] ?? "")
        guard content.contains(where: { !$0.isWhitespace }) else { throw ImportLine.Problem("`content` is missing.") }
        if let importance, !(1...5).contains(importance) {
            throw ImportLine.Problem("`importance` is a whole number from 1 to 5, not \(importance).")
        }
        let time = try time()
        var memory = NewMemory(
            category: category, content: content,
            importance: importance.map(Importance.init(clamping:)) ?? category.defaultImportance,
            origin: try choice("origin", MemoryOrigin.self) ?? .import,
            key: texts["key"].flatMap { StoredText.key($0, category: category) }, rule: rule,
            tags: tags.compactMap(StoredText.tag),
            sightings: sightings.isEmpty ? sighting.map { [$0] } ?? [] : sightings,
            saidAt: time ?? "")
        // A person's words are younger than the places that they took over.
        if let time { memory.saidAt = time }
        if let uid = texts["uid"], !uid.isEmpty { memory.uid = StoredText.clean(uid) }
        memory.score = score
        memory.terms = terms
        return ImportedMemory(
            memory: memory, state: try choice("state", MemoryState.self) ?? .active,
            reason: texts["reason"].map(StoredText.clean), links: links)
    }

    /// Times are compared as text: one of another form would be the newest, or the oldest, for ever.
    private func time() throws(ImportLine.Problem) -> String? {
        for key in ["said_at", "timestamp"] {
            guard let text = texts[key], !text.isEmpty else { continue }
            guard Since(argument: text) != nil else {
                throw ImportLine.Problem("`\(key)` is a time in UTC such as 2026-01-01T10:00:00.000Z.")
            }
            return text
        }
        return nil
    }

    /// `2.920` and `2.9199999` as 2920; nil for what is no such number.
    private static func thousandths(_ bytes: UnsafeBufferPointer<UInt8>) -> Int? {
        let parts = String(decoding: bytes, as: UTF8.self).split(
            separator: ".", maxSplits: 1, omittingEmptySubsequences: false)
        guard let first = parts.first, let whole = Int(first), abs(whole) < 1_000_000 else { return nil }
        let digits = parts.count == 2 ? String((parts[1] + "0000").prefix(4)) : "0000"
        guard let tenths = Int(digits), tenths >= 0 else { return nil }
        let rest = (tenths + 5) / 10
        return whole * 1_000 + (first.hasPrefix("-") ? -rest : rest)
    }

    private func category() throws(ImportLine.Problem) -> MemoryCategory {
        guard let name = texts["category"] else { throw ImportLine.Problem("`category` is missing.") }
        guard let category = CategoryArgument(argument: name)?.category else {
            throw unknown("category", name, MemoryCategory.allCases.map(\.rawValue))
        }
        return category
    }

    private func choice<T: RawRepresentable & CaseIterable>(
        _ key: String, _ type: T.Type
    ) throws(ImportLine.Problem) -> T? where T.RawValue == String {
        guard let name = texts[key] else { return nil }
        guard let value = T(rawValue: name) else { throw unknown(key, name, T.allCases.map(\.rawValue)) }
        return value
    }

    private func unknown(_ key: String, _ name: String, _ names: [String]) -> ImportLine.Problem {
        let shown = TextStyle.printable(String(name.prefix(60)))
        if let nearest = nearestName(to: name, in: names) {
            return ImportLine.Problem("the \(key) `\(shown)` is not known; did you mean `\(nearest)`?")
        }
        return ImportLine.Problem("the \(key) `\(shown)` is not known; it is one of \(names.joined(separator: ", ")).")
    }

    private var rule: Memory.RuleReference? {
        guard let id = texts["rule"], id != RuleWords.salience, let pack = texts["pack"] else { return nil }
        return Memory.RuleReference(
            id: StoredText.clean(id), pack: StoredText.clean(pack),
            packVersion: StoredText.clean(texts["pack_version"] ?? ""))
    }

    /// Of a line of `extract`, and of each place in a line of `export`: where it was said.
    private var sighting: NewSighting? {
        guard let quote = texts["quote"], let time = texts["timestamp"] ?? texts["said_at"],
            time.isEmpty || Since(argument: time) != nil, let role = Role(rawValue: texts["role"] ?? "")
        else { return nil }
        let (file, session) = (texts["file"].map(StoredText.clean), texts["session"].map(StoredText.clean))
        var bytes = 0..<0
        if let byteStart, let byteEnd, 0 <= byteStart, byteStart < byteEnd { bytes = byteStart..<byteEnd }
        // What a person typed has a session at most.
        guard let line, line > 0, let file, !file.isEmpty else {
            guard let session, !session.isEmpty else { return nil }
            return NewSighting(
                transcriptID: nil, path: "", sessionID: session, line: 0, endLine: 0, bytes: bytes, role: role,
                saidAt: time, quote: StoredText.clean(quote), turnIdentity: nil)
        }
        var sighting = NewSighting(
            transcriptID: nil, path: file, sessionID: session, line: line, endLine: max(line, endLine ?? line),
            bytes: bytes, role: role, saidAt: time, quote: StoredText.clean(quote), turnIdentity: nil)
        sighting.rule = rule
        return sighting
    }
}
