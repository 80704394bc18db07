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
    /// What the person said before tells that something goes wrong.
    var followsProblem = false
    /// What the assistant said before ended in a question.
    var answersQuestion = false
}

/// Reads the features of a segment that its own text, its message and its place give.
enum SegmentFeatures {
    /// What the text itself gives.
    static func form(
        of text: UnsafeBufferPointer<UInt8>, _ shape: TextShape, _ kind: Segment.Kind
    ) -> FeatureSet {
        var features = FeatureSet()
        features.insert(lengthFeature(shape.words))
        switch kind {
        case .sentence, .line: features.insert(.kindSentence)
        case .item: features.insert(.kindItem)
        case .label: features.insert(.kindLabel)
        }
        addForm(text, shape, kind, &features)
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

    /// What the length of its message gives.
    static func messageFeature(_ bytes: Int) -> Feature {
        switch bytes {
        case ..<80: .messageTiny
        case ..<150: .messageShort
        case ..<400: .messageMedium
        case ..<1000: .messageLong
        case ..<2500: .messageVeryLong
        default: .messageHuge
        }
    }

    /// Where the segment stands in its message.
    static func addPosition(
        _ index: Int, in cut: SegmentedText, _ bytes: UnsafeBufferPointer<UInt8>, proseLength: Int,
        to features: inout FeatureSet
    ) {
        if cut.sourceLength > 2 * proseLength + 200 { features.insert(.messageMostlyPasted) }
        let segment = cut.segments[index]
        if index == 0 { features.insert(.placeFirst) }
        if index == cut.segments.count - 1 { features.insert(.placeLast) }
        if cut.segments.count == 1 { features.insert(.placeOnly) }
        if segment.kind == .sentence, segment.sentenceIndex == 0 { features.insert(.paragraphStart) }
        if !segment.heading.isEmpty { features.insert(.underHeading) }
        if !segment.label.isEmpty { features.insert(.underLabel) }
        if index > 0, let mark = lastMark(of: cut.segments[index - 1].range, in: bytes) {
            if mark == UInt8(ascii: ":") { features.insert(.afterColon) }
            if mark == UInt8(ascii: "?") { features.insert(.afterQuestion) }
        }
    }

    private static func lastMark(of range: Range<Int>, in bytes: UnsafeBufferPointer<UInt8>) -> UInt8? {
        bytes[range].last { $0 != 0x2A && $0 != 0x20 }
    }

    /// Where its message stands in the conversation.
    static func addPlace(_ place: MessagePlace, to features: inout FeatureSet) {
        if place.role == .user {
            features.insert(.byUser)
            let isShort = [Feature.words1to3, .words4to7, .words8to14].contains(where: features.contains)
            if isShort, features.contains(.number) { features.insert(.valueGiven) }
        }
        if place.isFirst { features.insert(.turnFirst) }
        if place.isAnswer { features.insert(.turnAnswer) }
        if place.followsTool { features.insert(.turnAfterTool) }
        if place.answersObjection { features.insert(.answersObjection) }
        if place.followsProblem { features.insert(.problemTold) }
        if place.answersQuestion { features.insert(.answersQuestion) }
    }

    /// What a person's sentence is for, by its first words.
    static func addPurpose(of text: UnsafeBufferPointer<UInt8>, to features: inout FeatureSet) {
        let opening = Opening(text)
        if features.contains(.question), opening.asksToKnow { features.insert(.asksToKnow) }
        if opening.ordersWork { features.insert(.ordersWork) }
    }

    private static func addForm(
        _ text: UnsafeBufferPointer<UInt8>, _ shape: TextShape, _ kind: Segment.Kind, _ features: inout FeatureSet
    ) {
        let boldStart = text.count > 2 && text[0] == 0x2A && text[1] == 0x2A
        if boldStart {
            features.insert(.boldStart)
            if kind != .label, hasBoldLabel(text) { features.insert(.boldLabel) }
        }
        if shape.hasBold { features.insert(.bold) }
        if shape.lastMark == UInt8(ascii: "?") {
            features.insert(.question)
        } else if shape.hasQuestion {
            features.insert(.questionInside)
        }
        switch shape.lastMark {
        case UInt8(ascii: ":"): features.insert(.colonEnd)
        case UInt8(ascii: "!"): features.insert(.exclamation)
        case UInt8(ascii: "."), UInt8(ascii: "?"): break
        default: features.insert(.unpunctuated)
        }
        if shape.hasColonInside { features.insert(.colonInside) }
        if shape.hasArrow { features.insert(.arrow) }
        if shape.hasParenthesis { features.insert(.parenthesis) }
        if shape.hasQuotes { features.insert(.quotes) }
        if shape.codeSpans >= 1 { features.insert(.code) }
        if shape.codeSpans >= 2 { features.insert(.code2) }
        if shape.codeSpans >= 4 { features.insert(.code4) }
        if shape.hasIdentifier { features.insert(.identifier) }
        if shape.hasPath { features.insert(.path) }
        if shape.numbers >= 1 { features.insert(.number) }
        if shape.numbers >= 3 { features.insert(.number3) }
        if shape.hasCount { features.insert(.count) }
        if shape.hasQuantity { features.insert(.quantity) }
        if shape.hasCapitals { features.insert(.capitals) }
        if shape.hasCheckMark { features.insert(.checkMark) }
        if shape.hasCrossMark { features.insert(.crossMark) }
        if shape.hasParty { features.insert(.party) }
        if shape.commas >= 3 { features.insert(.commas) }
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
        if let first = text.first, (0x61...0x7A).contains(first) { features.insert(.lowerCase) }
        var end = shape.openingOffset
        while end < text.count, (0x61...0x7A).contains(text[end] | 0x20) { end += 1 }
        let word = UnsafeBufferPointer(rebasing: text[shape.openingOffset..<end])
        let next = end < text.count ? text[end] : 0x20
        guard next == 0x20 else { return }
        if isStep(word) { features.insert(.stepHeading) }
        guard word.count > 4 else { return }
        if word.suffix(3).elementsEqual("ing".utf8) { features.insert(.startsWithIng) }
        if word.suffix(2).elementsEqual("ed".utf8) { features.insert(.startsWithEd) }
    }

    private static func isStep(_ word: UnsafeBufferPointer<UInt8>) -> Bool {
        let folded = word.lazy.map { $0 | 0x20 }
        return folded.elementsEqual("step".utf8) || folded.elementsEqual("phase".utf8)
    }
}
