public import JSON

/// What a setting takes.
public enum SettingType: Sendable, Equatable {
    case bool
    case integer(ClosedRange<Int>)
    case days(ClosedRange<Int>)
    case choice([String])
    /// Patterns of directories.
    case globs
    /// Some of these.
    case names([String])
    case text

    /// The allowed form, as a clause for messages and the page.
    public var allowed: String {
        switch self {
        case .bool: "`true` or `false`"
        case .integer(let range): "a whole number from \(range.lowerBound) to \(range.upperBound)"
        case .days(let range): "a whole number of days from \(range.lowerBound) to \(range.upperBound)"
        case .choice(let names): names.map { "`\"\($0)\"`" }.joined(separator: ", ")
        case .globs: "a list of patterns in quotes, each beginning with `/`, `~/` or `**/`"
        case .names(let names): "a list of " + names.map { "`\"\($0)\"`" }.joined(separator: ", ")
        case .text: "a text in quotes"
        }
    }
}

public enum SettingValue: Sendable, Equatable {
    case bool(Bool)
    /// A number, or days.
    case integer(Int)
    /// A text, or a choice.
    case text(String)
    case list([String])

    /// As JSON.
    public var json: String {
        var writer = JSONWriter()
        write(to: &writer)
        return writer.text
    }

    public func write(to writer: inout JSONWriter) {
        switch self {
        case .bool(let value): writer.bool(value)
        case .integer(let value): writer.int(value)
        case .text(let value): writer.string(value)
        case .list(let values):
            writer.beginArray()
            for value in values { writer.string(value) }
            writer.endArray()
        }
    }
}

/// Why a value is not one that a setting takes.
enum SettingMismatch: Error, Sendable, Equatable {
    case form
    /// A pattern of a list.
    case pattern(String, PathPattern.Failure)
    /// A name of a list that is none of those it takes.
    case name(String, known: [String])
}

extension SettingType {
    /// The value of a JSON node.
    func value(of node: JSONDocument.Value, home: String?) throws(SettingMismatch) -> SettingValue {
        switch (self, node) {
        case (.bool, .bool(let value)): return .bool(value)
        case (.integer(let range), .number), (.days(let range), .number):
            guard let number = node.integer, range.contains(number) else { throw .form }
            return .integer(number)
        case (.choice(let names), .string(let text)):
            guard names.contains(text) else { throw .form }
            return .text(text)
        case (.text, .string(let text)): return .text(text)
        case (.globs, .array(let nodes)): return try checked(try texts(nodes), home: home)
        case (.names(let known), .array(let nodes)): return try checked(try texts(nodes), among: known)
        case (.bool, _), (.integer, _), (.days, _), (.choice, _), (.text, _), (.globs, _), (.names, _):
            throw .form
        }
    }

    /// The value of a text, as environment variables and options give it; patterns are parted by `:`, names by `,`.
    func value(ofText text: String, home: String?) throws(SettingMismatch) -> SettingValue {
        switch self {
        case .bool:
            switch text.lowercased() {
            case "true", "1", "yes", "on": return .bool(true)
            case "false", "0", "no", "off": return .bool(false)
            default: throw .form
            }
        case .integer(let range), .days(let range):
            guard let number = Int(text), range.contains(number) else { throw .form }
            return .integer(number)
        case .choice, .text: return try value(of: .string(text), home: home)
        case .globs: return try checked(text.split(separator: ":").map(String.init), home: home)
        case .names(let known):
            return try checked(text.split { $0 == "," || $0 == " " }.map(String.init), among: known)
        }
    }

    private func texts(_ nodes: [JSONDocument.Node]) throws(SettingMismatch) -> [String] {
        var texts: [String] = []
        for node in nodes {
            guard let text = node.value.text else { throw .form }
            texts.append(text)
        }
        return texts
    }

    private func checked(_ names: [String], among known: [String]) throws(SettingMismatch) -> SettingValue {
        var distinct: [String] = []
        for name in names where !distinct.contains(name) {
            guard known.contains(name) else { throw .name(name, known: known) }
            distinct.append(name)
        }
        return .list(distinct)
    }

    private func checked(_ patterns: [String], home: String?) throws(SettingMismatch) -> SettingValue {
        for pattern in patterns {
            do throws(PathPattern.Failure) { _ = try PathPattern(pattern, home: home) } catch {
                throw .pattern(pattern, error)
            }
        }
        return .list(patterns)
    }
}
