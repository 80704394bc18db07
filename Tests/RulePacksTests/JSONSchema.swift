import Foundation
import RulePacks

/// As much of JSON Schema (draft 7) as the schema of packs uses; any other word is told, so that nothing passes unread.
struct JSONSchema {
    let root: [String: Any]

    static let words: Set<String> = [
        "$schema", "title", "description", "default", "type", "additionalProperties", "required", "properties",
        "definitions",
        "items", "pattern", "minLength", "maxLength", "minimum", "maximum", "minItems", "enum", "const", "not", "oneOf",
        "anyOf",
        "allOf", "if", "then", "else", "propertyNames", "$ref", "minProperties", "uniqueItems", "examples",
        "dependencies",
    ]

    /// Words of the schema that this reader does not know.
    var unknownWords: Set<String> {
        var unknown: Set<String> = []
        func visit(_ value: Any, isSchema: Bool) {
            if let list = value as? [Any] {
                for item in list { visit(item, isSchema: isSchema) }
                return
            }
            guard let object = value as? [String: Any] else { return }
            for (key, inner) in object {
                if isSchema, !Self.words.contains(key) { unknown.insert(key) }
                let namesFollow = isSchema && ["properties", "definitions", "dependencies"].contains(key)
                let isValue = isSchema && ["enum", "const", "default", "required", "examples", "type"].contains(key)
                if !isValue { visit(inner, isSchema: !namesFollow) }
            }
        }
        visit(root, isSchema: true)
        return unknown
    }

    /// What is wrong with a value; empty when it is valid.
    func problems(_ value: Any) -> [String] { problems(value, root, "") }

    private func problems(_ value: Any, _ schema: Any, _ path: String) -> [String] {
        if let isAllowed = schema as? Bool, !(schema is [String: Any]) {
            return isAllowed ? [] : ["\(path): not allowed"]
        }
        guard let schema = schema as? [String: Any] else { return [] }
        if let reference = schema["$ref"] as? String {
            let name = reference.split(separator: "/").last.map(String.init) ?? ""
            return problems(value, (root["definitions"] as? [String: Any])?[name] ?? true, path)
        }
        var found: [String] = []
        func isValid(_ inner: Any) -> Bool { problems(value, inner, path).isEmpty }
        if let type = schema["type"] {
            let types = type as? [String] ?? [type as? String ?? ""]
            if !types.contains(where: { Self.isOf($0, value) }) { return ["\(path): is no \(types)"] }
        }
        if let allowed = schema["enum"] as? [Any], !allowed.contains(where: { Self.same($0, value) }) {
            found.append("\(path): is none of \(allowed)")
        }
        if let constant = schema["const"], !Self.same(constant, value) { found.append("\(path): is not \(constant)") }
        if let inner = schema["not"], isValid(inner) { found.append("\(path): is what it must not be") }
        if let list = schema["oneOf"] as? [Any], list.count(where: isValid) != 1 { found.append("\(path): oneOf") }
        if let list = schema["anyOf"] as? [Any], !list.contains(where: isValid) { found.append("\(path): anyOf") }
        for inner in schema["allOf"] as? [Any] ?? [] { found += problems(value, inner, path) }
        if let condition = schema["if"] {
            if let inner = schema[isValid(condition) ? "then" : "else"] { found += problems(value, inner, path) }
        }
        if let text = value as? String { found += problems(text: text, schema, path) }
        if let number = value as? Double {
            if let least = schema["minimum"] as? Double, number < least { found.append("\(path): too small") }
            if let most = schema["maximum"] as? Double, number > most { found.append("\(path): too large") }
        }
        if let list = value as? [Any] {
            if let least = schema["minItems"] as? Int, list.count < least { found.append("\(path): too few") }
            if let inner = schema["items"] {
                for (index, item) in list.enumerated() { found += problems(item, inner, "\(path)/\(index)") }
            }
        }
        if let object = value as? [String: Any] { found += problems(object: object, schema, path) }
        return found
    }

    private func problems(text: String, _ schema: [String: Any], _ path: String) -> [String] {
        var found: [String] = []
        if let least = schema["minLength"] as? Int, text.count < least { found.append("\(path): too short") }
        if let most = schema["maxLength"] as? Int, text.count > most { found.append("\(path): too long") }
        if let pattern = schema["pattern"] as? String, text.range(of: pattern, options: .regularExpression) == nil {
            found.append("\(path): does not match \(pattern)")
        }
        return found
    }

    private func problems(object: [String: Any], _ schema: [String: Any], _ path: String) -> [String] {
        var found: [String] = []
        let properties = schema["properties"] as? [String: Any] ?? [:]
        for key in schema["required"] as? [String] ?? [] where object[key] == nil { found.append("\(path): no \(key)") }
        if let least = schema["minProperties"] as? Int, object.count < least { found.append("\(path): too few keys") }
        for (key, value) in object.sorted(by: { $0.key < $1.key }) {
            if let inner = schema["propertyNames"] { found += problems(key, inner, "\(path)/\(key)") }
            if let inner = properties[key] {
                found += problems(value, inner, "\(path)/\(key)")
            } else if let inner = schema["additionalProperties"] {
                found += problems(value, inner, "\(path)/\(key)")
            }
        }
        for (key, inner) in schema["dependencies"] as? [String: Any] ?? [:] where object[key] != nil {
            if let others = inner as? [String] {
                found += others.filter { object[$0] == nil }.map { "\(path): no \($0)" }
            } else {
                found += problems(object, inner, path)
            }
        }
        return found
    }

    private static func isOf(_ type: String, _ value: Any) -> Bool {
        switch type {
        case "object": value is [String: Any]
        case "array": value is [Any]
        case "string": value is String
        case "boolean": value is Bool
        case "number": value is Double && !(value is Bool)
        case "integer": !(value is Bool) && (value as? Double).map { $0 == $0.rounded() } ?? false
        case "null": value is NSNull
        default: false
        }
    }

    private static func same(_ a: Any, _ b: Any) -> Bool {
        if let a = a as? String { return a == b as? String }
        if let a = a as? Bool, let b = b as? Bool { return a == b }
        if let a = a as? Double, let b = b as? Double { return a == b }
        return false
    }
}

/// A JSON value of Foundation as plain Swift values: numbers are doubles, so that a boolean is none.
func plain(_ value: Any) -> Any {
    if let object = value as? [String: Any] { return object.mapValues(plain) }
    if let list = value as? [Any] { return list.map(plain) }
    return value
}

extension YAMLNode {
    /// As an editor reads it: the core schema of YAML 1.2.
    var asEditorsReadIt: Any {
        switch content {
        case .sequence(let items): return items.map(\.asEditorsReadIt)
        case .mapping(let entries):
            return Dictionary(entries.map { ($0.key, $0.value.asEditorsReadIt) }, uniquingKeysWith: { $1 })
        case .scalar(let scalar):
            guard scalar.style == .plain else { return scalar.text }
            switch scalar.text {
            case "true", "True", "TRUE": return true
            case "false", "False", "FALSE": return false
            case "null", "Null", "NULL", "~", "": return NSNull()
            default: break
            }
            let isNumber =
                scalar.text.range(of: #"^[-+]?(\.\d+|\d+(\.\d*)?)([eE][-+]?\d+)?$"#, options: .regularExpression) != nil
            return isNumber ? Double(scalar.text) ?? scalar.text as Any : scalar.text
        }
    }
}
