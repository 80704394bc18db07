/// The syntax of the single values of a pack.
enum ValueSyntax {
    /// Pack names and rule ids: `a-z 0-9 _ . -`, beginning with a letter or digit.
    static func isIdentifier(_ text: String) -> Bool {
        guard let first = text.utf8.first, isLower(first) || isDigit(first), text.utf8.count <= 100 else {
            return false
        }
        return text.utf8.allSatisfy { isLower($0) || isDigit($0) || $0 == 0x5F || $0 == 0x2E || $0 == 0x2D }
    }

    /// `1.0.0`, with `-beta.1` or `+build` behind it.
    static func isVersion(_ text: String) -> Bool {
        guard text.utf8.count <= 64 else { return false }
        let core = text.utf8.prefix { $0 != 0x2D && $0 != 0x2B }
        let numbers = core.split(separator: 0x2E, omittingEmptySubsequences: false)
        guard numbers.count == 3, numbers.allSatisfy({ !$0.isEmpty && $0.allSatisfy(isDigit) }) else { return false }
        let rest = text.utf8.dropFirst(core.count)
        return rest.isEmpty
            || (rest.count > 1
                && rest.allSatisfy {
                    isLower($0) || isUpper($0) || isDigit($0) || $0 == 0x2E || $0 == 0x2D || $0 == 0x2B
                })
    }

    /// A language tag as in `en`, `pt-BR`.
    static func isLanguage(_ text: String) -> Bool {
        let parts = text.utf8.split(separator: 0x2D, omittingEmptySubsequences: false)
        guard (2...3).contains(parts[0].count), parts[0].allSatisfy(isLower) else { return false }
        return parts.dropFirst().allSatisfy { part in
            (1...8).contains(part.count) && part.allSatisfy { isLower($0) || isUpper($0) || isDigit($0) }
        }
    }

    /// `NUMBER`, `DATE_2`.
    static func isFragmentName(_ text: String) -> Bool {
        guard let first = text.utf8.first, isUpper(first), text.utf8.count <= 32 else { return false }
        return text.utf8.allSatisfy { isUpper($0) || isDigit($0) || $0 == 0x5F }
    }

    /// `before`, `old_value`.
    static func isFieldName(_ text: String) -> Bool {
        guard let first = text.utf8.first, isLower(first), text.utf8.count <= 32 else { return false }
        return text.utf8.allSatisfy { isLower($0) || isDigit($0) || $0 == 0x5F }
    }

    /// `A-Z a-z 0-9 _`.
    static func isWordByte(_ byte: UInt8) -> Bool { isLower(byte) || isUpper(byte) || isDigit(byte) || byte == 0x5F }

    private static func isLower(_ byte: UInt8) -> Bool { (0x61...0x7A).contains(byte) }
    private static func isUpper(_ byte: UInt8) -> Bool { (0x41...0x5A).contains(byte) }
    private static func isDigit(_ byte: UInt8) -> Bool { (0x30...0x39).contains(byte) }
}
