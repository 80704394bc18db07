import CYAML
import Memories

extension YAMLNode {
    /// How large and deep a file may be, so that none can hurt.
    public struct Limits: Sendable {
        public var bytes = 1 << 20
        public var depth = 24
        public var nodes = 100_000

        public init() {}
    }

    /// Reads one YAML document.
    ///
    /// Every scalar is taken as the text that stands there. Anchors, aliases, tags, second documents, keys that are not
    /// texts and keys that stand twice in one mapping are refused.
    ///
    /// - Parameters:
    ///   - bytes: UTF-8, with or without byte order mark. Any bytes are safe.
    ///   - file: The name used in locations; nothing is read from it.
    /// - Throws: `RulePackError` for the first problem, with its line and column.
    public init(parsing bytes: [UInt8], file: String, limits: Limits = Limits()) throws(RulePackError) {
        guard bytes.count <= limits.bytes else {
            throw RulePackError(
                .tooLarge(bytes: bytes.count, limit: limits.bytes), at: SourceLocation(file: file, line: 1, column: 1))
        }
        let reader = YAMLReader(source: try YAMLSource(bytes, file: file), limits: limits)
        self = try reader.document()
    }
}

/// libyaml's events of one text, and the nodes that they make.
private final class YAMLReader {
    private enum Event {
        case streamStart, streamEnd, documentStart, documentEnd
        case scalar(String, YAMLScalar.Style)
        case sequenceStart, sequenceEnd
        case mappingStart, mappingEnd
    }

    private let source: YAMLSource
    private let limits: YAMLNode.Limits
    private let parser: UnsafeMutablePointer<yaml_parser_t>
    private let input: UnsafeMutableBufferPointer<UInt8>
    private var nodes = 0
    /// Of the last event, in bytes.
    private var range = 0..<0

    init(source: YAMLSource, limits: YAMLNode.Limits) {
        self.source = source
        self.limits = limits
        // libyaml keeps the pointer while it reads, so the bytes get a place that does not move.
        input = UnsafeMutableBufferPointer.allocate(capacity: source.bytes.count - source.start + 1)
        _ = input.update(fromContentsOf: source.bytes[source.start...])
        parser = UnsafeMutablePointer<yaml_parser_t>.allocate(capacity: 1)
        guard yaml_parser_initialize(parser) == 1 else { fatalError("out of memory") }
        yaml_parser_set_encoding(parser, YAML_UTF8_ENCODING)
        yaml_parser_set_input_string(parser, input.baseAddress, source.bytes.count - source.start)
    }

    deinit {
        yaml_parser_delete(parser)
        parser.deallocate()
        input.deallocate()
    }

    func document() throws(RulePackError) -> YAMLNode {
        _ = try next()  // stream start
        guard case .documentStart = try next() else { throw error(.empty, at: source.start) }
        let root = try node(try next(), name: "", depth: 0)
        _ = try next()  // document end
        guard case .streamEnd = try next() else { throw error(.secondDocument, at: range.lowerBound) }
        return root
    }

    /// Depth is bounded by `limits.depth`, and with it this recursion.
    private func node(_ event: Event, name: String, depth: Int) throws(RulePackError) -> YAMLNode {
        let start = range.lowerBound
        nodes += 1
        guard nodes <= limits.nodes else { throw error(.tooManyNodes(limit: limits.nodes), at: start) }
        guard depth <= limits.depth else { throw error(.tooDeep(limit: limits.depth), at: start) }
        let content: YAMLNode.Content
        switch event {
        case .scalar(let text, let style):
            content = .scalar(YAMLScalar(text: text, style: style, range: range, source: source))
        case .sequenceStart:
            content = .sequence(try sequence(name: name, depth: depth))
        case .mappingStart:
            content = .mapping(try mapping(depth: depth))
        case .streamStart, .streamEnd, .documentStart, .documentEnd, .sequenceEnd, .mappingEnd:
            throw error(.syntax("did not find expected node content"), at: start)
        }
        return YAMLNode(name: name, content: content, location: source.location(start))
    }

    private func sequence(name: String, depth: Int) throws(RulePackError) -> [YAMLNode] {
        var items: [YAMLNode] = []
        while true {
            let event = try next()
            if case .sequenceEnd = event { return items }
            items.append(try node(event, name: name, depth: depth + 1))
        }
    }

    private func mapping(depth: Int) throws(RulePackError) -> [YAMLEntry] {
        var entries: [YAMLEntry] = []
        var seen: [String: SourceLocation] = [:]
        while true {
            let event = try next()
            if case .mappingEnd = event { return entries }
            guard case .scalar(let key, _) = event else { throw error(.complexKey, at: range.lowerBound) }
            let location = source.location(range.lowerBound)
            if let first = seen.updateValue(location, forKey: key) {
                throw RulePackError(.duplicateKey(key, firstDefinedAt: first), at: location)
            }
            let value = try node(try next(), name: key, depth: depth + 1)
            entries.append(YAMLEntry(key: key, keyLocation: location, value: value))
        }
    }

    private func next() throws(RulePackError) -> Event {
        var event = yaml_event_t()
        guard yaml_parser_parse(parser, &event) == 1 else { throw failure() }
        defer { yaml_event_delete(&event) }
        let start = source.offset(ofCharacter: event.start_mark.index)
        range = start..<max(start, source.offset(ofCharacter: event.end_mark.index))
        switch event.type {
        case YAML_STREAM_START_EVENT: return .streamStart
        case YAML_DOCUMENT_START_EVENT: return .documentStart
        case YAML_DOCUMENT_END_EVENT: return .documentEnd
        case YAML_SCALAR_EVENT:
            let scalar = event.data.scalar
            try refuse(anchor: scalar.anchor, tag: scalar.tag)
            let text = UnsafeBufferPointer(start: scalar.value, count: scalar.length)
            return .scalar(String(decoding: text, as: UTF8.self), style(scalar.style))
        case YAML_SEQUENCE_START_EVENT:
            try refuse(anchor: event.data.sequence_start.anchor, tag: event.data.sequence_start.tag)
            return .sequenceStart
        case YAML_SEQUENCE_END_EVENT: return .sequenceEnd
        case YAML_MAPPING_START_EVENT:
            try refuse(anchor: event.data.mapping_start.anchor, tag: event.data.mapping_start.tag)
            return .mappingStart
        case YAML_MAPPING_END_EVENT: return .mappingEnd
        case YAML_ALIAS_EVENT: throw error(.alias(text(event.data.alias.anchor) ?? ""), at: start)
        default: return .streamEnd
        }
    }

    private func refuse(
        anchor: UnsafeMutablePointer<yaml_char_t>?, tag: UnsafeMutablePointer<yaml_char_t>?
    ) throws(RulePackError) {
        if let anchor = text(anchor) { throw error(.anchor(anchor), at: range.lowerBound) }
        if let tag = text(tag) { throw error(.tag(tag), at: range.lowerBound) }
    }

    private func text(_ pointer: UnsafeMutablePointer<yaml_char_t>?) -> String? {
        pointer.map { String(cString: $0) }
    }

    private func style(_ style: yaml_scalar_style_t) -> YAMLScalar.Style {
        switch style {
        case YAML_SINGLE_QUOTED_SCALAR_STYLE: .singleQuoted
        case YAML_DOUBLE_QUOTED_SCALAR_STYLE: .doubleQuoted
        case YAML_LITERAL_SCALAR_STYLE: .literal
        case YAML_FOLDED_SCALAR_STYLE: .folded
        default: .plain
        }
    }

    private func failure() -> RulePackError {
        let words = parser.pointee.problem.map { String(cString: $0) } ?? "the text cannot be read"
        // What is never closed is told where it opens.
        let isOpen = [
            "found unexpected end of stream", "did not find expected ',' or ']'", "did not find expected ',' or '}'",
        ]
        .contains(words)
        let mark = isOpen ? parser.pointee.context_mark : parser.pointee.problem_mark
        let offset = source.offset(ofCharacter: mark.index)
        let isTab = offset < source.bytes.count && source.bytes[offset] == 0x09
        return error(isTab ? .tabIndentation : .syntax(words), at: offset)
    }

    private func error(_ code: RulePackError.Code, at offset: Int) -> RulePackError {
        RulePackError(code, at: source.location(offset))
    }
}
