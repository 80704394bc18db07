import RulePacks
public import Memories
public import Transcripts

/// Finds the candidates of one transcript: feed it the reader's events in order, then call `finish`.
///
/// Knows the conversation only as far as features need it: whose turn it is, what the message before said, whether the
/// next one objects. Keeps the candidates that can still reach the threshold, never the text around them.
public struct TranscriptExtractor {
    /// What the scorer thinks while the transcript is still being read.
    public struct Judge {
        /// What is known so far, in thousandths; what a later message may add is not in it.
        public var score: (FeatureSet, Role) -> Int
        /// Below this a segment is not asked further, before any rule.
        public var floor: Int
        /// What a candidate of the role needs, so that what is said later can bring it to the threshold; a weaker one is
        /// not kept in memory.
        public var reach: (Role) -> Int
        /// Whether candidates below the floor are handed out too, apart: they have no part in what is said again.
        public var keepsBelow: Bool
        /// How well a category suits the features, in thousandths: decides which of several rules speaks.
        public var affinity: (FeatureSet, MemoryCategory) -> Int

        public init(
            score: @escaping (FeatureSet, Role) -> Int, floor: Int, reach: @escaping (Role) -> Int, keepsBelow: Bool,
            affinity: @escaping (FeatureSet, MemoryCategory) -> Int
        ) {
            self.score = score
            self.floor = floor
            self.reach = reach
            self.keepsBelow = keepsBelow
            self.affinity = affinity
        }
    }

    /// A message whose place in the turn is known only when the next event arrives.
    private struct OpenMessage {
        var block: Block
        var cut: SegmentedText
        var readings: [SegmentReading]
    }

    private let reader: SegmentReader
    private let judge: Judge
    private var open: OpenMessage?
    private var messageCount = 0
    private var finished = ExtractedTranscript()
    private var table = CandidateTable()
    /// What was typed while the assistant was busy, until it comes again as a prompt of its own.
    private var queuedPrompts: Set<UInt64> = []

    private var isFirstMessage = true
    private var previousRole: Role?
    private var followsTool = false
    private var assistantAsked = false
    /// What the assistant's last message offered to choose from.
    private var offered: OfferedOptions?
    private var lastUserObjected = false
    /// Whether what the person said last tells of a problem.
    private var isProblemTold = false
    /// Index of the first candidate since a person last spoke, their own words included.
    private var sinceUser = 0
    /// Index of the first candidate of the assistant's last message.
    private var sinceAssistant = 0
    /// The candidates of the assistant's turn before the person last spoke.
    private var turnBefore = 0..<0
    /// Whether the message at hand answers the person by taking something back.
    private var isRetracting = false

    init(reader: SegmentReader, judge: Judge) {
        self.reader = reader
        self.judge = judge
        reader.beginTranscript()
    }

    public mutating func add(_ event: TranscriptEvent) {
        switch event {
        case .block(let block, let text):
            switch block.kind {
            case .prose: addProse(block, text)
            case .toolResult:
                closeOpenMessage(next: nil)
                followsTool = true
                addToolResult(block, text)
            case .toolUse, .thinking: break
            }
        case .toolActivity:
            closeOpenMessage(next: .tool)
        case .prompt, .compactBoundary:
            break
        }
    }

    public mutating func finish() -> ExtractedTranscript {
        if var message = open {
            for index in message.readings.indices { message.readings[index].features.insert(.turnLast) }
            open = message
            closeOpenMessage(next: .user)
        }
        table.markRepetitions()
        finished.dropped = table.dropped
        // Taken out, not copied; what was known of their words goes with the table.
        finished.candidates = table.takeCandidates()
        for index in finished.candidates.indices { finished.candidates[index].notePlace(in: messageCount) }
        for index in finished.below.indices { finished.below[index].notePlace(in: messageCount) }
        finished.limitReports = reader.matcher.limitReports
        return finished
    }

    // MARK: - Prose

    private mutating func addProse(_ block: Block, _ text: UnsafeBufferPointer<UInt8>) {
        // A prompt typed while the assistant was busy stands twice in the file.
        if block.role == .user, isRepeatedPrompt(block, text) { return }
        closeOpenMessage(next: block.role)
        if block.role == .user, let offered = offered.take() { keepPicked(of: offered, block, text) }
        let cut = Segmenter.segments(of: text, role: block.role)
        finished.count(cut)
        guard !cut.segments.isEmpty else { return }
        var place = MessagePlace(role: block.role)
        place.isFirst = isFirstMessage
        place.isAnswer = block.role == .assistant && previousRole == .user
        place.followsTool = followsTool
        place.answersObjection = place.isAnswer && lastUserObjected
        place.followsProblem = block.role == .assistant && isProblemTold
        place.answersQuestion = block.role == .user && previousRole == .assistant && assistantAsked
        let (readings, attitude) = reader.read(cut, place: place, judge: judge)
        refuteBefore(block.role, attitude, cut)
        isRetracting = place.isAnswer && attitude.corrects
        open = OpenMessage(block: block, cut: cut, readings: readings)
        isFirstMessage = false
        followsTool = false
        previousRole = block.role
        switch block.role {
        case .user:
            lastUserObjected = attitude.objects
            // "go on" changes nothing.
            if attitude.tellsProblem || cut.proseLength >= 40 { isProblemTold = attitude.tellsProblem }
        case .assistant:
            assistantAsked = cut.segments.suffix(3).contains { segment in
                cut.bytes[segment.range].contains(UInt8(ascii: "?"))
            }
            let isOffer = assistantAsked || OfferedOptions.leavesChoice(cut)
            offered = isOffer ? OfferedOptions(cut, from: text, message: messageCount + 1) : nil
        case .summary, .tool: break
        }
    }

    private mutating func isRepeatedPrompt(_ block: Block, _ text: UnsafeBufferPointer<UInt8>) -> Bool {
        let hash = TextHash.exact(text, 0)
        return block.isQueued ? !queuedPrompts.insert(hash).inserted : queuedPrompts.remove(hash) != nil
    }

    /// What a message says about the assistant's words before it.
    private mutating func refuteBefore(_ role: Role, _ attitude: SegmentReader.Attitude, _ cut: SegmentedText) {
        switch role {
        case .user:
            if attitude.objects { mark(.refutedByUser, from: sinceUser, about: TranscriptExtractor.words(of: cut)) }
            if previousRole != .user { turnBefore = sinceUser..<table.candidates.count }
            sinceUser = table.candidates.count
            sinceAssistant = table.candidates.count
        case .assistant:
            if attitude.corrects { mark(.refutedByAssistant, from: sinceAssistant) }
            sinceAssistant = table.candidates.count
        case .summary, .tool: break
        }
    }

    private mutating func mark(_ feature: Feature, from start: Int, about subject: [UInt32]? = nil) {
        for index in start..<table.candidates.count where table.candidates[index].sighting.role == .assistant {
            if let subject, ContentWords.shared(subject, table.candidates[index].words) == 0 { continue }
            table.candidates[index].features.insert(feature)
            // However strong a sentence is, it does not outweigh that it was wrong.
            table.candidates[index].features.remove(.ruleCritical)
        }
    }

    /// What an objection speaks of; nil when it says so little that it may mean all that was said before.
    private static func words(of cut: SegmentedText) -> [UInt32]? {
        let words = cut.bytes.withUnsafeBufferPointer { bytes in
            cut.segments.map { ContentWords.hashes(of: UnsafeBufferPointer(rebasing: bytes[$0.range])) }
        }.flatMap { $0 }
        return words.count < 4 ? nil : Set(words).sorted()
    }

    /// "You're right, …": what the assistant said before about the same things does not hold.
    private mutating func retract() {
        isRetracting = false
        guard !turnBefore.isEmpty else { return }
        let said = Set(table.candidates[turnBefore.upperBound...].flatMap(\.words)).sorted()
        for index in turnBefore where table.candidates[index].sighting.role == .assistant {
            guard ContentWords.shared(table.candidates[index].words, said) >= 2 else { continue }
            table.candidates[index].features.insert(.retracted)
            table.candidates[index].features.remove(.ruleCritical)
        }
    }

    private mutating func closeOpenMessage(next: Role?) {
        guard var message = open.take() else { return }
        let (block, cut) = (message.block, message.cut)
        let closing = block.role == .assistant && next == .user
        let proseLength = cut.proseLength
        messageCount += 1
        cut.bytes.withUnsafeBufferPointer { bytes in
            for index in message.readings.indices {
                if closing {
                    message.readings[index].features.insert(.turnClosing)
                    if proseLength > 400 { message.readings[index].features.insert(.turnClosingLong) }
                }
                if next == .tool { message.readings[index].features.insert(.turnBeforeTool) }
                let passage = Passage(
                    message: messageCount, index: index,
                    continues: cut.continues(at: index, role: block.role),
                    isWhole: true)
                keep(message.readings[index], bytes, block, passage)
            }
        }
        if isRetracting { retract() }
    }

    /// A person chose: what they chose is a decision, and the other options are none.
    private mutating func keepPicked(
        of offered: OfferedOptions, _ block: Block, _ text: UnsafeBufferPointer<UInt8>
    ) {
        guard let (choices, saysMore) = offered.picked(by: text) else { return }
        let others = offered.options.indices.filter { !choices.contains($0) }.map { offered.options[$0].segments }
        for index in sinceUser..<table.candidates.count
        where table.candidates[index].passage?.message == offered.message {
            guard let place = table.candidates[index].passage?.index, others.contains(where: { $0.contains(place) })
            else {
                continue
            }
            table.candidates[index].features.insert(.refutedByUser)
        }
        let quote = Statement.clean(text)
        var statement = "Chosen: " + choices.map { offered.options[$0].statement }.joined(separator: " + ")
        if saysMore { statement += " (\(quote))" }
        let words = Array(statement.utf8).withUnsafeBufferPointer { TextWords($0) }
        let features: FeatureSet = [.byUser, .picked, .turnClosing]
        let candidate = Candidate(
            statement: statement, category: .decision, rule: nil, otherRules: [], key: nil, features: features,
            sighting: sighting(of: quote, block), latestLine: block.line,
            identity: Candidate.identity(of: statement, rule: nil), gateScore: judge.score(features, .user),
            words: words.content,
            passage: Passage(message: offered.message, index: -2, continues: false, isWhole: false),
            guards: words.guards)
        _ = table.add([candidate], settled: min(sinceUser, sinceAssistant))
    }

    // MARK: - Tool output

    private mutating func addToolResult(_ block: Block, _ text: UnsafeBufferPointer<UInt8>) {
        for reading in reader.readToolOutput(text, tool: block.toolName, judge: judge) {
            keep(reading, text, block, nil)
        }
    }

    // MARK: - Candidates

    private mutating func keep(
        _ reading: SegmentReading, _ bytes: UnsafeBufferPointer<UInt8>, _ block: Block, _ passage: Passage?
    ) {
        finished.segmentCount += 1
        let score = judge.score(reading.features, block.role)
        let isInReach = !reading.isBelowFloor && score >= judge.reach(block.role)
        if !isInReach { finished.belowFloor += 1 }
        guard isInReach || judge.keepsBelow else { return }
        let text = UnsafeBufferPointer(rebasing: bytes[reading.segment.range])
        let identity = Candidate.identity(of: text, rule: nil)
        if isInReach, reading.matches.isEmpty {
            let again = CandidateTable.Again(
                features: reading.features, gateScore: score, sighting: sighting(of: "", block),
                passage: passage)
            if table.merge(identity, again) { return }
        }
        let found = candidates(of: reading, text, block, score, identity, passage)
        guard isInReach else {
            finished.below += found
            return
        }
        if table.add(found, settled: min(sinceUser, sinceAssistant)) {
            let gone = table.prune(settled: min(sinceUser, sinceAssistant), score: judge.score)
            sinceUser -= gone
            sinceAssistant -= gone
            // Its candidates have other numbers now, and the weaker ones are gone.
            turnBefore = 0..<0
        }
    }

    private func sighting(of quote: String, _ block: Block) -> Sighting {
        Sighting(
            line: block.line, endLine: block.line,
            bytes: block.lineOffset..<(block.lineOffset + block.lineLength), role: block.role,
            sessionID: block.sessionID, timestamp: block.timestamp, quote: quote)
    }

    /// One for each match of a rule; the segment itself when no rule matched.
    private func candidates(
        of reading: SegmentReading, _ text: UnsafeBufferPointer<UInt8>, _ block: Block, _ score: Int,
        _ identity: UInt64,
        _ passage: Passage?
    ) -> [Candidate] {
        let words = TextWords(text)
        let quote = String(decoding: text, as: UTF8.self)
        var candidate = Candidate(
            statement: "", category: nil, rule: nil, otherRules: reading.otherRules, key: nil,
            features: reading.features, sighting: sighting(of: quote, block),
            latestLine: block.line, identity: identity, gateScore: score, words: words.content, passage: passage,
            guards: words.guards)
        if !words.namesSomething, [.user, .assistant].contains(block.role), !reading.features.contains(.ruleOwn) {
            candidate.features.insert(.namesNothing)
        }
        guard !reading.matches.isEmpty else {
            candidate.statement = Statement.isClean(text) ? quote : Statement.clean(text)
            return [candidate]
        }
        let features = candidate.features
        return reading.matches.map { match in
            candidate.statement = match.statement
            let rule = reader.matcher.rules[match.rule]
            candidate.category = rule.givesCategory ? rule.category : nil
            candidate.features = features
            candidate.features.insert(.speaks(rule.category))
            candidate.rule = match.rule
            candidate.identity = Candidate.identity(of: match.statement, rule: match.rule)
            candidate.key = match.key
            candidate.passage?.isWhole = match.key == nil && match.statement == Statement.clean(quote)
            return candidate
        }
    }
}
