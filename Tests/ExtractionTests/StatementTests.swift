import Testing

@testable import Extraction

@Suite struct StatementTests {
    @Test(
        "A statement is readable on its own",
        arguments: [
            ("**Cause**: a  lock", "Cause: a lock"), ("✅ Tests pass", "Tests pass"), ("❌️ Tests fail", "Tests fail"),
            ("use `a ** b` here", "use `a ** b` here"), ("  spaced\n\tout  ", "spaced out"), ("✅", "✅"), ("", ""),
            ("größe → 2", "größe → 2"),
        ])
    func clean(_ text: String, _ cleaned: String) {
        #expect(Statement.clean(text) == cleaned)
    }

    @Test(
        "Keys are folded",
        arguments: [
            ("The `PORT`.", "the port"), ("\"Web\" port: ", "web port"), ("MAX_SIZE", "max_size"), ("Größe", "größe"),
            ("...", ""),
        ])
    func folded(_ text: String, _ key: String) {
        #expect(Statement.folded(text) == key)
    }
}
