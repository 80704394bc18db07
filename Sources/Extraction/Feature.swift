public import Memories

/// The features of a segment that are read from its form and its place, not from a list of phrases.
///
/// Each is present or absent. The name of a case is its name in `Rules/scoring.yaml`.
public enum Feature: Int, CaseIterable, Sendable {
    // How long it is, in words.
    case words1to3
    case words4to7
    case words8to14
    case words15to24
    case words25to39
    case words40

    // How long the prose of its message is, in UTF-8 bytes.
    case messageTiny
    case messageShort
    case messageMedium
    case messageLong
    case messageVeryLong
    case messageHuge
    /// More than half of the message is a paste, code or another thing that is no prose.
    case messageMostlyPasted

    // What it is.
    case kindSentence
    case kindItem
    case kindLabel

    // Where it stands in its message.
    case placeFirst
    case placeLast
    case placeOnly
    case paragraphStart
    case underHeading
    case underLabel
    /// The next sentence announces work ("Let me …"): the fact is mostly in the sentence before it.
    case beforeNarration
    case afterColon
    case afterQuestion

    // What the rest of its message says.
    /// A sentence of it names a cause.
    case messageDiagnoses
    /// A sentence of it takes something back.
    case messageCorrects
    /// A sentence of it says what is left to do.
    case messageOpens
    /// The assistant's message ends in a question to the person: what stands before it are options and proposals.
    case messageAsks
    /// The sentence before or behind it tells what goes wrong.
    case besideSymptom
    /// The sentence before or behind it tells what was mended.
    case besideFix

    // Where its message stands in the conversation.
    /// A person wrote it.
    case byUser
    /// The assistant's last words before the person speaks again, or before the end.
    case turnClosing
    case turnClosingLong
    /// The assistant's first words after a person spoke.
    case turnAnswer
    case turnAfterTool
    case turnBeforeTool
    case turnFirst
    case turnLast
    /// Its message is in the second half of the conversation.
    case sessionSecondHalf
    /// Its message is one of the last seven.
    case sessionEnd

    // How it is written.
    case boldStart
    case boldLabel
    case bold
    case question
    case questionInside
    /// A question that wants to know something ("Does it …?", "Why …?"), not an order in the form of one ("can we …?", "what if …?").
    case asksToKnow
    /// A person orders a piece of work ("now implement …", "give me …", "let's review …"), which is no rule for what is built.
    case ordersWork
    case colonEnd
    case colonInside
    case exclamation
    case arrow
    case parenthesis
    case quotes
    case code
    case code2
    case code4
    case identifier
    case path
    case number
    case number3
    /// A number with a counted noun, a ratio or a percentage.
    case count
    /// A number with a unit of time, size or change: `53 ms`, `8.4M`, `20×`.
    case quantity
    case capitals
    case checkMark
    case crossMark
    case party
    case stepHeading
    case unpunctuated
    case lowerCase
    case commas
    case startsWithIng
    case startsWithEd
    /// It holds no word that names anything: "ok, so we have a problem here".
    case namesNothing
    /// A person's few words hold a number.
    case valueGiven
    /// A person chose it out of what the assistant had offered.
    case picked

    // What the others say.
    /// The person's next words object.
    case refutedByUser
    /// The assistant's next message takes something back.
    case refutedByAssistant
    /// It is what the assistant takes back when it answers the person ("You're right, …").
    case retracted
    case correction
    case afterCorrection
    /// The assistant answers an objection.
    case answersObjection
    /// What a person said last tells that something goes wrong, or shows it.
    case problemTold
    /// A person answers a question.
    case answersQuestion
    case objection

    // What is said again in the transcript.
    case repeatRelated
    case repeatSimilar
    case repeatSame
    case repeatContained
    case repeatContained3
    case repeatLater
    /// A person said it before.
    case echoesUser
    /// The assistant says a person's words again.
    case echoed

    // What the rules found in it.
    case ruleFired
    /// A rule that a person added to those of the product.
    case ruleOwn
    /// A rule of a domain pack, which was switched on.
    case ruleDomain
    case ruleStrong
    case ruleCritical
    case ruleDecision
    case ruleConstraint
    case ruleResult
    case ruleConfig
    case ruleBug
    case ruleTask
    case ruleArch
    case ruleNote

    // Which of these rules speaks.
    case speaksDecision
    case speaksConstraint
    case speaksResult
    case speaksConfig
    case speaksBug
    case speaksTask
    case speaksArch
    case speaksNote

    // What it was taken for: only its importance can depend on that.
    case categoryDecision
    case categoryConstraint
    case categoryResult
    case categoryConfig
    case categoryBug
    case categoryTask
    case categoryArch
    case categoryNote

    /// As in `Rules/scoring.yaml`.
    public var name: String { "\(self)" }

    /// A rule of the category matched.
    static func fired(_ category: MemoryCategory) -> Feature {
        switch category {
        case .decision: .ruleDecision
        case .constraint: .ruleConstraint
        case .result: .ruleResult
        case .config: .ruleConfig
        case .bug: .ruleBug
        case .task: .ruleTask
        case .arch: .ruleArch
        case .note: .ruleNote
        }
    }

    /// Of the rules that matched, one of the category speaks.
    static func speaks(_ category: MemoryCategory) -> Feature {
        switch category {
        case .decision: .speaksDecision
        case .constraint: .speaksConstraint
        case .result: .speaksResult
        case .config: .speaksConfig
        case .bug: .speaksBug
        case .task: .speaksTask
        case .arch: .speaksArch
        case .note: .speaksNote
        }
    }

    /// It was taken for a memory of the category.
    public static func taken(as category: MemoryCategory) -> Feature {
        switch category {
        case .decision: .categoryDecision
        case .constraint: .categoryConstraint
        case .result: .categoryResult
        case .config: .categoryConfig
        case .bug: .categoryBug
        case .task: .categoryTask
        case .arch: .categoryArch
        case .note: .categoryNote
        }
    }

    /// What tells of repetition.
    static let repetition: FeatureSet = [
        .repeatRelated, .repeatSimilar, .repeatSame, .repeatContained, .repeatContained3, .repeatLater, .echoesUser,
        .echoed,
    ]

    /// Features that are known only when later messages, or the whole transcript, have been read.
    public static let late: FeatureSet = [
        .sessionSecondHalf, .sessionEnd, .turnLast, .turnClosing, .turnClosingLong, .turnBeforeTool, .refutedByUser,
        .refutedByAssistant, .retracted,
        .repeatRelated, .repeatSimilar, .repeatSame, .repeatContained, .repeatContained3, .repeatLater, .echoesUser,
        .echoed,
    ]
}

extension FeatureSet {
    public mutating func insert(_ feature: Feature) { insert(feature.rawValue) }

    public mutating func remove(_ feature: Feature) { remove(feature.rawValue) }

    public func contains(_ feature: Feature) -> Bool { contains(feature.rawValue) }
}

extension FeatureSet: ExpressibleByArrayLiteral {
    public init(arrayLiteral features: Feature...) {
        self.init(features.map(\.rawValue))
    }
}
