import JSON
import Memories

/// One tool: what a model is told of it, and what it does.
struct Tool: Sendable {
    var name: String
    /// What the model reads; each word costs in every session.
    var summary: String
    var parameters: [Parameter]
    var isReadOnly = true
    /// Whether it wants memories by their numbers.
    var wantsNumbers: Bool {
        parameters.contains {
            switch $0.kind {
            case .integer, .integers: $0.isRequired
            case .text, .time, .flag, .choice, .texts: false
            }
        }
    }
    var run: @Sendable (Arguments, any MemoryHost) throws -> String

    /// In the order in which they are listed.
    static let all: [Tool] = [
        .search, .timeline, .get, .recent, .add, .update, .link, .explore, .why, .priorFailures, .recall, .status,
        .ingest,
        .decision, .constraint, .task,
    ]

    func write(to writer: inout JSONWriter) {
        writer.beginObject()
        writer.key("name")
        writer.string(name)
        writer.key("description")
        writer.string(summary)
        writer.key("inputSchema")
        writer.beginObject()
        writer.key("type")
        writer.string("object")
        writer.key("properties")
        writer.beginObject()
        for parameter in parameters { parameter.write(to: &writer) }
        writer.endObject()
        let required = parameters.filter(\.isRequired)
        if !required.isEmpty {
            writer.key("required")
            writer.beginArray()
            for parameter in required { writer.string(parameter.name) }
            writer.endArray()
        }
        writer.endObject()
        if isReadOnly {
            writer.key("annotations")
            writer.beginObject()
            writer.key("readOnlyHint")
            writer.bool(true)
            writer.endObject()
        }
        writer.endObject()
    }
}

/// What a tool takes. The schema that a model reads and the check of what it gave are made of the same.
struct Parameter: Sendable {
    enum Kind: Sendable {
        case text(most: Int)
        /// A date or a time, of which the end may be missing.
        case time
        case integer(ClosedRange<Int>)
        case flag
        case choice([String])
        case integers(most: Int)
        case texts(most: Int)
    }

    var name: String
    var kind: Kind
    var summary: String?
    var isRequired = false

    static func text(_ name: String, _ summary: String? = nil, most: Int = 4_000) -> Parameter {
        Parameter(name: name, kind: .text(most: most), summary: summary)
    }

    static func time(_ name: String, _ summary: String? = nil) -> Parameter {
        Parameter(name: name, kind: .time, summary: summary)
    }

    static func integer(_ name: String, _ range: ClosedRange<Int>, _ summary: String? = nil) -> Parameter {
        Parameter(name: name, kind: .integer(range), summary: summary)
    }

    static func flag(_ name: String, _ summary: String? = nil) -> Parameter {
        Parameter(name: name, kind: .flag, summary: summary)
    }

    static func choice(_ name: String, _ names: [String], _ summary: String? = nil) -> Parameter {
        Parameter(name: name, kind: .choice(names), summary: summary)
    }

    /// Number of a memory.
    static func memory(_ name: String, _ summary: String? = nil) -> Parameter {
        integer(name, 1...Int(Int32.max), summary)
    }

    static let category = choice("category", MemoryCategory.allCases.map(\.rawValue))
    static let page = integer("page", 1...10_000)

    var required: Parameter {
        var copy = self
        copy.isRequired = true
        return copy
    }

    func write(to writer: inout JSONWriter) {
        writer.key(name)
        writer.beginObject()
        func type(_ name: String) {
            writer.key("type")
            writer.string(name)
        }
        switch kind {
        case .text, .time: type("string")
        case .integer(let range):
            type("integer")
            // What everybody expects of numbers, pages and limits goes without saying.
            if range.upperBound < 100_000, name != "page", name != "limit" {
                writer.key("minimum")
                writer.int(range.lowerBound)
                writer.key("maximum")
                writer.int(range.upperBound)
            }
        case .flag: type("boolean")
        case .choice(let names):
            writer.key("enum")
            writer.beginArray()
            for name in names { writer.string(name) }
            writer.endArray()
        case .integers, .texts:
            type("array")
            writer.key("items")
            writer.beginObject()
            if case .integers = kind { type("integer") } else { type("string") }
            writer.endObject()
        }
        if let summary {
            writer.key("description")
            writer.string(summary)
        }
        writer.endObject()
    }

    /// What is wrong with a value; nil when it is right.
    func problem(_ value: JSONValue) -> String? {
        switch (kind, value) {
        case (.text(let most), .string(let text)):
            return text.utf8.count > most ? "`\(name)` takes at most \(most) bytes of text." : nil
        case (.text, _): return "`\(name)` takes a text."
        case (.time, .string(let text)) where WrittenTime(text) != nil: return nil
        case (.time, _): return "`\(name)` takes a date or a time: \(WrittenTime.forms)."
        case (.integer(let range), .integer(let number)) where range.contains(number): return nil
        case (.integer(let range), _):
            return "`\(name)` takes a whole number from \(range.lowerBound) to \(range.upperBound)."
        case (.flag, .bool): return nil
        case (.flag, _): return "`\(name)` takes true or false."
        case (.choice(let names), .string(let text)) where names.contains(text): return nil
        case (.choice(let names), _): return "`\(name)` is one of \(names.joined(separator: ", "))."
        case (.integers(let most), .array(let items)):
            let isRight = items.allSatisfy { if case .integer(let number) = $0 { number > 0 } else { false } }
            return isRight && (1...most).contains(items.count) ? nil : "`\(name)` takes 1 to \(most) numbers."
        case (.integers(let most), _): return "`\(name)` takes a list of 1 to \(most) numbers."
        case (.texts(let most), .array(let items)):
            let isRight = items.allSatisfy { $0.string.map { $0.utf8.count <= 1_000 } ?? false }
            return isRight && items.count <= most ? nil : "`\(name)` takes at most \(most) texts."
        case (.texts(let most), _): return "`\(name)` takes a list of at most \(most) texts."
        }
    }
}

/// What a model gave to a tool, checked.
struct Arguments: Sendable {
    private var values: [String: JSONValue] = [:]

    /// - Throws: `ToolError` that names each parameter that is missing, unknown or wrong.
    init(_ given: JSONValue?, for tool: Tool) throws(ToolError) {
        var problems: [String] = []
        switch given {
        case nil, .null: break
        case .object(let fields):
            for (name, value) in fields {
                guard let parameter = tool.parameters.first(where: { $0.name == name }) else {
                    let names = tool.parameters.map(\.name)
                    let meant = nearestName(to: name, in: names).map { "; did you mean `\($0)`?" } ?? "."
                    problems.append("There is no `\(name.prefix(60))`\(meant)")
                    continue
                }
                // A model that leaves something open often writes null.
                if case .null = value { continue }
                if let problem = parameter.problem(value) { problems.append(problem) } else { values[name] = value }
            }
        default: problems.append("The arguments of a tool are an object.")
        }
        for parameter in tool.parameters where parameter.isRequired && values[parameter.name] == nil {
            if !problems.contains(where: { $0.hasPrefix("`\(parameter.name)`") }) {
                problems.append("`\(parameter.name)` is missing.")
            }
        }
        if !problems.isEmpty {
            throw ToolError(
                problems.joined(separator: " "),
                remedy: tool.parameters.isEmpty
                    ? "`\(tool.name)` takes no arguments."
                    : "`\(tool.name)` takes \(tool.parameters.map { $0.name + ($0.isRequired ? "" : "?") }.joined(separator: ", "))."
            )
        }
    }

    func text(_ name: String) -> String? { values[name]?.string }

    /// As it is compared with what is stored.
    func time(_ name: String) -> String? { text(name).flatMap { WrittenTime($0)?.text } }

    func integer(_ name: String) -> Int? {
        if case .integer(let number)? = values[name] { number } else { nil }
    }

    func flag(_ name: String) -> Bool {
        if case .bool(let flag)? = values[name] { flag } else { false }
    }

    func integers(_ name: String) -> [Int] {
        guard case .array(let items)? = values[name] else { return [] }
        return items.compactMap { if case .integer(let number) = $0 { number } else { nil } }
    }

    func texts(_ name: String) -> [String] {
        guard case .array(let items)? = values[name] else { return [] }
        return items.compactMap(\.string)
    }

    var category: MemoryCategory? { text("category").flatMap(MemoryCategory.init(rawValue:)) }
}
