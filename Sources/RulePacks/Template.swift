/// A statement or key template: `'{metric}: {before} → {after}[ ({unit})]'`.
///
/// `{name}` is a field, `[…]` vanishes when a field in it is absent, `{{`, `}}`, `[[` and `]]` stand for themselves.
public struct Template: Sendable, Equatable {
    public indirect enum Part: Sendable, Equatable {
        case literal(String)
        case field(String)
        case optional([Part])
    }

    public var parts: [Part]

    public init(parts: [Part]) {
        self.parts = parts
    }

    /// Fills the template. Nil when a field outside brackets is absent or empty.
    public func render(_ value: (String) -> String?) -> String? {
        Template.render(parts, value)
    }

    private static func render(_ parts: [Part], _ value: (String) -> String?) -> String? {
        var out = ""
        for part in parts {
            switch part {
            case .literal(let text): out += text
            case .field(let name):
                guard let text = value(name), !text.isEmpty else { return nil }
                out += text
            case .optional(let inner): out += render(inner, value) ?? ""
            }
        }
        return out
    }
}
