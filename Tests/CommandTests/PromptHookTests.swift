import Foundation
import TestSupport
import Testing

/// What a prompt calls for, and what it asks of the memory.
@Suite struct PromptHookTests {
    private func prompt(_ workspace: Workspace, _ text: String, id: String = "p1", session: String = "s") throws
        -> Workspace.Run
    {
        try workspace.hook(
            "UserPromptSubmit",
            workspace.payload("UserPromptSubmit", session: session, ["prompt": text, "prompt_id": id]))
    }

    private func filled() throws -> Workspace {
        let workspace = try Workspace()
        try workspace.run("add", "bug", "The upload in `src/net/client.swift` hangs when `max_retries` is 0")
        try workspace.run("add", "decision", "We use PostgreSQL because of its JSON indexes")
        try workspace.run("add", "note", "The client is Quuxcorp")
        for number in 1...20 {
            try workspace.run("add", "note", "Filler about the gateway and module number \(number)")
        }
        return workspace
    }

    @Test func anExactNameCallsForItsMemoryOnce() throws {
        let workspace = try filled()
        let run = try prompt(workspace, "Please look at src/net/client.swift")
        #expect(Workspace.context(run).contains("- #1 (bug) The upload in"))
        #expect(Workspace.context(run).split(separator: "\n").count == 2)
        #expect(
            try prompt(workspace, "Please look at src/net/client.swift", id: "p2").output == "", "it is in the context")
        #expect(try prompt(workspace, "What is #3 about?", id: "p3").output.contains("Quuxcorp"))
        #expect(
            try workspace.shell("SELECT group_concat(memory_id) FROM injection WHERE event = 'UserPromptSubmit'").output
                == "1,3\n")
    }

    @Test(
        "It is silent when nothing is clearly meant",
        arguments: [
            "hello", "yes, go on", "Fix the tests", "Add a gateway module", "What is in other/file.swift?",
            "Refactor the number parser",
        ])
    func silent(_ text: String) throws { #expect(try prompt(filled(), text).output == "") }

    @Test func aRareNameIsEnough() throws {
        #expect(try Workspace.context(prompt(filled(), "What did we promise to Quuxcorp?")).contains("#3"))
    }

    @Test func whatTheClientWritesIsNoPrompt() throws {
        let workspace = try filled()
        #expect(
            try prompt(workspace, "<task-notification>\n<summary>src/net/client.swift</summary></task-notification>")
                .output == "")
    }

    @Test func rememberAndForgetActAtOnce() throws {
        let workspace = try Workspace(hasStore: false)
        let run = try prompt(workspace, "Remember: never deploy the gateway on Friday")
        #expect((run.json["systemMessage"] as? String)?.contains("remembered as #1 (constraint)") == true)
        #expect(run.json["hookSpecificOutput"] == nil)
        let listed = try workspace.run("list", "--json").memories
        #expect(listed.first?["content"] as? String == "never deploy the gateway on Friday")
        #expect(listed.first?["origin"] as? String == "manual")
        #expect(try prompt(workspace, "Remember: never deploy the gateway on Friday").output == "", "registered twice")
        let gone = try prompt(workspace, "forget #1", id: "p2")
        #expect((gone.json["systemMessage"] as? String)?.contains("#1 archived") == true)
        #expect(try workspace.run("list", "--json").memories.isEmpty)
        let unknown = try prompt(workspace, "forget #77", id: "p3")
        #expect((unknown.json["systemMessage"] as? String)?.contains("not all of #77") == true)
    }

    @Test(
        "Inside a longer prompt such words do nothing",
        arguments: [
            "Did you remember: tabs?", "forget #1 and go on", "forget #1\nand go on", "forget it", "remember:",
        ])
    func words(_ text: String) throws {
        let workspace = try Workspace()
        try workspace.run("add", "note", "The client is Quuxcorp")
        let output = try prompt(workspace, text).output
        #expect(!output.contains("remembered") && !output.contains("archived"))
        #expect(try workspace.run("list", "--json").memories.count == 1)
    }

    @Test func severalLinesAreOneMemory() throws {
        let workspace = try Workspace(hasStore: false)
        let run = try prompt(workspace, "remember: never deploy the gateway\n  on Friday\r\nor on Sunday\n")
        #expect((run.json["systemMessage"] as? String)?.contains("remembered as #1") == true)
        let listed = try workspace.run("list", "--json").memories
        #expect(listed.map { $0["content"] as? String } == ["never deploy the gateway on Friday or on Sunday"])
    }

    @Test func aSecretIsNotRemembered() throws {
        let workspace = try Workspace(hasStore: false)
        _ = try prompt(workspace, "remember: the token is ghp_0123456789abcdefghijABCDEFGHIJ012345")
        #expect(try !workspace.run("list", "--json").output.contains("ghp_0123456789"))
    }
}
