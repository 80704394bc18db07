import Memories
import RulePacks
import Transcripts

/// What one segment gave: its features, and what the rules made of it.
struct SegmentReading {
    var segment: Segment
    var features: FeatureSet
    /// Whether its own form, words and place spoke too little for it to be asked further.
    var isBelowFloor = false
    /// One for each memory that rules read out of it; empty when none did.
    var matches: [RuleMatch] = []
    var otherRules: [Int] = []
}

/// Reads a block's segments: form, literals in one pass, then the rules whose keywords occur.
///
/// Rules are asked only about segments that speak enough for themselves (`ScoringTable.floor`).
final class SegmentReader {
    let matcher: RuleMatcher
    let vocabulary: FeatureVocabulary
    private let ruleReader: RuleReader
    private let literals: LiteralIndex
    /// By the rules that read a tool: their keywords.
    private var toolLiterals: [RuleNumbers: LiteralIndex] = [:]
    private let surroundings: SurroundingsIndex
    private let usesPrefilter: Bool
    private let narration: Int?
    private let objection: Int?
    /// `no problem`: words that begin like an objection and are none.
    private let agreement: Int?
    private let correction: Int?
    private let diagnosis: Int?
    private let symptom: Int?
    private let harm: Int?
    private let inability: Int?
    private let fixed: Int?
    private let todo: Int?
    /// Which rules' keywords occur in which segment of the message at hand.
    private var woken: [RuleNumbers] = []
    private var forms: SegmentForms

    /// - Parameter usesPrefilter: False tries every rule on every segment; a test shows that both give the same.
    init(rules: [Rule], table: ScoringTable, usesPrefilter: Bool = true) {
        matcher = RuleMatcher(rules: rules)
        vocabulary = FeatureVocabulary(table)
        ruleReader = RuleReader(matcher: matcher)
        literals = LiteralIndex(of: rules, where: { rules[$0].roles != [.tool] }, cues: table.cues)
        surroundings = SurroundingsIndex(cues: table.cues)
        forms = SegmentForms(rules: rules.count)
        self.usesPrefilter = usesPrefilter
        narration = vocabulary.number(of: "opening.narration")
        objection = vocabulary.number(of: "opening.objection")
        agreement = vocabulary.number(of: "opening.agreement")
        correction = vocabulary.number(of: "opening.correction")
        diagnosis = vocabulary.number(of: "cue.diagnosis")
        symptom = vocabulary.number(of: "cue.symptom")
        harm = vocabulary.number(of: "cue.harm")
        inability = vocabulary.number(of: "cue.inability")
        fixed = vocabulary.number(of: "cue.fixed")
        todo = vocabulary.number(of: "cue.todo")
    }

    /// Forgets what belongs to the transcript before.
    func beginTranscript() {
        matcher.beginTranscript()
        ruleReader.beginTranscript()
    }

    /// Whether the words begin with an objection ("no, …", "that's wrong") or take something back ("you're right").
    struct Attitude {
        var objects = false
        var corrects = false
        /// A sentence of it tells what goes wrong, or a log or a stack trace shows it.
        var tellsProblem = false
    }

    /// Reads all segments of a message.
    func read(
        _ cut: SegmentedText, place: MessagePlace, judge: TranscriptExtractor.Judge
    ) -> (readings: [SegmentReading], attitude: Attitude) {
        var readings: [SegmentReading] = []
        readings.reserveCapacity(cut.segments.count)
        cut.bytes.withUnsafeBufferPointer { bytes in
            structure(cut, bytes, place, &readings)
            noteNeighbours(&readings, place.role)
            noteMessage(&readings, place.role)
            for index in readings.indices {
                if judge.score(readings[index].features, place.role) < judge.floor {
                    readings[index].isBelowFloor = true
                    guard ruleReader.keepAsked(&woken[index]) else { continue }
                }
                ruleReader.apply(woken[index], to: &readings[index], in: bytes, role: place.role, judge: judge)
                // Only a rule that speaks lifts a segment over the floor; that a keyword stands there does not.
                if !readings[index].matches.isEmpty { readings[index].isBelowFloor = false }
            }
        }
        var attitude = Attitude()
        if let first = readings.first {
            let agrees = agreement.map(first.features.contains) ?? false
            attitude.objects = !agrees && objection.map(first.features.contains) ?? false
            attitude.corrects = correction.map(first.features.contains) ?? false
        }
        attitude.tellsProblem =
            cut.excludedLines[SegmentedText.Excluded.stackTrace.rawValue] > 0
            || cut.excludedLines[SegmentedText.Excluded.log.rawValue] > 0
            || readings.contains { reading in
                [symptom].contains { $0.map(reading.features.contains) ?? false }
            }
        return (readings, attitude)
    }

    /// Runs the rules for tool output on the lines in which a keyword occurs.
    func readToolOutput(
        _ text: UnsafeBufferPointer<UInt8>, tool: String?, judge: TranscriptExtractor.Judge
    ) -> [SegmentReading] {
        let place = MessagePlace(role: .tool)
        var readings: [SegmentReading] = []
        let readers = ruleReader.readers(ofTool: tool)
        guard !readers.isEmpty else { return [] }
        for (line, woken) in toolLines(text, readers) {
            var wanted = woken
            wanted.formIntersection(readers)
            guard !wanted.isEmpty else { continue }
            var reading = SegmentReading(segment: .line(line), features: FeatureSet())
            ruleReader.apply(wanted, to: &reading, in: text, role: .tool, judge: judge)
            guard !reading.matches.isEmpty else { continue }
            let part = UnsafeBufferPointer(rebasing: text[line])
            reading.features.formUnion(SegmentFeatures.form(of: part, TextShape(part), .line))
            reading.features.insert(SegmentFeatures.messageFeature(line.count))
            SegmentFeatures.addPlace(place, to: &reading.features)
            readings.append(reading)
        }
        return readings
    }

    // MARK: -

    /// Fills in what form, place and words give, and notes the rules that are woken.
    private func structure(
        _ cut: SegmentedText, _ bytes: UnsafeBufferPointer<UInt8>, _ place: MessagePlace,
        _ readings: inout [SegmentReading]
    ) {
        let proseLength = cut.proseLength
        var above = SurroundingsCache()
        for (index, segment) in cut.segments.enumerated() {
            if index == woken.count { woken.append(RuleNumbers(count: matcher.rules.count)) }
            woken[index].removeAll()
            var features = form(of: segment, bytes, &woken[index])
            features.insert(SegmentFeatures.messageFeature(proseLength))
            SegmentFeatures.addPosition(index, in: cut, bytes, proseLength: proseLength, to: &features)
            SegmentFeatures.addPlace(place, to: &features)
            if place.role == .user {
                SegmentFeatures.addPurpose(of: UnsafeBufferPointer(rebasing: bytes[segment.range]), to: &features)
            }
            features.formUnion(above.features(segment, bytes, surroundings))
            if usesPrefilter {
                woken[index].formUnion(ruleReader.unfiltered(place.role))
            } else {
                woken[index].formUnion(ruleReader.all)
            }
            readings.append(SegmentReading(segment: segment, features: features))
        }
    }

    /// What a segment's own text gives: form and cues, and the rules that its keywords wake.
    private func form(
        of segment: Segment, _ bytes: UnsafeBufferPointer<UInt8>, _ woken: inout RuleNumbers
    ) -> FeatureSet {
        let signature = SegmentForms.signature(segment.kind, segment.range, of: bytes)
        if let known = forms.find(signature, &woken) { return known }
        let text = UnsafeBufferPointer(rebasing: bytes[segment.range])
        let shape = TextShape(text)
        var features = SegmentFeatures.form(of: text, shape, segment.kind)
        let opening = segment.range.lowerBound + shape.openingOffset
        literals.find(in: segment.range, of: bytes, opening: opening, &features, &woken)
        forms.insert(signature, features, woken)
        return features
    }

    /// The lines in which a keyword occurs, with the rules that it wakes; every line when a rule has no keywords.
    private func toolLines(
        _ text: UnsafeBufferPointer<UInt8>, _ readers: RuleNumbers
    ) -> [(line: Range<Int>, woken: RuleNumbers)] {
        if !usesPrefilter || !ruleReader.unfiltered(.tool).isEmpty {
            return Segmenter.lines(of: text).segments.map { ($0.range, ruleReader.all) }
        }
        var lines: [(line: Range<Int>, woken: RuleNumbers)] = []
        var place = 0
        var wasASCII = true
        let literals = literals(for: readers)
        for (literal, range) in literals.matches(in: text) {
            if wasASCII, !literals.isASCII(literal) {
                wasASCII = false
                place = 0
            }
            while place < lines.count, lines[place].line.upperBound <= range.lowerBound { place += 1 }
            if place == lines.count || lines[place].line.lowerBound > range.lowerBound {
                let line = Segmenter.line(around: range, in: text)
                lines.insert((line, RuleNumbers(count: matcher.rules.count)), at: place)
            }
            literals.wake(&lines[place].woken, by: literal)
        }
        return lines
    }

    private func literals(for readers: RuleNumbers) -> LiteralIndex {
        if let known = toolLiterals[readers] { return known }
        let fresh = LiteralIndex(of: matcher.rules, where: readers.contains)
        toolLiterals[readers] = fresh
        return fresh
    }

    private func noteNeighbours(_ readings: inout [SegmentReading], _ role: Role) {
        for index in readings.indices {
            if index + 1 < readings.count, let narration, readings[index + 1].features.contains(narration) {
                readings[index].features.insert(.beforeNarration)
            }
            if let correction {
                if readings[index].features.contains(correction) { readings[index].features.insert(.correction) }
                if index > 0, readings[index - 1].features.contains(correction) {
                    readings[index].features.insert(.afterCorrection)
                }
            }
            if role == .user, let objection, readings[index].features.contains(objection) {
                readings[index].features.insert(.objection)
            }
        }
    }
}

extension SegmentReader {
    /// What the other sentences of the message say: a sentence that stands among causes tells of a fault as well.
    private func noteMessage(_ readings: inout [SegmentReading], _ role: Role) {
        var said = FeatureSet()
        for reading in readings { said.formUnion(reading.features) }
        var shared = FeatureSet()
        if diagnosis.map(said.contains) ?? false { shared.insert(.messageDiagnoses) }
        if correction.map(said.contains) ?? false { shared.insert(.messageCorrects) }
        if todo.map(said.contains) ?? false { shared.insert(.messageOpens) }
        // Behind the question there is often a line of thanks or an offer.
        if role == .assistant, readings.suffix(3).contains(where: { $0.features.contains(.question) }) {
            shared.insert(.messageAsks)
        }
        let besides: [(number: Int?, feature: Feature)] = [(symptom, .besideSymptom), (fixed, .besideFix)]
        for index in readings.indices {
            readings[index].features.formUnion(shared)
            for case let (number?, feature) in besides where said.contains(number) {
                let before = index > 0 && readings[index - 1].features.contains(number)
                let behind = index + 1 < readings.count && readings[index + 1].features.contains(number)
                if before || behind { readings[index].features.insert(feature) }
            }
        }
    }
}

/// The features of the heading and the label above a segment; they change seldom from one segment to the next.
private struct SurroundingsCache {
    private var heading = 0..<0
    private var label = 0..<0
    private var cached = FeatureSet()

    mutating func features(
        _ segment: Segment, _ bytes: UnsafeBufferPointer<UInt8>, _ index: SurroundingsIndex
    ) -> FeatureSet {
        guard segment.heading != heading || segment.label != label else { return cached }
        heading = segment.heading
        label = segment.label
        cached = index.features(of: UnsafeBufferPointer(rebasing: bytes[heading]), as: .heading)
        cached.formUnion(index.features(of: UnsafeBufferPointer(rebasing: bytes[label]), as: .label))
        return cached
    }
}
