/// Where a template goes wrong.
public struct TemplateError: Error, Sendable, Equatable {
    public var problem: RulePackError.TemplateProblem
    /// In UTF-8 bytes of the template.
    public var offset: Int

    public init(problem: RulePackError.TemplateProblem, offset: Int) {
        self.problem = problem
        self.offset = offset
    }
}

extension Template {
    /// Reads the text of a template.
    ///
    /// `{name}` is a field, `[…]` vanishes when a field in it is absent (it must hold one), and may hold another `[…]`.
    /// `{{`, `}}`, `[[` and `]]` stand for the single character, everywhere: two closing brackets that are to end two
    /// openings need something between them.
    ///
    /// - Throws: `TemplateError` for the first problem, with its place.
    public init(parsing text: String) throws(TemplateError) {
        var parser = TemplateParser(text)
        self.init(parts: try parser.template())
    }

    /// Every field that the template names, in order, repeated as there.
    public var fieldNames: [String] { Template.fieldNames(parts) }

    private static func fieldNames(_ parts: [Part]) -> [String] {
        parts.flatMap { part -> [String] in
            switch part {
            case .literal: []
            case .field(let name): [name]
            case .optional(let inner): fieldNames(inner)
            }
        }
    }
}

struct TemplateParser {
    /// The fields that were read, with the offset of their name.
    private(set) var fields: [(name: String, offset: Int)] = []

    private let bytes: [UInt8]
    private var place = 0

    init(_ text: String) {
        bytes = Array(text.utf8)
    }

    mutating func template() throws(TemplateError) -> [Template.Part] {
        // One list of parts for each bracket that is open, with its offset; no recursion, so that no text is too deep.
        var stack: [(parts: [Template.Part], offset: Int)] = [([], 0)]
        var literal: [UInt8] = []
        while place < bytes.count {
            let byte = bytes[place]
            guard byte == 0x7B || byte == 0x7D || byte == 0x5B || byte == 0x5D else {
                literal.append(byte)
                place += 1
                continue
            }
            if place + 1 < bytes.count, bytes[place + 1] == byte {
                literal.append(byte)
                place += 2
                continue
            }
            if !literal.isEmpty {
                stack[stack.count - 1].parts.append(.literal(String(decoding: literal, as: UTF8.self)))
                literal = []
            }
            switch byte {
            case 0x7B: stack[stack.count - 1].parts.append(.field(try field()))
            case 0x7D: throw TemplateError(problem: .strayBrace, offset: place)
            case 0x5B:
                guard stack.count <= 16 else { throw TemplateError(problem: .unclosedBracket, offset: place) }
                stack.append(([], place))
                place += 1
            default:
                guard stack.count > 1, let inner = stack.popLast() else {
                    throw TemplateError(problem: .strayBracket, offset: place)
                }
                let isOptional = inner.parts.contains { if case .field = $0 { true } else { false } }
                guard isOptional else { throw TemplateError(problem: .nothingOptional, offset: inner.offset) }
                stack[stack.count - 1].parts.append(.optional(inner.parts))
                place += 1
            }
        }
        guard stack.count == 1 else {
            throw TemplateError(problem: .unclosedBracket, offset: stack[stack.count - 1].offset)
        }
        if !literal.isEmpty { stack[0].parts.append(.literal(String(decoding: literal, as: UTF8.self))) }
        return stack[0].parts
    }

    private mutating func field() throws(TemplateError) -> String {
        let start = place + 1
        guard let end = bytes[start...].firstIndex(where: { [0x7B, 0x7D, 0x5B, 0x5D].contains($0) }), bytes[end] == 0x7D
        else { throw TemplateError(problem: .unclosedBrace, offset: place) }
        guard end > start else { throw TemplateError(problem: .emptyField, offset: place) }
        let name = String(decoding: bytes[start..<end], as: UTF8.self)
        fields.append((name, start))
        place = end + 1
        return name
    }
}
