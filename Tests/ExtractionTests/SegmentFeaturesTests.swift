import Memories
import Testing

@testable import Extraction

@Suite struct SegmentFeaturesTests {
    /// The features among these that the first segment has.
    private func features(_ text: String, role: Role = .assistant, among wanted: Set<Feature>) -> Set<String> {
        (featuresOf(text, role: role).first ?? []).intersection(wanted.map(\.name))
    }

    @Test(
        "A segment's length is one of six",
        arguments: [
            (1, Feature.words1to3), (3, .words1to3), (4, .words4to7), (8, .words8to14), (15, .words15to24),
            (25, .words25to39),
            (39, .words25to39), (40, .words40), (100, .words40),
        ])
    func length(words: Int, feature: Feature) {
        let text = Array(repeating: "word", count: words).joined(separator: " ")
        let lengths: Set<Feature> = [.words1to3, .words4to7, .words8to14, .words15to24, .words25to39, .words40]
        #expect(features(text, among: lengths) == [feature.name])
    }

    @Test(
        "A message's length is one of six",
        arguments: [
            (79, Feature.messageTiny), (80, .messageShort), (150, .messageMedium), (400, .messageLong),
            (1000, .messageVeryLong),
            (2500, .messageHuge),
        ])
    func message(bytes: Int, feature: Feature) {
        let text = String(String(repeating: "words and ", count: bytes / 10 + 1).utf8.prefix(bytes - 1))! + "."
        let lengths: Set<Feature> = [
            .messageTiny, .messageShort, .messageMedium, .messageLong, .messageVeryLong, .messageHuge,
        ]
        #expect(features(text, among: lengths) == [feature.name])
    }

    struct Case: Sendable, CustomTestStringConvertible {
        var text: String
        var feature: Feature
        var isPresent: Bool

        init(_ text: String, _ feature: Feature, _ isPresent: Bool = true) {
            self.text = text
            self.feature = feature
            self.isPresent = isPresent
        }

        var testDescription: String { "\(text.debugDescription): \(isPresent ? "" : "not ")\(feature.name)" }
    }

    @Test(
        "The first segment of a message",
        arguments: [
            Case("Does it work?", .question), Case("Does it work? Yes.", .question),
            Case("He asked \"why?\" and left.", .questionInside),
            Case("It works", .question, false), Case("It works!", .exclamation), Case("Do this:", .colonEnd),
            Case("Cause: it broke.", .colonInside), Case("no period here", .unpunctuated),
            Case("A period here.", .unpunctuated, false),
            Case("lower case it is.", .lowerCase), Case("Upper case it is.", .lowerCase, false),
            Case("**Cause**: a lock.", .boldLabel), Case("**Cause:** a lock.", .boldLabel),
            Case("**Cause** is a lock.", .boldLabel, false),
            Case("**Cause** is a lock.", .boldStart), Case("The **cause** is.", .boldStart, false),
            Case("The **cause** is.", .bold),
            Case("Step 3: build it", .stepHeading), Case("Phase two begins", .stepHeading),
            Case("Steps are listed", .stepHeading, false),
            Case("Running the tests", .startsWithIng), Case("Ring it here", .startsWithIng, false),
            Case("Moved the lock", .startsWithEd),
            Case("Need it here now", .startsWithEd, false), Case("- one item", .kindItem),
            Case("**Cause**", .kindLabel),
            Case("A sentence.", .kindSentence), Case("Use `a` and `b`.", .code2), Case("Use `a`.", .code2, false),
            Case("Use `a`.", .code),
            Case("Use `alpha`, `beta`, `gamma` or `delta`.", .code4), Case("Take 1, then 2 and 3", .number3),
            Case("Take 1 and 2", .number3, false), Case("a, b, c, d", .commas),
            Case("a, b, c", .commas, false), Case("- one item", .paragraphStart, false),
            Case("One. Two.", .paragraphStart),
        ])
    func form(_ example: Case) {
        let features = featuresOf(example.text).first ?? []
        #expect(features.contains(example.feature.name) == example.isPresent, "\(features.sorted())")
    }

    @Test func placesInAMessage() {
        let found = featuresOf(
            "What is it?\n\n## Cause\n\nThis is why:\n\n- a stale lock\n\n**Fix**\n\nDrop it. Let me try.")
        let names = found.map {
            $0.intersection([
                "placeFirst", "placeLast", "placeOnly", "afterQuestion", "afterColon", "underHeading", "underLabel",
                "beforeNarration", "paragraphStart",
            ]).sorted()
        }
        #expect(
            names == [
                ["paragraphStart", "placeFirst"],
                ["afterQuestion", "paragraphStart", "underHeading"],
                ["afterColon", "underHeading", "underLabel"],
                ["underHeading"],
                ["beforeNarration", "paragraphStart", "underHeading", "underLabel"],
                ["placeLast", "underHeading", "underLabel"],
            ])
        #expect(featuresOf("Only one.")[0].isSuperset(of: ["placeFirst", "placeLast", "placeOnly"]))
    }

    @Test func aMessageOfPastesIsKnown() {
        let code = "```\n" + String(repeating: "let x = 1;\n", count: 40) + "```\n"
        #expect(featuresOf("It fails.\n" + code)[0].contains("messageMostlyPasted"))
        #expect(!featuresOf("It fails.")[0].contains("messageMostlyPasted"))
    }

    // MARK: - Cues

    @Test(
        "A cue is heard as whole words only",
        arguments: [
            ("It is the root cause.", true), ("It is the ROOT  CAUSE.", true), ("It is the root\ncause.", true),
            ("It is the grassroot cause.", false), ("It is the root causes.", false), ("Just because.", true),
            ("A becauser.", false),
            ("(root cause)", true), ("**root cause**", true),
        ])
    func wholeWords(_ text: String, isHeard: Bool) {
        #expect(featuresOf(text)[0].contains("cue.cause") == isHeard)
    }

    @Test("An apostrophe may be typographic", arguments: ["It can't work.", "It can’t work.", "It CAN'T work."])
    func apostrophe(_ text: String) {
        #expect(featuresOf(text)[0].contains("cue.inability"))
    }

    @Test(
        "An opening is heard at the beginning only",
        arguments: [
            ("Let me see.", true), ("let me see.", true), ("**Let me** see.", true), ("- Let me see", true),
            ("“Let me see.”", false),
            ("So let me see.", false), ("Letme see.", false), ("Now it works.", true), ("Nowhere to go.", false),
        ])
    func opening(_ text: String, isHeard: Bool) {
        #expect(featuresOf(text)[0].contains("opening.narration") == isHeard)
    }

    @Test func anOpeningIsHeardInEverySentence() {
        let found = featuresOf("It broke. Let me see. Now I know.").map { $0.contains("opening.narration") }
        #expect(found == [false, true, true])
    }

    @Test(
        "What stands above does not touch the first words",
        arguments: ["## Root cause", "**Root cause**", "---", "```\nx\n```"])
    func openingUnder(_ above: String) {
        #expect(featuresOf("\(above)\nLet me see.").last?.contains("opening.narration") == true)
    }

    @Test func headingsAndLabelsGiveTheirOwnFeatures() {
        let found = featuresOf("## The cause\nIt broke.\n**A cause**\nIt broke too.\n## Causes\nAnd this.")
        let names = found.map { $0.intersection(["heading.cause", "label.cause", "cue.cause"]).sorted() }
        #expect(names == [["heading.cause"], ["heading.cause"], ["heading.cause", "label.cause"], []])
    }

    @Test func aCueAcrossTwoSentencesIsNone() {
        #expect(featuresOf("We found the root. Cause unknown.").allSatisfy { !$0.contains("cue.cause") })
    }
}
