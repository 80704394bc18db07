import Memories
import Transcripts

/// Where a message stands in its conversation, as far as it is known when its segments are read.
struct MessagePlace: Sendable {
    var role: Role
    var isFirst = false
    /// The assistant's first words after a person spoke.
    var isAnswer = false
    var followsTool = false
    /// What the person said before began with an objection.
    var answersObjection = false
    /// What the assistant said before ended in a question.
    var answersQuestion = false
}

/// Reads the features of a segment that its own text, its message and its place give.
enum SegmentFeatures {
    static func structural(
        of index: Int, in cut: SegmentedText, text: UnsafeBufferPointer<UInt8>, shape: TextShape, place: MessagePlace,
        proseLength: Int
    ) -> FeatureSet {
        let segment = cut.segments[index]
        var features = FeatureSet()
        features.insert(lengthFeature(shape.words))
        features.insert(messageFeature(proseLength))
        if cut.sourceLength > 2 * proseLength + 200 { features.insert(Feature.messageMostlyPasted) }
        switch segment.kind {
        case .sentence, .line: features.insert(Feature.kindSentence)
        case .item: features.insert(Feature.kindItem)
        case .label: features.insert(Feature.kindLabel)
        }
        placeInMessage(index, cut, &features)
        placeInConversation(place, &features)
        form(text, shape, segment.kind, &features)
        return features
    }

    private static func lengthFeature(_ words: Int) -> Feature {
        switch words {
        case ..<4: .words1to3
        case ..<8: .words4to7
        case ..<15: .words8to14
        case ..<25: .words15to24
        case ..<40: .words25to39
        default: .words40
        }
    }

    private static func messageFeature(_ bytes: Int) -> Feature {
        switch bytes {
        case ..<80: .messageTiny
        case ..<150: .messageShort
        case ..<400: .messageMedium
        case ..<1000: .messageLong
        case ..<2500: .messageVeryLong
        default: .messageHuge
        }
    }

    private static func placeInMessage(_ index: Int, _ cut: SegmentedText, _ features: inout FeatureSet) {
        let segment = cut.segments[index]
        if index == 0 { features.insert(Feature.placeFirst) }
        if index == cut.segments.count - 1 { features.insert(Feature.placeLast) }
        if cut.segments.count == 1 { features.insert(Feature.placeOnly) }
        if segment.kind == .sentence, segment.sentenceIndex == 0 { features.insert(Feature.paragraphStart) }
        if !segment.heading.isEmpty { features.insert(Feature.underHeading) }
        if !segment.label.isEmpty { features.insert(Feature.underLabel) }
        if index > 0, let mark = lastMark(of: cut.segments[index - 1].range, in: cut.bytes) {
            if mark == UInt8(ascii: ":") { features.insert(Feature.afterColon) }
            if mark == UInt8(ascii: "?") { features.insert(Feature.afterQuestion) }
        }
    }

    private static func lastMark(of range: Range<Int>, in bytes: [UInt8]) -> UInt8? {
        bytes[range].last { $0 != 0x2A && $0 != 0x20 }
    }

    private static func placeInConversation(_ place: MessagePlace, _ features: inout FeatureSet) {
        if place.isFirst { features.insert(Feature.turnFirst) }
        if place.isAnswer { features.insert(Feature.turnAnswer) }
        if place.followsTool { features.insert(Feature.turnAfterTool) }
        if place.answersObjection { features.insert(Feature.answersObjection) }
        if place.answersQuestion { features.insert(Feature.answersQuestion) }
    }

    private static func form(
        _ text: UnsafeBufferPointer<UInt8>, _ shape: TextShape, _ kind: Segment.Kind, _ features: inout FeatureSet
    ) {
        let boldStart = text.count > 2 && text[0] == 0x2A && text[1] == 0x2A
        if boldStart {
            features.insert(Feature.boldStart)
            if kind != .label, hasBoldLabel(text) { features.insert(Feature.boldLabel) }
        }
        if shape.hasBold { features.insert(Feature.bold) }
        if shape.lastMark == UInt8(ascii: "?") {
            features.insert(Feature.question)
        } else if shape.hasQuestion {
            features.insert(Feature.questionInside)
        }
        switch shape.lastMark {
        case UInt8(ascii: ":"): features.insert(Feature.colonEnd)
        case UInt8(ascii: "!"): features.insert(Feature.exclamation)
        case UInt8(ascii: "."), UInt8(ascii: "?"): break
        default: features.insert(Feature.unpunctuated)
        }
        let marks: [(Bool, Feature)] = [
            (shape.hasColonInside, .colonInside), (shape.hasArrow, .arrow), (shape.hasParenthesis, .parenthesis),
            (shape.hasQuotes, .quotes), (shape.codeSpans >= 1, .code), (shape.codeSpans >= 2, .code2),
            (shape.codeSpans >= 4, .code4), (shape.hasIdentifier, .identifier), (shape.hasPath, .path),
            (shape.numbers >= 1, .number), (shape.numbers >= 3, .number3), (shape.hasCount, .count),
            (shape.hasCapitals, .capitals), (shape.hasCheckMark, .checkMark), (shape.hasCrossMark, .crossMark),
            (shape.hasParty, .party), (shape.commas >= 3, .commas),
        ]
        for (present, feature) in marks where present { features.insert(feature) }
        opening(text, shape, &features)
    }

    /// `**Cause**: …`, `**Cause:** …`
    private static func hasBoldLabel(_ text: UnsafeBufferPointer<UInt8>) -> Bool {
        var position = 2
        while position + 1 < text.count, !(text[position] == 0x2A && text[position + 1] == 0x2A) { position += 1 }
        guard position + 2 < text.count else { return false }
        if text[position - 1] == UInt8(ascii: ":") { return true }
        var next = position + 2
        while next < text.count, text[next] == 0x20 { next += 1 }
        guard next < text.count else { return false }
        return text[next] == UInt8(ascii: ":") || text[next] == UInt8(ascii: "-") || text[next] == 0xE2
    }

    private static func opening(_ text: UnsafeBufferPointer<UInt8>, _ shape: TextShape, _ features: inout FeatureSet) {
        if let first = text.first, (0x61...0x7A).contains(first) { features.insert(Feature.lowerCase) }
        var end = shape.openingOffset
        while end < text.count, (0x61...0x7A).contains(text[end] | 0x20) { end += 1 }
        let word = UnsafeBufferPointer(rebasing: text[shape.openingOffset..<end])
        let next = end < text.count ? text[end] : 0x20
        guard next == 0x20 else { return }
        if isStep(word) { features.insert(Feature.stepHeading) }
        guard word.count > 4 else { return }
        if word.suffix(3).elementsEqual("ing".utf8) { features.insert(Feature.startsWithIng) }
        if word.suffix(2).elementsEqual("ed".utf8) { features.insert(Feature.startsWithEd) }
    }

    private static func isStep(_ word: UnsafeBufferPointer<UInt8>) -> Bool {
        let folded = word.lazy.map { $0 | 0x20 }
        return folded.elementsEqual("step".utf8) || folded.elementsEqual("phase".utf8)
    }
}
