import Memories
import Testing

@Suite struct WrittenTimeTests {
    @Test(
        "A beginning of a time is one",
        arguments: [
            ("2026", "2026"), ("2026-03", "2026-03"), ("2026-03-31", "2026-03-31"), ("2024-02-29", "2024-02-29"),
            ("2026-03-01T10:00", "2026-03-01T10:00"), ("2026-03-01T10:00:00Z", "2026-03-01T10:00:00"),
            ("2026-03-01T10:00:00.000Z", "2026-03-01T10:00:00.000"),
        ])
    func right(_ text: String, _ expected: String) { #expect(WrittenTime(text)?.text == expected) }

    @Test(
        "What is no time is none",
        arguments: [
            "", "yesterday", "26", "2026-13", "2026-00", "2026-02-30", "2025-02-29", "2026-04-31", "2026-03-01T24:00",
            "2026-03-01T10", "2026-03-01 10:00", "2026-03-01T10:00+01:00", "2026-3-1",
        ])
    func wrong(_ text: String) { #expect(WrittenTime(text) == nil) }
}
