import JSON
import Memories

/// One `config.json`: settings by their whole key, read strictly and changed in place.
public struct ConfigFile: Sendable {
    public let path: String

    static let limit = 1 << 20

    public init(path: String) {
        self.path = path
    }

    /// The user's own settings; nil without a home.
    public static func user(_ environment: Environment) -> ConfigFile? {
        environment.configFolder.map { ConfigFile(path: $0 + "/config.json") }
    }

    /// The settings of a project that has a `.ccmem`.
    public static func project(_ root: ProjectRoot) -> ConfigFile? {
        root.reason == .ownFolder ? ConfigFile(path: root.ownFolder + "/config.json") : nil
    }

    struct Entry: Sendable {
        var key: SettingKey
        var value: SettingValue
        var location: SourceLocation
    }

    // MARK: - Reading

    /// The valid entries, and everything that is wrong. A missing or empty file has neither.
    func read(home: String?) -> (entries: [Entry], problems: [SettingsProblem]) {
        do throws(FileFailure) {
            return entries(in: try Files.contents(of: path, limit: Self.limit), home: home)
        } catch {
            return error.isMissing ? ([], []) : ([], [.init(code: .unreadable(error), place: .path(path))])
        }
    }

    func entries(in bytes: [UInt8], home: String?) -> (entries: [Entry], problems: [SettingsProblem]) {
        var entries: [Entry] = []
        var problems: [SettingsProblem] = []
        let members: [JSONDocument.Member]
        do throws(SettingsProblem) {
            guard let document = try document(bytes) else { return ([], []) }
            members = document.members
        } catch {
            return ([], [error])
        }
        for member in members {
            func add(_ code: SettingsProblem.Code, at offset: Int) {
                problems.append(.init(code: code, place: .file(location(offset, bytes))))
            }
            guard let key = SettingKey(rawValue: member.key) else {
                let nearest = nearestName(to: member.key, in: SettingKey.allCases.map(\.rawValue))
                add(.unknownKey(member.key, nearest: nearest), at: member.keyRange.lowerBound)
                continue
            }
            if entries.contains(where: { $0.key == key }) {
                add(.duplicateKey(member.key), at: member.keyRange.lowerBound)
                continue
            }
            let offset = member.node.range.lowerBound
            do throws(SettingMismatch) {
                let value = try key.definition.type.value(of: member.node.value, home: home)
                entries.append(Entry(key: key, value: value, location: location(offset, bytes)))
            } catch {
                add(error.code(key), at: offset)
            }
        }
        return (entries, problems)
    }

    // MARK: - Changing

    /// Sets one key; everything else in the file stays as it is, byte by byte.
    ///
    /// - Returns: What was written, for the ledger of trust.
    @discardableResult
    public func set(_ key: SettingKey, to value: SettingValue) throws(SettingsProblem) -> [UInt8] {
        var bytes = try currentBytes()
        guard let document = try document(bytes) else {
            return try write(Array("{\n  \"\(key.rawValue)\": \(value.json)\n}\n".utf8))
        }
        if let member = document.members.first(where: { $0.key == key.rawValue }) {
            bytes.replaceSubrange(member.node.range, with: value.json.utf8)
        } else if let last = document.members.last {
            let entry = ",\(document.gap(bytes))\"\(key.rawValue)\": \(value.json)"
            bytes.insert(contentsOf: entry.utf8, at: last.node.range.upperBound)
        } else {
            bytes.replaceSubrange(document.range, with: "{\n  \"\(key.rawValue)\": \(value.json)\n}".utf8)
        }
        return try write(bytes)
    }

    /// Removes one key.
    ///
    /// - Returns: What was written; nil when the key was not set.
    @discardableResult
    public func unset(_ key: SettingKey) throws(SettingsProblem) -> [UInt8]? {
        var bytes = try currentBytes()
        guard
            let document = try document(bytes),
            let index = document.members.firstIndex(where: { $0.key == key.rawValue })
        else { return nil }
        let members = document.members
        let range =
            if index > 0 {
                members[index - 1].node.range.upperBound..<members[index].node.range.upperBound
            } else if members.count > 1 {
                members[0].keyRange.lowerBound..<members[1].keyRange.lowerBound
            } else {
                document.range.lowerBound + 1..<document.range.upperBound - 1
            }
        bytes.removeSubrange(range)
        return try write(bytes)
    }

    /// Changes a project's settings. What this user's ccmem writes stays trusted; settings that are not trusted yet are not
    /// changed, because writing them would make the other lines trusted as well.
    ///
    /// - Parameters:
    ///   - value: Nil removes the key.
    ///   - ownEdits: The setting `trust.own-edits`.
    public static func change(
        _ key: SettingKey, to value: SettingValue?, in root: ProjectRoot, _ ledger: TrustLedger, ownEdits: Bool = false
    ) throws(SettingsProblem) {
        let file = ConfigFile(path: root.ownFolder + "/config.json")
        let place = SettingsProblem.Place.path(file.path)
        if key.definition.scope == .userOnly, value != nil { throw .init(code: .userOnly(key), place: place) }
        let isThere = Files.status(of: file.path) != nil
        if isThere, !ledger.isTrusted("config.json", ownEdits: ownEdits) { throw .init(code: .untrusted, place: place) }
        let written = if let value { try file.set(key, to: value) } else { try file.unset(key) }
        guard let written else { return }
        do throws(FileFailure) { try ledger.recordOwnWrite("config.json", written) } catch {
            throw .init(code: .unreadable(error), place: place)
        }
    }

    // MARK: -

    private struct Document {
        var members: [JSONDocument.Member]
        var range: Range<Int>

        /// What stands between the brace and the first key: how this file sets its entries apart.
        func gap(_ bytes: [UInt8]) -> String {
            guard let first = members.first else { return "\n  " }
            let gap = String(decoding: bytes[range.lowerBound + 1..<first.keyRange.lowerBound], as: UTF8.self)
            return gap.isEmpty ? " " : gap
        }
    }

    /// Nil when there is nothing but white space.
    private func document(_ bytes: [UInt8]) throws(SettingsProblem) -> Document? {
        let text = bytes.starts(with: [0xEF, 0xBB, 0xBF]) ? bytes.dropFirst(3) : bytes[...]
        if text.allSatisfy({ [0x20, 0x09, 0x0A, 0x0D].contains($0) }) { return nil }
        let document: JSONDocument
        do throws(JSONDocument.Failure) { document = try JSONDocument(parsing: bytes) } catch {
            throw .init(code: .notJSON(error.words), place: .file(location(error.offset, bytes)))
        }
        guard case .object(let members) = document.root.value else {
            throw .init(code: .notAnObject, place: .file(location(document.root.range.lowerBound, bytes)))
        }
        return Document(members: members, range: document.root.range)
    }

    private func currentBytes() throws(SettingsProblem) -> [UInt8] {
        do throws(FileFailure) { return try Files.contents(of: path, limit: Self.limit) } catch {
            if error.isMissing { return [] }
            throw .init(code: .unreadable(error), place: .path(path))
        }
    }

    private func write(_ bytes: [UInt8]) throws(SettingsProblem) -> [UInt8] {
        do throws(FileFailure) {
            if let folder = PathText.parent(of: path) { try Files.makeFolder(folder) }
            // People keep their settings elsewhere and link to them.
            try Files.write(bytes, to: Files.realPath(path) ?? path)
            return bytes
        } catch {
            throw .init(code: .unreadable(error), place: .path(path))
        }
    }

    private func location(_ offset: Int, _ bytes: [UInt8]) -> SourceLocation {
        let place = JSONDocument.place(of: offset, in: bytes)
        return SourceLocation(file: path, line: place.line, column: place.column)
    }
}

extension SettingMismatch {
    func code(_ key: SettingKey) -> SettingsProblem.Code {
        switch self {
        case .form: .wrongValue(key)
        case .pattern(let pattern, let failure): .wrongPattern(key, pattern: pattern, reason: failure.reason)
        case .name(let name, let known): .unknownName(key, name: name, known: known)
        }
    }
}
