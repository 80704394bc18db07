/// JSON text read to the letter of RFC 8259, with the place of every value: for files that people write, where a mistake
/// must be told and not guessed away.
public struct JSONDocument: Sendable {
    public struct Node: Sendable {
        public var value: Value
        /// Bytes of the document.
        public var range: Range<Int>
    }

    public struct Member: Sendable {
        public var key: String
        /// With its quotes.
        public var keyRange: Range<Int>
        public var node: Node
    }

    public indirect enum Value: Sendable {
        case object([Member])
        case array([Node])
        case string(String)
        /// As it is written.
        case number(String)
        case bool(Bool)
        case null
    }

    /// What is wrong, and at which byte.
    public struct Failure: Error, Sendable, Equatable {
        public enum Code: Sendable, Equatable {
            case endsEarly, unexpected(UInt8), comment, trailingComma, missingComma, badNumber, badString, tooDeep,
                notUTF8
            case textBehindTheEnd
        }

        public var code: Code
        public var offset: Int

        /// A clause, without the place.
        public var words: String {
            switch code {
            case .endsEarly: "the file ends in the middle of a value"
            case .unexpected(let byte):
                byte > 0x20 && byte < 0x7F
                    ? "`\(Character(UnicodeScalar(byte)))` cannot stand here" : "a character that cannot stand here"
            case .comment: "JSON has no comments; remove this one"
            case .trailingComma: "no comma may follow the last entry; remove it"
            case .missingComma: "a comma is missing before this entry"
            case .badNumber: "this is not a number as JSON writes it"
            case .badString: "this string holds a control character or an escape that JSON does not know"
            case .tooDeep: "values are nested too deep"
            case .notUTF8: "the file is not UTF-8"
            case .textBehindTheEnd: "nothing may follow the closing brace"
            }
        }
    }

    public private(set) var root = Node(value: .null, range: 0..<0)
    public let bytes: [UInt8]
    private var at = 0

    /// A byte order mark at the beginning is passed over.
    public init(parsing bytes: [UInt8]) throws(Failure) {
        self.bytes = bytes
        if bytes.starts(with: [0xEF, 0xBB, 0xBF]) { at = 3 }
        guard String(validating: bytes, as: UTF8.self) != nil else { throw Failure(code: .notUTF8, offset: at) }
        root = try value(depth: 0)
        if try next() != nil { throw Failure(code: .textBehindTheEnd, offset: at) }
    }

    /// Line and column, both from 1, the column in bytes.
    public static func place(of offset: Int, in bytes: [UInt8]) -> (line: Int, column: Int) {
        let before = bytes.prefix(offset)
        let start = before.lastIndex(of: 0x0A).map { $0 + 1 } ?? (bytes.starts(with: [0xEF, 0xBB, 0xBF]) ? 3 : 0)
        return (before.reduce(into: 1) { if $1 == 0x0A { $0 += 1 } }, max(0, offset - start) + 1)
    }

    // MARK: -

    /// The next byte that is not white space, not consumed; nil at the end.
    private mutating func next() throws(Failure) -> UInt8? {
        while at < bytes.count, [0x20, 0x09, 0x0A, 0x0D].contains(bytes[at]) { at += 1 }
        guard at < bytes.count else { return nil }
        if bytes[at] == UInt8(ascii: "/") || bytes[at] == UInt8(ascii: "#") { throw fail(.comment) }
        return bytes[at]
    }

    private func fail(_ code: Failure.Code) -> Failure { Failure(code: code, offset: at) }

    private mutating func some() throws(Failure) -> UInt8 {
        guard let byte = try next() else { throw fail(.endsEarly) }
        return byte
    }

    private mutating func value(depth: Int) throws(Failure) -> Node {
        guard depth < 64 else { throw fail(.tooDeep) }
        let first = try some()
        let start = at
        let value: Value
        switch first {
        case UInt8(ascii: "{"): value = .object(try members(depth))
        case UInt8(ascii: "["): value = .array(try elements(depth))
        case UInt8(ascii: "\""): value = .string(try string())
        case UInt8(ascii: "-"), UInt8(ascii: "0")...UInt8(ascii: "9"): value = .number(try number())
        case UInt8(ascii: "t"): value = try word("true", .bool(true))
        case UInt8(ascii: "f"): value = try word("false", .bool(false))
        case UInt8(ascii: "n"): value = try word("null", .null)
        default: throw fail(.unexpected(first))
        }
        return Node(value: value, range: start..<at)
    }

    private mutating func members(_ depth: Int) throws(Failure) -> [Member] {
        var members: [Member] = []
        at += 1
        while try continues(to: UInt8(ascii: "}"), isFirst: members.isEmpty) {
            let start = at
            guard bytes[at] == UInt8(ascii: "\"") else { throw fail(.unexpected(bytes[at])) }
            let key = try string()
            let range = start..<at
            guard try some() == UInt8(ascii: ":") else { throw fail(.unexpected(bytes[at])) }
            at += 1
            members.append(Member(key: key, keyRange: range, node: try value(depth: depth + 1)))
        }
        return members
    }

    private mutating func elements(_ depth: Int) throws(Failure) -> [Node] {
        var nodes: [Node] = []
        at += 1
        while try continues(to: UInt8(ascii: "]"), isFirst: nodes.isEmpty) { nodes.append(try value(depth: depth + 1)) }
        return nodes
    }

    /// Passes over a comma or over the closing bracket.
    ///
    /// - Returns: Whether another entry follows.
    private mutating func continues(to closing: UInt8, isFirst: Bool) throws(Failure) -> Bool {
        let byte = try some()
        if byte == closing {
            at += 1
            return false
        }
        if isFirst { return true }
        guard byte == UInt8(ascii: ",") else {
            throw fail(byte == UInt8(ascii: "\"") ? .missingComma : .unexpected(byte))
        }
        let comma = at
        at += 1
        if try some() == closing { throw Failure(code: .trailingComma, offset: comma) }
        return true
    }

    private mutating func string() throws(Failure) -> String {
        let start = at + 1
        at = start
        while true {
            guard at < bytes.count else { throw fail(.endsEarly) }
            switch bytes[at] {
            case UInt8(ascii: "\""):
                at += 1
                return bytes.withUnsafeBufferPointer {
                    JSONString(raw: UnsafeBufferPointer(rebasing: $0[start..<at - 1])).text()
                }
            case UInt8(ascii: "\\"):
                guard at + 1 < bytes.count else { throw fail(.endsEarly) }
                let hex = bytes[at + 1] == UInt8(ascii: "u")
                let digits = bytes[min(at + 2, bytes.count)...].prefix(4)
                let isKnown =
                    hex
                    ? digits.count == 4 && digits.allSatisfy { UnicodeScalar($0).properties.isASCIIHexDigit }
                    : "\"\\/bfnrt".utf8.contains(bytes[at + 1])
                guard isKnown else { throw fail(.badString) }
                at += hex ? 6 : 2
            case 0..<0x20: throw fail(.badString)
            default: at += 1
            }
        }
    }

    private mutating func number() throws(Failure) -> String {
        let start = at
        while at < bytes.count, "+-.eE0123456789".utf8.contains(bytes[at]) { at += 1 }
        let text = String(decoding: bytes[start..<at], as: UTF8.self)
        guard Self.isNumber(text) else { throw Failure(code: .badNumber, offset: start) }
        return text
    }

    private static func isNumber(_ text: String) -> Bool {
        var rest = text.utf8[...]
        func passDigits() -> Int {
            let digits = rest.prefix { $0 >= 48 && $0 <= 57 }.count
            rest = rest.dropFirst(digits)
            return digits
        }
        if rest.first == UInt8(ascii: "-") { rest = rest.dropFirst() }
        let startsWithZero = rest.first == UInt8(ascii: "0")
        let whole = passDigits()
        guard whole == 1 || whole > 1 && !startsWithZero else { return false }
        if rest.first == UInt8(ascii: ".") {
            rest = rest.dropFirst()
            guard passDigits() > 0 else { return false }
        }
        if rest.first.map({ $0 | 0x20 }) == UInt8(ascii: "e") {
            rest = rest.dropFirst()
            if rest.first == UInt8(ascii: "+") || rest.first == UInt8(ascii: "-") { rest = rest.dropFirst() }
            guard passDigits() > 0 else { return false }
        }
        return rest.isEmpty
    }

    private mutating func word(_ word: String, _ value: Value) throws(Failure) -> Value {
        guard bytes[at...].starts(with: word.utf8) else { throw fail(.unexpected(bytes[at])) }
        at += word.utf8.count
        return value
    }
}

extension JSONDocument.Value {
    /// The value of a key; nil without it, and for what is no object.
    public subscript(key: String) -> JSONDocument.Value? { member(key)?.value }

    /// The value of a key with its place.
    public func member(_ key: String) -> JSONDocument.Node? {
        guard case .object(let members) = self else { return nil }
        return members.first { $0.key == key }?.node
    }

    /// The elements of an array; none for what is no array.
    public var elements: [JSONDocument.Value] { if case .array(let nodes) = self { nodes.map(\.value) } else { [] } }

    public var text: String? { if case .string(let text) = self { text } else { nil } }
    public var isTrue: Bool { if case .bool(true) = self { true } else { false } }
    public var isObject: Bool { if case .object = self { true } else { false } }

    /// Whole numbers only.
    public var integer: Int? { if case .number(let text) = self { Int(text) } else { nil } }
}
