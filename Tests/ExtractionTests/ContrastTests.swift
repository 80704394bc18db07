import Extraction
import Testing

@Suite struct ContrastTests {
    static let twoFacts: [(String, String)] = [
        ("The api server listens on port 8080.", "The web server listens on port 8080."),
        ("The billing module owns the invoice table.", "The payroll module owns the invoice table."),
        ("Use Redis for the queue.", "Use Redis for the cache."),
        ("Always run the linter before you commit.", "Always run the tests before you commit."),
        ("The importer fails because the file is locked.", "The exporter fails because the file is locked."),
        ("Use tabs in Python files.", "Use tabs in YAML files."),
        ("Use Postgres instead of MySQL.", "Use MySQL instead of Postgres."),
        ("Never retry reads, always retry writes.", "Always retry reads, never retry writes."),
        ("Don't cache in memory, cache on disk.", "Cache in memory, don't cache on disk."),
        ("The login page crashes on an empty password.", "The signup page crashes on an empty password."),
        ("客户端超时为三十秒", "服务端超时为三十秒"),
    ]

    @Test("A word in another's place makes another fact", arguments: twoFacts)
    func contrast(_ a: String, _ b: String) {
        #expect(Contrast.stands(between: a, and: b))
        #expect(Contrast.stands(between: b, and: a))
    }

    static let oneFact: [(String, String)] = [
        ("Never push to main.", "You must never push to main."),
        (
            "The web page reads only the `hourly` view; `rollup.py` fills it after each import.",
            "The web page reads the `hourly` view, which `rollup.py` fills after each import."
        ),
        ("the issue is for the indiivdual token streaming.", "The issue is with the individual token streaming."),
        ("The importer test fails on Windows", "the importer tests fail on Windows"),
        ("The port in staging is 8080.", "In staging the port is 8080."),
        ("Run the linter before a commit", "Run the linter before each of the commits"),
        ("The cache holds 50 rows.", "The cache holds 50 rows, which is enough for the page."),
        (
            "The root cause was a missing null check in parseHeader",
            "A missing null check in parseHeader was the root cause of the crash we saw"
        ),
    ]

    @Test("More words, other endings or another order of the same do not", arguments: oneFact)
    func same(_ a: String, _ b: String) {
        #expect(!Contrast.stands(between: a, and: b))
        #expect(!Contrast.stands(between: b, and: a))
    }
}
