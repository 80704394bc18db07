@testable import MCP

/// Enough of JSON Schema (https://json-schema.org/draft/2020-12) to hold messages against the schema of the protocol. A keyword that
/// it does not know is a problem, so that no rule is passed over.
struct JSONSchema {
    private let definitions: JSONValue
    /// Whether a property that an object's schema does not name is a problem, where the schema leaves that open.
    private let isClosed: Bool

    /// Keywords that say nothing about what is valid, or of formats, which no validator has to check.
    private static let silent = ["$comment", "$schema", "default", "description", "examples", "format", "title"]

    init?(_ bytes: [UInt8], isClosed: Bool) {
        guard let definitions = JSONValue(bytes)?["$defs"] else { return nil }
        self.definitions = definitions
        self.isClosed = isClosed
    }

    func has(_ definition: String) -> Bool { definitions[definition] != nil }

    /// What is wrong with a value, each with its place.
    func problems(_ value: JSONValue, as definition: String) -> [String] {
        guard let schema = definitions[definition] else { return ["there is no definition \(definition)"] }
        return problems(value, schema, definition)
    }

    private func problems(_ value: JSONValue, _ schema: JSONValue, _ place: String) -> [String] {
        guard case .object(let rules) = schema else { return schema == .bool(true) ? [] : ["\(place): not allowed"] }
        return rules.flatMap { name, rule in
            JSONSchema.silent.contains(name) ? [] : problems(value, name, rule, schema, place)
        }
    }

    private func problems(
        _ value: JSONValue, _ name: String, _ rule: JSONValue, _ schema: JSONValue, _ place: String
    ) -> [String] {
        switch name {
        case "$ref":
            guard let target = rule.string?.split(separator: "/").last, let schema = definitions[String(target)] else {
                return ["\(place): broken reference"]
            }
            return problems(value, schema, place)
        case "type":
            let names = list(rule) ?? [rule]
            return names.contains { isOfType(value, $0.string ?? "") } ? [] : ["\(place): is no \(names)"]
        case "const": return value == rule ? [] : ["\(place): is not \(rule)"]
        case "enum": return (list(rule) ?? []).contains(value) ? [] : ["\(place): is none of \(rule)"]
        case "anyOf":
            let all = (list(rule) ?? []).map { problems(value, $0, place) }
            return all.contains { $0.isEmpty }
                ? [] : all.min { $0.count < $1.count } ?? ["\(place): nothing is allowed"]
        case "allOf": return (list(rule) ?? []).flatMap { problems(value, $0, place) }
        case "minimum", "maximum": return isWithin(value, name, rule) ? [] : ["\(place): beyond its \(name)"]
        case "minLength":
            guard let text = value.string, case .integer(let least) = rule else { return [] }
            return text.unicodeScalars.count >= least ? [] : ["\(place): too short"]
        case "items":
            return (list(value) ?? []).enumerated().flatMap { problems($1, rule, "\(place)[\($0)]") }
        case "required":
            guard case .object = value else { return [] }
            return (list(rule) ?? []).compactMap(\.string).filter { value[$0] == nil }.map { "\(place): no \($0)" }
        case "properties":
            guard case .object(let fields) = value else { return [] }
            return fields.flatMap { key, field in
                if let known = rule[key] { return problems(field, known, "\(place).\(key)") }
                return isClosed && schema["additionalProperties"] == nil ? ["\(place): \(key) is not known"] : []
            }
        case "additionalProperties":
            guard case .object(let fields) = value, rule != .bool(true) else { return [] }
            return fields.filter { schema["properties"]?[$0.key] == nil }.flatMap {
                problems($0.value, rule, "\(place).\($0.key)")
            }
        default: return ["\(place): the keyword \(name) is not known here"]
        }
    }

    private func list(_ value: JSONValue) -> [JSONValue]? {
        if case .array(let items) = value { items } else { nil }
    }

    private func isOfType(_ value: JSONValue, _ name: String) -> Bool {
        switch (value, name) {
        case (.null, "null"), (.bool, "boolean"), (.string, "string"), (.array, "array"), (.object, "object"),
            (.integer, "integer"), (.integer, "number"), (.number, "number"):
            true
        default: false
        }
    }

    private func isWithin(_ value: JSONValue, _ name: String, _ bound: JSONValue) -> Bool {
        func number(_ value: JSONValue) -> Double? {
            switch value {
            case .integer(let number): Double(number)
            case .number(let number): number
            default: nil
            }
        }
        guard let value = number(value), let bound = number(bound) else { return true }
        return name == "minimum" ? value >= bound : value <= bound
    }
}
