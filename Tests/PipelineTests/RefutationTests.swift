import BuiltInRules
import Memories
import Testing
import TestSupport

@testable import Pipeline

/// With the weights as shipped, what is taken back in the next turn counts for less.
@Suite struct RefutationTests {
    private let diagnosis = "The root cause is the connection pool: `Pool.acquire()` never returns its sockets."

    private func score(_ build: (inout TranscriptText) -> Void) throws -> Int? {
        var plan = try ExtractionPlan(builtIn: BuiltInRules.packs, scoring: BuiltInRules.scoring)
        plan.keepsRefusals = true
        let found = plan.extract { text in
            text.user("the nightly job hangs, find out why.")
            text.assistant(diagnosis)
            build(&text)
        }
        let all = found.memories + found.refusals.map(\.memory)
        return all.first { $0.content.contains("root cause") && $0.content.contains("pool") }?.score
    }

    @Test func aPersonsObjectionLowersADiagnosis() throws {
        let refuted = try #require(try score { $0.user("no, it's not the pool, the job has no sockets at all.") })
        let accepted = try #require(try score { $0.user("thanks, go ahead with that.") })
        #expect(refuted <= accepted - 500)
    }

    @Test func theAssistantTakingItBackLowersIt() throws {
        let next = "the stack trace shows a deadlock in `flush()`, which waits for its own lock."
        let refuted = try #require(try score { $0.assistant("Wait, that was wrong: " + next) })
        let followed = try #require(try score { $0.assistant("In addition " + next) })
        #expect(refuted <= followed - 500)
    }
}
