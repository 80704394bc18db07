import Memories
import Testing

/// Compared by scalars, since `==` holds what is to be told apart here for equal.
@Suite struct ComposedTextTests {
    @Test(
        "Letters and their marks become one character where there is one",
        arguments: [
            ("cafe\u{301}", "caf\u{E9}"), ("A\u{30A}ngstro\u{308}m", "\u{C5}ngstr\u{F6}m"),
            ("Vie\u{323}\u{302}t", "Vi\u{1EC7}t"), ("Vie\u{302}\u{323}t", "Vi\u{1EC7}t"), ("\u{EA}\u{323}", "\u{1EC7}"),
            ("\u{3B1}\u{301}", "\u{3AC}"), ("\u{438}\u{306}", "\u{439}"), ("\u{627}\u{653}", "\u{622}"),
            ("\u{304B}\u{3099}", "\u{304C}"), ("\u{1112}\u{1161}\u{11AB}\u{1100}\u{1173}\u{11AF}", "\u{D55C}\u{AE00}"),
            ("\u{D558}\u{11AB}", "\u{D55C}"),
            // There is no one character for it.
            ("x\u{301}y", "x\u{301}y"), ("\u{301}", "\u{301}"), ("a\r\ne\u{301}", "a\r\n\u{E9}"),
            ("\u{1F468}\u{200D}\u{1F469} e\u{301}", "\u{1F468}\u{200D}\u{1F469} \u{E9}"),
        ])
    func composes(_ text: String, _ expected: String) {
        #expect(Array(text.composed.unicodeScalars) == Array(expected.unicodeScalars))
        #expect(Array(expected.composed.unicodeScalars) == Array(expected.unicodeScalars))
        #expect(text.composed == text)
    }

    @Test("A text without such marks is the same", arguments: ["", "plain", "caf\u{E9} \u{4F60}\u{597D} \u{2192}"])
    func keeps(_ text: String) {
        #expect(Array(text.composed.utf8) == Array(text.utf8))
    }
}
