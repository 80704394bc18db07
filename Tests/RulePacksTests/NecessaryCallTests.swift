import Testing

@testable import RulePacks

/// The prefilter may demand whole words only where the pattern itself does.
@Suite struct NecessaryCallTests {
    @Test(
        "Every match calls the keyword",
        arguments: [
            #"(?&KEYWORD) from"#, #"(?xi) ^(?=.*?(?&KEYWORD)) .* # or (a|b"#, #"(?:a|b)(?<x>c (?&KEYWORD))"#,
            #"[|(](?&KEYWORD)"#, #"\|(?&KEYWORD)\)"#, #"(?:x(?&KEYWORD)){1,3}"#,
        ])
    func certain(_ pattern: String) {
        #expect(NecessaryCall(of: "KEYWORD", in: pattern).isCertain)
    }

    @Test(
        "A match without the keyword is possible",
        arguments: [
            "plain", "(?&KEYWORD)|other", "(?:(?&KEYWORD)|_url)", "(?&KEYWORD)?x", "(?:(?&KEYWORD))*x",
            "(?!(?&KEYWORD))x",
            "(?<!(?&KEYWORD))x", "(?(?=a)(?&KEYWORD))", #"\Q|\E(?&KEYWORD)"#, "(?:(?&KEYWORD)){0,2}",
            "(?#(?&KEYWORD))x",
            "x(?&OTHER)",
        ])
    func uncertain(_ pattern: String) {
        #expect(!NecessaryCall(of: "KEYWORD", in: pattern).isCertain)
    }
}
