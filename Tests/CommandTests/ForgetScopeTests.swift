import TestSupport
import Testing

/// What `forget` takes, and what it asks for.
@Suite struct ForgetScopeTests {
    let workspace: Workspace
    init() throws { workspace = try Workspace() }

    @Test("A pattern that matches nothing at all erases nothing", arguments: ["", "x*", "\\K", "(?i)"])
    func emptyPattern(_ pattern: String) throws {
        try workspace.run("add", "note", "The gateway answers")
        let result = try workspace.run("forget", "--match", pattern)
        #expect(result.status == 2)
        #expect(result.errors.contains("matches any text"))
        #expect(try workspace.run("list", "--json").memories.count == 1)
    }

    @Test func aDryRunShowsAndForgetsNothing() throws {
        try workspace.write(Workspace.transcript(IngestTests.talk), to: "session.jsonl")
        try workspace.run("ingest", "session.jsonl")
        let before = try workspace.run("list", "--json").output
        let shown = try workspace.run("forget", "--match", "PostgreSQL", "--dry-run")
        #expect(shown.status == 0)
        #expect(shown.output.contains("Would forget 1 memory"))
        #expect(shown.output.contains("PostgreSQL"))
        #expect(try workspace.run("forget", "--match", "PostgreSQL", "--dry-run", "--json").json["turns"] as? Int == 1)
        #expect(try workspace.run("list", "--json").output == before)
        #expect(try workspace.run("forget", "--match", "Zeppelin", "--dry-run").status == 1)
        #expect(try workspace.run("search", "PostgreSQL", "--scope", "all").status == 0)
    }

    @Test func aReasonThatSaysItGoesToo() throws {
        try workspace.run("add", "note", "The second draft")
        try workspace.run("archive", "1", "--reason", "zeppelin is done")
        let result = try workspace.run("forget", "--match", "(?i)zeppelin")
        #expect(result.status == 0)
        #expect(result.output.contains("other trace"))
        #expect(try !workspace.run("list", "--all", "--json").output.contains("zeppelin"))
        #expect(try !workspace.shell(".dump").output.lowercased().contains("zeppelin"))
    }

    @Test func aReasonThatNobodyHadCountedLeavesTheCountsRight() throws {
        try workspace.write(Workspace.transcript(IngestTests.talk), to: "session.jsonl")
        try workspace.run("ingest", "session.jsonl")
        try workspace.run("archive", "1", "--reason", "zorblat over")
        #expect(try workspace.run("forget", "--match", "zorblat").status == 0)
        let audit = try workspace.run("audit")
        #expect(audit.status == 0, "\(audit.output)")
    }

    @Test("A pattern finds letters in either form", arguments: ["caf\u{E9}", "cafe\u{301}", "(?i)CAFE\u{301} is"])
    func eitherForm(_ pattern: String) throws {
        let talk = [
            ("user", "NEVER tell anybody that the caf\u{E9} is called Zyxwvut, please."),
            ("assistant", "Understood: the cafe\u{301} is called Zyxwvut, and nobody will be told."),
        ]
        try workspace.write(Workspace.transcript(talk), to: "session.jsonl")
        try workspace.run("ingest", "session.jsonl")
        #expect(try workspace.shell(".dump").output.contains("Zyxwvut"))
        #expect(try workspace.run("forget", "--match", pattern).status == 0)
        #expect(try !workspace.shell(".dump").output.contains("Zyxwvut"))
        try workspace.run("ingest", "session.jsonl")
        #expect(try !workspace.shell(".dump").output.contains("Zyxwvut"))
    }

    @Test("A forgotten conversation does not come back from a copy in the other form", arguments: [false, true])
    func copyInTheOtherForm(_ isDecomposedFirst: Bool) throws {
        func transcript(_ letter: String) -> String {
            Workspace.transcript([
                ("user", "NEVER tell anybody that the caf\(letter) is called Zyxwvut, please."),
                ("assistant", "Understood: the caf\(letter) is called Zyxwvut, and nobody will be told."),
            ])
        }
        let forms = isDecomposedFirst ? ["e\u{301}", "\u{E9}"] : ["\u{E9}", "e\u{301}"]
        try workspace.write(transcript(forms[0]), to: "session.jsonl")
        try workspace.run("ingest", "session.jsonl")
        #expect(try workspace.run("forget", "--match", "Zyxwvut").status == 0)
        try workspace.write(transcript(forms[1]), to: "copy.jsonl")
        try workspace.run("ingest", "copy.jsonl")
        #expect(try !workspace.shell(".dump").output.contains("Zyxwvut"))
    }

    @Test(
        "Case is folded outside of ASCII too, one letter for one",
        arguments: [
            ("(?i)grosse stra\u{1E9E}e", "Die Grosse Stra\u{DF}e ist gesperrt"),
            ("(?i)\u{3BF}\u{3B4}\u{3CC}\u{3C2}", "\u{397} \u{39F}\u{394}\u{38C}\u{3A3} is closed"),
            ("(?i)\u{39F}\u{394}\u{38C}\u{3A3}", "\u{397} \u{3BF}\u{3B4}\u{3CC}\u{3C2} is closed"),
            ("(?i)\u{C9}T\u{C9}", "En \u{E9}t\u{E9} on ferme"),
            ("(?i)\u{43F}\u{43E}\u{440}\u{442}", "\u{41F}\u{41E}\u{420}\u{422} 8080"),
        ])
    func foldsCase(_ pattern: String, _ text: String) throws {
        try workspace.run("add", "note", text)
        #expect(try workspace.run("forget", "--match", pattern).status == 0)
        #expect(try workspace.run("list").status == 1)
    }

    @Test func aSessionIsNamedByItsBeginning() throws {
        try workspace.write(Workspace.transcript(session: "aaaa-1111", IngestTests.talk), to: "one.jsonl")
        try workspace.run("ingest", "one.jsonl")
        let unknown = try workspace.run("forget", "--session", "bbbb")
        #expect(unknown.status == 1)
        #expect(unknown.errors.contains("no session `bbbb` is stored"))
        let short = try workspace.run("forget", "--session", "aaaa")
        #expect(short.status == 2)
        #expect(short.errors.contains("`aaaa-1111`"))
        #expect(try workspace.run("list").status == 0)
        #expect(try workspace.run("forget", "--session", "aaaa-111").status == 0)
        #expect(try workspace.run("list").status == 1)
    }
}
