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

    /// Of a `uid`: more than any store makes.
    private static let longestUID = 64

    private static let textKeys: Set<String> = [
        "category", "content", "key", "origin", "said_at", "state", "uid", "reason", "rule", "pack", "pack_version",
        "file", "session", "role", "quote", "timestamp",
    ]

    static func expected(_ key: String) -> String {
        switch key.split(separator: ".").last ?? "" {
        case "importance": "a whole number from 1 to 5"
        case "score", "value": "a number between -1000000 and 1000000"
        case "line", "end_line", "byte_start", "byte_end": "a whole number from 0"
        case "tags": "an array of strings"
        case "terms": "an array of objects with `name` and `value`"
        case "sightings": "an array of objects"
        case "links": "an array of objects with `kind` and `to`"
        case "kind": "one of \(LinkKind.allCases.map(\.rawValue).joined(separator: ", "))"
        case "role": "one of \(Role.allCases.map(\.rawValue).joined(separator: ", "))"
        case "uid": "1 to \(longestUID) letters, digits, `-`, `_` or `.`"
        case "said_at" where key != "said_at", "timestamp" where key != "timestamp":
            "a time in UTC such as 2026-01-01T10:00:00.000Z"
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
        case "score":
            score = ImportFields.thousandths(scanner.bytes(in: try scanner.skip()))
            if score == nil { wrongTypes.append(key) }
        case "line": line = try count(key, &scanner)
        case "end_line": endLine = try count(key, &scanner)
        case "byte_start": byteStart = try count(key, &scanner)
        case "byte_end": byteEnd = try count(key, &scanner)
        case "terms": try readTerms(&scanner)
        // `list --json` has their count in the place of the places.
        case "sightings" where kind == .number: _ = try count(key, &scanner)
        case "sightings": try readSightings(&scanner)
        case "links": try readLinks(&scanner)
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

    private mutating func count(_ key: String, _ scanner: inout JSONScanner) throws(JSONError) -> Int? {
        let number = try scanner.int()
        if number ?? -1 < 0 { wrongTypes.append(key) }
        return number
    }

    /// Enters the next element when it is an object; any other is passed over, and `key` is wrong.
    private mutating func enterObject(of key: String, _ scanner: inout JSONScanner) throws(JSONError) -> Bool {
        if try scanner.peek() == .object { return try scanner.enterObject() }
        try scanner.skip()
        wrongTypes.append(key)
        return false
    }

    /// Of a line of `export`: the places where it was said.
    private mutating func readSightings(_ scanner: inout JSONScanner) throws(JSONError) {
        guard try scanner.enterArray() else { return wrongTypes.append("sightings") }
        while try scanner.nextElement() {
            guard try enterObject(of: "sightings", &scanner) else { continue }
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
            wrongTypes += (place.wrongTypes + place.wrongPlace).map { "sightings." + $0 }
            if let sighting = place.sighting { sightings.append(sighting) }
        }
    }

    /// What of a place is of no such kind.
    private var wrongPlace: [String] {
        var wrong: [String] = []
        if let role = texts["role"], Role(rawValue: role) == nil { wrong.append("role") }
        for key in ["said_at", "timestamp"] {
            if let time = texts[key], !time.isEmpty, WrittenTime(time) == nil { wrong.append(key) }
        }
        return wrong
    }

    /// Of a line of `export`: what links it to other memories.
    private mutating func readLinks(_ scanner: inout JSONScanner) throws(JSONError) {
        guard try scanner.enterArray() else { return wrongTypes.append("links") }
        while try scanner.nextElement() {
            guard try enterObject(of: "links", &scanner) else { continue }
            var kind: LinkKind?
            var uid: String?
            while let key = try scanner.nextKey() {
                switch key.text() {
                case "kind":
                    kind = LinkKind(rawValue: try scanner.string()?.text() ?? "")
                    if kind == nil { wrongTypes.append("links.kind") }
                case "to": uid = try scanner.string()?.text()
                default: try scanner.skip()
                }
            }
            if uid == nil { wrongTypes.append("links") }
            if let kind, let uid { links.append(ExportedLink(kind: kind, uid: StoredText.clean(uid))) }
        }
    }

    private mutating func readTerms(_ scanner: inout JSONScanner) throws(JSONError) {
        guard try scanner.enterArray() else { return wrongTypes.append("terms") }
        while try scanner.nextElement() {
            guard try enterObject(of: "terms", &scanner) else { continue }
            var name: String?
            var value: Int?
            while let key = try scanner.nextKey() {
                switch key.text() {
                case "name": name = try scanner.string()?.text()
                case "value": value = ImportFields.thousandths(scanner.bytes(in: try scanner.skip()))
                default: try scanner.skip()
                }
            }
            if name == nil || value == nil { wrongTypes.append("terms") }
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
        _ = try choice("role", Role.self)
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
        if let uid = texts["uid"], !uid.isEmpty {
            guard ImportFields.isUID(uid) else {
                throw ImportLine.Problem("`uid` is \(ImportFields.expected("uid")).")
            }
            // What passes for a secret has no place in a store; without it the memory gets a name of this one's own.
            if StoredText.clean(uid) == uid { memory.uid = uid }
        }
        memory.score = score
        memory.terms = terms
        return ImportedMemory(
            memory: memory, state: try choice("state", MemoryState.self) ?? .active,
            reason: texts["reason"].map(StoredText.clean), links: links)
    }

    private static func isUID(_ text: String) -> Bool {
        text.utf8.count <= longestUID
            && text.utf8.allSatisfy { byte in
                switch byte {
                case 0x30...0x39, 0x41...0x5A, 0x61...0x7A, UInt8(ascii: "-"), UInt8(ascii: "_"), UInt8(ascii: "."):
                    true
                default: false
                }
            }
    }

    /// Times are compared as text: one of another form would be the newest, or the oldest, for ever.
    private func time() throws(ImportLine.Problem) -> String? {
        for key in ["said_at", "timestamp"] {
            guard let text = texts[key], !text.isEmpty else { continue }
            guard WrittenTime(text) != nil else {
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
            time.isEmpty || WrittenTime(time) != nil, let role = Role(rawValue: texts["role"] ?? "")
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
