import BuiltInRules
import Memories
import TestSupport
import Testing

@testable import Pipeline

/// What memories are often made of and should not be, and where they are often not looked for.
@Suite struct GarbageTests {
    private let plan: ExtractionPlan

    init() throws {
        plan = try ExtractionPlan(builtIn: BuiltInRules.packs, added: [], scoring: BuiltInRules.scoring)
    }

    @Test(
        "What a tool prints is no decision, no bug and no result",
        arguments: [
            "     5→\n     6→Key goals\n     7→- We decided to keep it simple", "  5\t## Fixed\n  6\tThe bug is fixed",
            "Created: 2026-02-12\nUpdated=2026", "[● P2] [task] spotter-u4u.1: decide on the storage engine",
            "Owner: X · Type: epic", "\u{1B}[32m━━━━━━━━━━\u{1B}[0m 45% fixing bugs", "socket=196 line_index=178",
            "  --debug   Enable debug output and fixture prefixes",
            "On branch main\nnothing to commit, working tree clean",
            "src/api/server.ts\nsrc/api/client.ts", "secret_key_base=17", "✅ done ✓ done",
        ])
    func tool(_ output: String) {
        let found = plan.extract {
            $0.user("Have a look at the project.")
            $0.bash("cat notes.md", output: output)
            $0.assistant("I had a look.")
        }
        #expect(found.contents == [])
    }

    @Test(
        "Talk about the work at hand is no memory",
        arguments: [
            "Let me start by reading the file.", "I decided to look at the file next.", "I'll now run the tests.",
            "Work on bead spotter-u4u.1.", "It is not fixed yet.", "Perfect, nice work.",
        ])
    func talk(_ text: String) {
        let found = plan.extract {
            $0.user("Go on, please.")
            $0.assistant(text)
        }
        #expect(found.contents == [])
    }

    @Test(
        "A person's word of agreement is no correction and no memory",
        arguments: ["no problem, thanks", "nice, perfect", "please continue", "继续", "go on"])
    func agreement(_ text: String) {
        let found = plan.extract {
            $0.user("Why did the build fail?")
            $0.assistant("The root cause of the failure was a missing null check in `parseHeader`.")
            $0.user(text)
        }
        #expect(found.contents.allSatisfy { $0.contains("parseHeader") })
        #expect(found.contents.count == 1)
    }

    @Test func thatSomethingIsNotMendedYetRefutesNoCause() {
        let found = plan.extract {
            $0.user("Why did the build fail?")
            $0.assistant("The root cause of the failure was a missing null check in `parseHeader`.")
            $0.user("It is not fixed yet")
        }
        #expect(found.contents.contains { $0.contains("parseHeader") })
    }

    @Test(
        "What stands at the end of a long session is kept like what stands at its beginning", arguments: [0, 500, 999])
    func place(_ position: Int) {
        let found = plan.extract { talk in
            for number in 0..<1_000 {
                if number == position { talk.user("NEVER push to main without a review of two people.") }
                talk.assistant("Let me look at file number \(number) and run the tests of it.")
            }
        }
        #expect(found.contents == ["NEVER push to main without a review of two people."])
    }
}
