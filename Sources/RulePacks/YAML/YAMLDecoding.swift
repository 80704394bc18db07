import LiteralSearch
public import Memories

extension YAMLNode {
    /// What the value is.
    public var shape: RulePackError.Shape {
        switch content {
        case .scalar: .text
        case .sequence: .list
        case .mapping: .mapping
        }
    }

    /// The scalar itself, with its place in the file.
    public func scalar() throws(RulePackError) -> YAMLScalar {
        guard case .scalar(let scalar) = content else { throw wrongType(.text) }
        return scalar
    }

    /// The text; of a block, without the line breaks at its end. May be empty.
    public func text() throws(RulePackError) -> String {
        try scalar().value
    }

    /// The text, which must hold more than white space.
    public func someText() throws(RulePackError) -> String {
        let text = try text()
        guard text.utf8.contains(where: { !KeywordFolding.isSpace($0) }) else {
            throw RulePackError(.emptyValue(key: name), at: location)
        }
        return text
    }

    /// A decimal whole number.
    public func integer() throws(RulePackError) -> Int {
        guard let value = Int(try text()) else { throw wrongType(.wholeNumber) }
        return value
    }

    /// A decimal number: `-1`, `0.25`, `1e-3`. Never infinite.
    public func number() throws(RulePackError) -> Double {
        let text = try text()
        let isDecimal = text.utf8.allSatisfy { byte in
            (0x30...0x39).contains(byte) || [0x2B, 0x2D, 0x2E, 0x45, 0x65].contains(byte)
        }
        guard isDecimal, let value = Double(text), value.isFinite else { throw wrongType(.number) }
        return value
    }

    /// `true` or `false`.
    public func boolean() throws(RulePackError) -> Bool {
        switch try text() {
        case "true": return true
        case "false": return false
        default: throw wrongType(.boolean)
        }
    }

    /// The entries of a list.
    public func list() throws(RulePackError) -> [YAMLNode] {
        guard case .sequence(let items) = content else { throw emptyOrWrongType(.list) }
        return items
    }

    /// The keys and values of a mapping.
    public func mapping() throws(RulePackError) -> YAMLMapping {
        guard case .mapping(let entries) = content else { throw emptyOrWrongType(.mapping) }
        return YAMLMapping(name: name, location: location, entries: entries)
    }

    /// A key without a value behind it is no text for those who left it empty.
    private func emptyOrWrongType(_ expected: RulePackError.Shape) -> RulePackError {
        guard case .scalar(let scalar) = content, scalar.style == .plain, scalar.text.isEmpty, !name.isEmpty else {
            return wrongType(expected)
        }
        return RulePackError(.emptyValue(key: name), at: location)
    }

    private func wrongType(_ expected: RulePackError.Shape) -> RulePackError {
        RulePackError(.wrongType(key: name, expected: expected, found: shape), at: location)
    }
}

/// The keys and values of one mapping, in the order of the file.
public struct YAMLMapping: Sendable {
    /// The key that the mapping stands under; empty for the whole file.
    public let name: String
    public let location: SourceLocation
    public let entries: [YAMLEntry]

    public subscript(key: String) -> YAMLNode? {
        entries.first { $0.key == key }?.value
    }

    /// The value of a key that must be there.
    public func required(_ key: String) throws(RulePackError) -> YAMLNode {
        guard let value = self[key] else {
            throw RulePackError(.missingKey(key, parent: name), at: location)
        }
        return value
    }

    /// One error for each key that is not `known`, with the nearest name.
    public func unknownKeys(known: [String]) -> [RulePackError] {
        entries.filter { !known.contains($0.key) }.map { entry in
            RulePackError(
                .unknownKey(entry.key, parent: name, nearest: nearestName(to: entry.key, in: known)),
                at: entry.keyLocation)
        }
    }

    /// Throws for the first key that is not `known`.
    public func check(known: [String]) throws(RulePackError) {
        if let error = unknownKeys(known: known).first { throw error }
    }
}
