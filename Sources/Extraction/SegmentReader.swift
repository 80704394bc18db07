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
    private let toolLiterals: LiteralIndex
    private let surroundings: SurroundingsIndex
    private let usesPrefilter: Bool
    private let narration: Int?
    private let objection: Int?
    private let correction: Int?

    /// - Parameter usesPrefilter: False tries every rule on every segment; a test shows that both give the same.
    init(rules: [Rule], table: ScoringTable, usesPrefilter: Bool = true) {
        matcher = RuleMatcher(rules: rules)
        vocabulary = FeatureVocabulary(table)
        ruleReader = RuleReader(matcher: matcher)
        literals = LiteralIndex(rules: rules, roles: [.user, .assistant, .summary], cues: table.cues)
        toolLiterals = LiteralIndex(rules: rules, roles: [.tool])
        surroundings = SurroundingsIndex(cues: table.cues)
        self.usesPrefilter = usesPrefilter
        narration = vocabulary.number(of: "opening.narration")
        objection = vocabulary.number(of: "opening.objection")
        correction = vocabulary.number(of: "opening.correction")
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
    }

    /// Reads all segments of a message.
    func read(
        _ cut: SegmentedText, place: MessagePlace, judge: TranscriptExtractor.Judge
    ) -> (readings: [SegmentReading], attitude: Attitude) {
        var readings: [SegmentReading] = []
        readings.reserveCapacity(cut.segments.count)
        var hits = KeywordHits()
        cut.bytes.withUnsafeBufferPointer { bytes in
            var openings = structure(cut, bytes, place, &readings)
            findLiterals(in: bytes, &readings, &openings, &hits)
            noteNeighbours(&readings, place.role)
            for index in readings.indices {
                guard judge.score(readings[index].features, place.role) >= judge.floor else {
                    readings[index].isBelowFloor = true
                    continue
                }
                let numbers = usesPrefilter ? hits.rules(of: index) + ruleReader.unfiltered(place.role) : ruleReader.all
                ruleReader.apply(numbers, to: &readings[index], in: bytes, role: place.role, judge: judge)
            }
        }
        var attitude = Attitude()
        if let first = readings.first {
            attitude.objects = objection.map(first.features.contains) ?? false
            attitude.corrects = correction.map(first.features.contains) ?? false
        }
        return (readings, attitude)
    }

    /// Runs the rules for tool output on the lines in which a keyword occurs.
    func readToolOutput(
        _ text: UnsafeBufferPointer<UInt8>, tool: String?, judge: TranscriptExtractor.Judge
    ) -> [SegmentReading] {
        let place = MessagePlace(role: .tool)
        var readings: [SegmentReading] = []
        for (line, numbers) in toolLines(text) {
            let wanted = numbers.filter { ruleReader.reads($0, tool: tool) }
            guard !wanted.isEmpty else { continue }
            var reading = SegmentReading(segment: .line(line), features: FeatureSet())
            ruleReader.apply(wanted, to: &reading, in: text, role: .tool, judge: judge)
            guard !reading.matches.isEmpty else { continue }
            let part = UnsafeBufferPointer(rebasing: text[line])
            reading.features.formUnion(SegmentFeatures.form(of: part, TextShape(part), .line, proseLength: line.count))
            SegmentFeatures.addPlace(place, to: &reading.features)
            readings.append(reading)
        }
        return readings
    }

    // MARK: -

    /// Fills in what form and place give; returns where the words of each segment begin.
    private func structure(
        _ cut: SegmentedText, _ bytes: UnsafeBufferPointer<UInt8>, _ place: MessagePlace,
        _ readings: inout [SegmentReading]
    ) -> [Int] {
        let proseLength = cut.proseLength
        var openings: [Int] = []
        openings.reserveCapacity(cut.segments.count)
        var above = SurroundingsCache()
        for (index, segment) in cut.segments.enumerated() {
            let text = UnsafeBufferPointer(rebasing: bytes[segment.range])
            let shape = TextShape(text)
            var features = SegmentFeatures.form(of: text, shape, segment.kind, proseLength: proseLength)
            SegmentFeatures.addPosition(index, in: cut, bytes, proseLength: proseLength, to: &features)
            SegmentFeatures.addPlace(place, to: &features)
            features.formUnion(above.features(segment, bytes, surroundings))
            openings.append(segment.range.lowerBound + shape.openingOffset)
            readings.append(SegmentReading(segment: segment, features: features))
        }
        return openings
    }

    private func findLiterals(
        in bytes: UnsafeBufferPointer<UInt8>, _ readings: inout [SegmentReading], _ openings: inout [Int],
        _ hits: inout KeywordHits
    ) {
        var current = 0
        readings.withUnsafeMutableBufferPointer { readings in
            guard !readings.isEmpty else { return }
            literals.forEachUse(in: bytes) { use, range in
                while current < readings.count, readings[current].segment.range.upperBound < range.upperBound {
                    current += 1
                }
                guard current < readings.count, readings[current].segment.range.lowerBound <= range.lowerBound else {
                    return
                }
                switch use.kind {
                case .keyword: hits.add(use.number, segment: current)
                case .cue: readings[current].features.insert(use.number)
                case .opening:
                    if range.lowerBound == openings[current] { readings[current].features.insert(use.number) }
                }
            }
        }
    }

    /// The lines in which a keyword occurs, with the rules that it wakes; every line when a rule has no keywords.
    private func toolLines(_ text: UnsafeBufferPointer<UInt8>) -> [(line: Range<Int>, rules: [Int])] {
        if !usesPrefilter || !ruleReader.unfiltered(.tool).isEmpty {
            return Segmenter.lines(of: text).segments.map { ($0.range, ruleReader.all) }
        }
        var lines: [(line: Range<Int>, rules: [Int])] = []
        toolLiterals.forEachUse(in: text) { use, range in
            if let last = lines.last, last.line.contains(range.lowerBound) {
                if !last.rules.contains(use.number) { lines[lines.count - 1].rules.append(use.number) }
            } else {
                lines.append((Segmenter.line(around: range, in: text), [use.number]))
            }
        }
        return lines
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

/// Which rules' keywords occur in which segment of a message.
private struct KeywordHits {
    private var hits: [(segment: Int32, rule: Int32)] = []

    mutating func add(_ rule: Int, segment: Int) {
        // A segment's hits come together; the last ones tell whether the rule is known.
        var index = hits.count - 1
        while index >= 0, hits[index].segment == segment {
            if hits[index].rule == rule { return }
            index -= 1
        }
        hits.append((Int32(segment), Int32(rule)))
    }

    func rules(of segment: Int) -> [Int] {
        // Hits are in the order of segments.
        var low = 0
        var high = hits.count
        while low < high {
            let middle = (low + high) / 2
            if hits[middle].segment < segment { low = middle + 1 } else { high = middle }
        }
        var rules: [Int] = []
        while low < hits.count, hits[low].segment == segment {
            rules.append(Int(hits[low].rule))
            low += 1
        }
        return rules
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
