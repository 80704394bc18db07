import JSON
import LanguageModels

/// Whether what a model filled in is the form that it was given: an object with all that must be there, each of its type. What
/// the values say is for others to check.
enum FormCheck {
    /// - Returns: What is wrong, as a clause; nil when nothing is.
    static func problem(in value: JSONDocument.Value, _ form: AnswerForm) -> String? {
        guard value.isObject else { return "it is no object" }
        guard let schema = (try? JSONDocument(parsing: Array(form.schema.utf8)))?.root.value else {
            return "the form itself is no JSON"
        }
        for name in schema["required"]?.elements.compactMap(\.text) ?? [] where value[name] == nil {
            return "it lacks `\(name)`"
        }
        guard case .object(let properties)? = schema["properties"] else { return nil }
        for property in properties {
            guard let filled = value[property.key], let type = property.node.value["type"]?.text else { continue }
            if !isOf(type, filled) { return "`\(property.key)` is no \(type)" }
        }
        return nil
    }

    private static func isOf(_ type: String, _ value: JSONDocument.Value) -> Bool {
        switch (type, value) {
        case ("object", .object), ("array", .array), ("string", .string), ("boolean", .bool), ("null", .null): true
        case ("number", .number): true
        case ("integer", .number): value.integer != nil
        case ("object", _), ("array", _), ("string", _), ("boolean", _), ("null", _), ("number", _), ("integer", _):
            false
        default: true
        }
    }

    /// The object in a text that a model wrote instead of filling in a form: whole, or within a fence or some words.
    static func object(in text: String) -> (text: String, value: JSONDocument.Value)? {
        let bytes = Array(text.utf8)
        if let document = try? JSONDocument(parsing: bytes), document.root.value.isObject {
            return (text, document.root.value)
        }
        guard let start = bytes.firstIndex(of: UInt8(ascii: "{")), let end = bytes.lastIndex(of: UInt8(ascii: "}")),
            start < end, let document = try? JSONDocument(parsing: Array(bytes[start...end])),
            document.root.value.isObject
        else { return nil }
        return (String(decoding: bytes[start...end], as: UTF8.self), document.root.value)
    }
}

extension FormCheck {
    /// The answer in a text that should be the form.
    static func answer(
        in text: String, _ form: AnswerForm, _ usage: ModelUsage
    ) throws(ModelFailure) -> ModelAnswer {
        guard let found = object(in: text) else { throw .unusable("it holds no JSON object", usage) }
        if let problem = problem(in: found.value, form) { throw .unusable(problem, usage) }
        return ModelAnswer(form: found.text, usage: usage)
    }

    /// What a model is told that has no tools to fill in.
    static func instructions(_ request: ModelRequest) -> String {
        request.instructions + "\n\nAnswer with one JSON object and nothing else, by this JSON schema ("
            + request.form.description + "):\n" + request.form.schema
    }
}

extension JSONDocument.Value {
    /// A number of tokens: 0 for what is none.
    func tokens(_ key: String) -> Int { max(0, self[key]?.integer ?? 0) }
}
