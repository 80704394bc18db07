/// A value that a statement is given or returns.
public enum Value: Sendable, Equatable {
    case null
    case integer(Int)
    case real(Double)
    case text(String)
    case blob([UInt8])

    public static func optional(_ text: String?) -> Value { text.map { .text($0) } ?? .null }
    public static func optional(_ number: Int?) -> Value { number.map { .integer($0) } ?? .null }
}

extension Value: ExpressibleByIntegerLiteral, ExpressibleByStringLiteral, ExpressibleByNilLiteral {
    public init(integerLiteral value: Int) { self = .integer(value) }
    public init(stringLiteral value: String) { self = .text(value) }
    public init(nilLiteral: ()) { self = .null }
}
