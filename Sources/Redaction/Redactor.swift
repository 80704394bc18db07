public struct Redactor: Sendable {}
