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

    @Test(
        "Two sentences read as one text",
        arguments: [
            ("The disk is full.", "Logs fill it.", "The disk is full. Logs fill it."),
            ("use tabs", "never spaces", "use tabs. never spaces"), ("It is `on`", "So be it", "It is `on`. So be it"),
            ("Cause:", "the lock", "Cause: the lock"), ("磁盘满了。", "日志太多", "磁盘满了。 日志太多"),
            ("(It is full.)", "So", "(It is full.) So"),
        ])
    func joined(_ first: String, _ second: String, _ joined: String) {
        #expect(Statement.joined(first, second) == joined)
    }
}
