import Memories
import TestSupport
import Testing

@testable import Pipeline

@Suite struct SelectionTests {
    @Test func ofAKeyTheLatestStands() throws {
        let found = try ExtractionPlan.simple(portRule).extract { talk in
            talk.assistant("The web port is 8080.")
            talk.assistant("The db port is 5432.")
            talk.user("Change it: the web port is 9090.")
            talk.assistant("The web port is 9191 from today.")
        }
        #expect(found.contents == ["the db port is 5432", "the web port is 9191"])
        #expect(found.refusal("the web port is 8080") == .superseded(line: 4))
        #expect(found.refusal("the web port is 9090") == .superseded(line: 4))
        #expect(found.refusalCounts.superseded == 2)
    }

    @Test func whatIsSaidAgainLastIsTheLatest() throws {
        let found = try ExtractionPlan.simple(portRule).extract { talk in
            talk.assistant("The web port is 8080.")
            talk.assistant("The web port is 9090.")
            talk.assistant("The web port is 8080.")
        }
        #expect(found.contents == ["the web port is 8080"])
        #expect(found.refusal("the web port is 9090") == .superseded(line: 3))
    }

    @Test func aLaterStatementUnderTheThresholdReplacesNothing() throws {
        let found = try ExtractionPlan.simple(portRule, threshold: 1500).extract { talk in
            talk.assistant("The web port is 8080.")
            talk.assistant("The web port is 9090.")
            talk.user("No, it stays.")
        }
        #expect(found.contents == [])
        let refuted = try ExtractionPlan.simple(portRule, threshold: 1500).extract { talk in
            talk.assistant("The web port is 8080.")
            talk.user("Do it then please, all of it.")
            talk.assistant("The web port is 9090.")
            talk.user("No, it stays.")
        }
        #expect(refuted.contents == ["the web port is 8080"])
    }

    @Test("In these categories nothing is superseded", arguments: [MemoryCategory.constraint, .bug, .arch, .note])
    func allStand(_ category: MemoryCategory) throws {
        let rule = portRule.replacing("config", with: category.rawValue)
        let found = try ExtractionPlan.simple(rule).extract { talk in
            talk.assistant("The web port is 8080.")
            talk.assistant("The web port is 9090.")
        }
        #expect(found.contents == ["the web port is 8080", "the web port is 9090"])
    }

    @Test func oneFactInTwoWordingsIsOneMemory() throws {
        let found = try ExtractionPlan.simple().extract { talk in
            talk.assistant("The stale lock file blocks the release build.")
            talk.user("what else did you find in there?")
            talk.assistant("A stale lock file blocks our release build on Linux.")
        }
        let memory = try #require(found.memories.first { $0.content.contains("lock") })
        #expect(found.memories.filter { $0.content.contains("lock") }.count == 1)
        #expect(memory.sightingCount == 2)
        #expect(memory.sightings.map(\.line) == [1, 3])
        #expect(found.refusal("A stale lock") == .repetition(line: 1))
    }

    @Test func theSameWordsTwiceAreOneMemory() throws {
        let found = try ExtractionPlan.simple().extract { talk in
            talk.assistant("The stale lock file blocks the release build.")
            talk.user("what else did you find in there?")
            talk.assistant("The stale lock file blocks the release build.")
        }
        let memories = found.memories.filter { $0.content.contains("lock") }
        #expect(memories.map(\.sightingCount) == [2])
        #expect(memories.first?.sightings.map(\.line) == [1, 3])
    }

    @Test(
        "Two facts that look alike stay apart",
        arguments: [
            ("The server listens on port 8080 for requests.", "The server listens on port 8081 for requests."),
            ("The disk cache is enabled in the nightly build.", "The disk cache is disabled in the nightly build."),
            ("The p95 latency of the search endpoint doubled.", "The p99 latency of the search endpoint doubled."),
            ("The new index is deployed to production already.", "The new index is deployed to staging already."),
            ("The long summaries are written by model A here.", "The long summaries are written by model B here."),
            ("The upload worker does retry a failed request.", "The upload worker doesn't retry a failed request."),
            ("The search uses variant A of the ranking code.", "The search uses variant B of the ranking code."),
        ])
    func apart(a: String, b: String) throws {
        let found = try ExtractionPlan.simple().extract { talk in
            talk.assistant(a)
            talk.user("what else did you find in there?")
            talk.assistant(b)
        }
        #expect(Set(found.contents).isSuperset(of: [a, b]), "\(found.refusals.map { ($0.memory.content, $0.reason) })")
    }

    @Test func aTranscriptGivesNoMoreThanTheLimitAndTheBestStay() throws {
        let found = try ExtractionPlan.simple(portRule, limit: 2).extract { talk in
            talk.assistant("The stale lock file blocks the release build.")
            talk.assistant("The web port is 8080.")
            talk.assistant("Nobody reads these dashboards any more today.")
            talk.assistant("The db port is 5432.")
        }
        #expect(found.contents == ["the web port is 8080", "the db port is 5432"])
        #expect(found.refusal("The stale") == .limit)
        #expect(found.refusalCounts.limit == 2)
    }

    @Test func whatIsUnderTheThresholdIsRefusedForItsScore() throws {
        let found = try ExtractionPlan.simple().extract { $0.assistant("Fine then.") }
        #expect(found.contents == [])
        #expect(found.refusal("Fine") == .score)
        #expect(
            found.refusalCounts
                == {
                    var counts = RefusalCounts()
                    counts.score = 1
                    return counts
                }())
    }

    @Test func aRefutedDiagnosisIsRefusedAsThat() throws {
        let found = try ExtractionPlan.simple().extract { talk in
            talk.user("why does the nightly build fail since Monday?")
            talk.assistant("The compiler on the build machine is too old.")
            talk.user("No, the disk of that machine is full.")
        }
        #expect(found.refusal("The compiler") == .refuted)
        #expect(found.contents.contains("No, the disk of that machine is full."))
    }

    @Test func anObjectionRefutesOnlyWhatItSpeaksOf() throws {
        let found = try ExtractionPlan.simple().extract { talk in
            talk.assistant("A stale lock file in /var/run kept the nightly job from starting.")
            talk.user("No, let the api server listen on port 9090.")
            talk.assistant("The compiler on the build machine is too old.")
            talk.user("No, that is wrong.")
        }
        #expect(found.contents.contains("A stale lock file in /var/run kept the nightly job from starting."))
        #expect(found.refusal("The compiler") == .refuted)
    }

    @Test(
        "What names nothing is kept beside another sentence only",
        arguments: [
            "ok, so... we have a problem here.", "hmm wait, something is wrong again",
            "this is really annoying, it never works!",
        ])
    func empty(_ words: String) throws {
        #expect(try ExtractionPlan.simple().extract { $0.user(words) }.refusal(words) == .empty)
        let joined = try ExtractionPlan.simple { $0.joining = .init(threshold: 500, words: 40) }.extract {
            $0.user("This is a public repository. " + words)
        }
        #expect(joined.contents == ["This is a public repository. " + words])
    }

    @Test(
        "What names something is none of that",
        arguments: [
            "so then don't we NOT want go.work at all.", "always run the tests", "we need `it` back", "测试必须先跑完再提交代码",
            "so please keep it simple here",
        ])
    func named(_ words: String) throws {
        #expect(try ExtractionPlan.simple().extract { $0.user(words) }.contents == [words])
    }

    @Test func aNewValueReplacesTheOneBeforeWhenItIsSaidToBeNew() throws {
        func contents(_ later: String) throws -> [String] {
            try ExtractionPlan.simple(threshold: -5000) { $0.categories = [.result: ["bias": 5000]] }.extract { talk in
                talk.assistant("The nightly export takes 38 minutes.")
                talk.assistant(later)
            }.contents
        }
        #expect(
            try contents("The nightly export takes 11 minutes now.") == ["The nightly export takes 11 minutes now."])
        for other in ["The nightly export takes 11 minutes.", "The nightly import takes 11 minutes now."] {
            #expect(try contents(other) == ["The nightly export takes 38 minutes.", other])
        }
    }

    /// "Actually, …" replaces the value that the same person gave for the same thing.
    @Test func aPersonsCorrectionReplacesTheValue() throws {
        func contents(_ correction: String) throws -> [String] {
            try ExtractionPlan.simple().extract { talk in
                talk.user("use port 8080 for the api server")
                talk.assistant("Done.")
                talk.user(correction)
            }.contents
        }
        #expect(try contents("wait, use port 9090") == ["wait, use port 9090"])
        // Another thing, another value; and without a word of correction two values are two facts.
        for other in ["wait, keep 14 backups of the ledger", "use port 9090 for the web server"] {
            #expect(try contents(other) == ["use port 8080 for the api server", other])
        }
    }

    @Test func aRefutedDiagnosisThatIsKeptWeighsLess() throws {
        func memory(_ answer: String) throws -> Memory {
            let found = try ExtractionPlan.simple(threshold: -5000).extract { talk in
                talk.assistant("The compiler on the build machine is too old.")
                talk.user(answer)
            }
            return try #require(found.memories.first { $0.content.hasPrefix("The compiler") })
        }
        let (refuted, believed) = try (memory("No, it is not."), memory("Aha, so it is."))
        #expect(refuted.score < believed.score)
        #expect(refuted.importance < believed.importance)
        #expect(refuted.terms.contains(ScoreTerm(name: "refutedByUser", value: -3000)))
    }

    @Test func refusalsAreOnlyCountedUnlessTheyAreAskedFor() throws {
        func extract(keepsRefusals: Bool) throws -> TranscriptExtraction {
            try ExtractionPlan.simple(portRule, keepsRefusals: keepsRefusals).extract { talk in
                talk.assistant("The web port is 8080. Fine.")
                talk.assistant("The web port is 9090. The stale lock file blocks the release build.")
            }
        }
        let (kept, counted) = try (extract(keepsRefusals: true), extract(keepsRefusals: false))
        #expect(counted.refusals == [])
        #expect(counted.memories == kept.memories)
        #expect(counted.refusalCounts == kept.refusalCounts)
    }

    @Test func aMemoryTellsWhereItComesFrom() throws {
        let found = try ExtractionPlan.simple(portRule).extract { talk in
            talk.user("Fine.")
            talk.assistant("Settled:\n\n- The web port is 8080.")
        }
        let memory = try #require(found.memories.first { $0.key != nil })
        #expect(memory.rule == Memory.RuleReference(id: "port", pack: "mine", packVersion: "1.2.3"))
        #expect(memory.key == "config:web port")
        #expect(memory.category == .config)
        #expect(memory.score == memory.terms.reduce(0) { $0 + $1.value })
        let sighting = try #require(memory.sightings.first)
        #expect(sighting.line == 2)
        #expect(sighting.quote == "The web port is 8080.")
        #expect(sighting.role == .assistant)
        #expect(sighting.sessionID == "s1")
        #expect(sighting.timestamp == "2025-01-01T10:01:00.000Z")
        var text = TranscriptText()
        text.user("Fine.")
        text.assistant("Settled:\n\n- The web port is 8080.")
        #expect(String(decoding: text.bytes[sighting.bytes], as: UTF8.self) == text.lines[1])
    }
}
