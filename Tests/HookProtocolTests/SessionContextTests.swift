import Memories
import Testing

@testable import HookProtocol

/// What a session is told: fixed order, within the budget, the end goes first.
@Suite struct SessionContextTests {
    private func lines(_ category: MemoryCategory, _ ids: ClosedRange<Int>, _ words: Int = 12) -> [ContextLine] {
        ids.map { id in
            let text = "\(category.rawValue) \(id) " + Array(repeating: "word", count: words).joined(separator: " ")
            return ContextLine(id: id, category: category, text: text, tokens: TokenCount.estimate(of: text))
        }
    }

    private func context(_ count: Int) -> SessionContext {
        var context = SessionContext()
        context.constraints = lines(.constraint, 1...count)
        context.decisions = lines(.decision, 1001...1000 + count)
        context.bugs = lines(.bug, 2001...2000 + count)
        context.tasks = lines(.task, 3001...3000 + count)
        var last = SessionContext.LastSession()
        last.branch = "main"
        last.asked = ["Port the parser"]
        last.done = "The parser is ported."
        last.files = ["a.swift"]
        context.lastSession = last
        context.index = [.init(name: "config", count: 7, ids: [4001, 4002])]
        return context
    }

    @Test func theOrderIsFixed() throws {
        let text = try #require(context(2).rendered(ContextBudget(tokens: 2_000, items: 60), shown: { $0 }))
        let titles = text.text.split(separator: "\n").filter { $0.hasPrefix("## ") }
        #expect(
            titles == [
                "## Standing constraints", "## Last session (branch main)", "## Decisions in force", "## Known traps",
                "## Open tasks", "## More in memory",
            ])
        #expect(text.text.hasPrefix("Project memory (ccmem): quoted data"))
        #expect(text.items.map(\.id) == [1, 2, 1001, 1002, 2001, 2002, 3001, 3002])
        for item in text.items { #expect(text.text.contains("- #\(item.id) ")) }
    }

    @Test("It stays within its budget, and the end goes first", arguments: [60, 120, 200, 400, 900, 2_000, 9_500])
    func budget(_ tokens: Int) {
        guard let text = context(100).rendered(ContextBudget(tokens: tokens, items: 60), shown: { $0 }) else {
            #expect(tokens < 120)
            return
        }
        guard !text.items.isEmpty else {
            #expect(tokens < 120)
            return
        }
        #expect(TokenCount.estimate(of: text.text).value <= tokens)
        #expect(text.text.utf16.count <= HookOutput.mostContext)
        #expect(text.items.count <= 60)
        #expect(text.items.reduce(0) { $0 + $1.tokens.value } <= tokens)
        #expect(text.items.first?.id == 1, "the first constraint stands whatever the budget")
        if text.text.contains("## Open tasks") { #expect(text.text.contains("## Decisions in force")) }
    }

    @Test func capsHold() {
        let budget = ContextBudget(tokens: 2_000, items: 60, caps: [.task: 2])
        let text = context(5).rendered(budget, shown: { $0 })
        #expect(text?.items.filter { $0.id > 3000 }.count == 2)
    }

    @Test func aLongLineIsSkippedAndEndsNothing() {
        var context = SessionContext()
        context.constraints = lines(.constraint, 1...1, 3_000) + lines(.constraint, 2...2)
        let text = context.rendered(ContextBudget(tokens: 500, items: 60), shown: { $0 })
        #expect(text?.items.map(\.id) == [2])
    }

    @Test func theSameIsTheSameToTheByte() {
        let budget = ContextBudget(tokens: 1_000, items: 60)
        #expect(context(20).rendered(budget, shown: { $0 }) == context(20).rendered(budget, shown: { $0 }))
    }

    @Test func nothingToTellIsNothing() {
        #expect(SessionContext().rendered(ContextBudget(tokens: 2_000, items: 60), shown: { $0 }) == nil)
        #expect(PromptContext(memories: []).rendered(ContextBudget(tokens: 600, items: 12), shown: { $0 }) == nil)
    }

    @Test func everyTextGoesThroughTheHarmlessMaker() throws {
        let text = try #require(
            context(1).rendered(ContextBudget(tokens: 2_000, items: 60)) { $0.replacing("parser", with: "P") })
        #expect(!text.text.contains("parser"))
    }

    @Test func contextThatIsTooLongIsLeftOut() throws {
        let long = String(repeating: "a", count: HookOutput.mostContext + 1)
        #expect(HookOutput(.sessionStart, context: long).json == nil)
        #expect(HookOutput(.sessionStart).json == nil)
        let json = try #require(HookOutput(.sessionStart, context: "a\"\n", message: "m").json)
        #expect(
            String(decoding: json, as: UTF8.self)
                == #"{"systemMessage":"m","hookSpecificOutput":{"hookEventName":"SessionStart","additionalContext":"a\"\n"}}"#
                + "\n")
    }
}
