/// Makes a text harmless to read for a model and a terminal, on the way in and on every way out: nothing in it passes for
/// words of the harness, and nothing in it is unseen.
///
/// The `<` of a tag that the harness or the model would write becomes `‹` (U+2039), the colon of a `Human:` or `Assistant:`
/// that begins a turn becomes `∶` (U+2236); the words stay. What `CharacterCleaner` names is taken out. Doing it twice
/// changes nothing. Two harmless texts can form a tag where they are joined: neutralize what was assembled.
public enum Neutralizer {
    /// The harmless text; nil when the text is harmless already. Linear in the text.
    ///
    /// - Parameter bytes: Any bytes.
    /// - Returns: Valid UTF-8, and how many tags, turns, characters and sequences were dealt with.
    public static func neutralized(_ bytes: UnsafeBufferPointer<UInt8>) -> (text: [UInt8], count: Int)? {
        let survey = TextSurvey(bytes)
        guard let cleaned = CharacterCleaner.cleaned(bytes, survey) else {
            return withoutForgery(bytes, survey)
        }
        let rest = cleaned.text.withUnsafeBufferPointer { withoutForgery($0, survey) }
        return (rest?.text ?? cleaned.text, cleaned.count + (rest?.count ?? 0))
    }

    /// The harmless text: the same string when there is nothing to do.
    public static func neutralized(_ text: String) -> String {
        var text = text
        guard let result = text.withUTF8({ neutralized($0) }) else { return text }
        return String(decoding: result.text, as: UTF8.self)
    }

    /// The text without forged tags and turns; control characters stay, such as the colours of a terminal.
    public static func withoutForgery(_ text: String) -> String {
        var text = text
        guard let result = text.withUTF8({ withoutForgery($0, TextSurvey($0)) }) else { return text }
        return String(decoding: result.text, as: UTF8.self)
    }

    /// Nil when nothing is forged.
    package static func withoutForgery(
        _ bytes: UnsafeBufferPointer<UInt8>, _ survey: TextSurvey
    ) -> (text: [UInt8], count: Int)? {
        var places: [Int] = []
        if survey.hasAngle { addTags(in: bytes, to: &places) }
        if survey.hasColon { addTurns(in: bytes, to: &places) }
        guard !places.isEmpty else { return nil }
        places.sort()
        var text: [UInt8] = []
        text.reserveCapacity(bytes.count + 2 * places.count)
        var copied = 0
        for place in places {
            text += bytes[copied..<place]
            text += (bytes[place] == UInt8(ascii: "<") ? "\u{2039}" : "\u{2236}").utf8
            copied = place + 1
        }
        text += bytes[copied...]
        return (text, places.count)
    }

    /// Every `<` gone: for a text that will not come to rest.
    package static func withoutAngles(_ bytes: UnsafeBufferPointer<UInt8>) -> [UInt8] {
        bytes.flatMap { $0 == UInt8(ascii: "<") ? Array("\u{2039}".utf8) : [$0] }
    }

    // MARK: - Tags

    private static func addTags(in bytes: UnsafeBufferPointer<UInt8>, to places: inout [Int]) {
        var at = 0
        while let open = bytes.firstOffset(of: UInt8(ascii: "<"), from: at) {
            at = open + 1
            if isTag(in: bytes, at: open) { places.append(open) }
        }
    }

    /// A tag need not be finished: the rest may come with the next text. `a < parameter` in a program is none, though:
    /// with white space in front, what follows must look like the rest of a tag, or the name must have a hyphen.
    private static func isTag(in bytes: UnsafeBufferPointer<UInt8>, at open: Int) -> Bool {
        var at = bytes.skippingSpaces(from: open + 1)
        var isSpaced = at > open + 1
        if at < bytes.count, bytes[at] == UInt8(ascii: "/") {
            isSpaced = false
            at = bytes.skippingSpaces(from: at + 1)
        }
        let start = at
        while at < bytes.count, isNameByte(bytes[at]) { at += 1 }
        guard at > start, HarnessNames.contain(bytes.part(start..<at)) else { return false }
        guard isSpaced, !bytes[start..<at].contains(UInt8(ascii: "-")) else { return true }
        at = bytes.skippingSpaces(from: at)
        if at == bytes.count || bytes[at] == UInt8(ascii: ">") || bytes[at] == UInt8(ascii: "/") { return true }
        let attribute = at
        while at < bytes.count, isNameByte(bytes[at]) { at += 1 }
        at = at > attribute ? bytes.skippingSpaces(from: at) : bytes.count
        return at < bytes.count && bytes[at] == UInt8(ascii: "=")
    }

    private static func isNameByte(_ byte: UInt8) -> Bool {
        Bytes.isAlphanumeric(byte) || byte == UInt8(ascii: "-") || byte == UInt8(ascii: "_")
            || byte == UInt8(ascii: ":")
    }

    // MARK: - Turns

    /// The colons of `Human:` and `Assistant:` behind an empty line.
    private static func addTurns(in bytes: UnsafeBufferPointer<UInt8>, to places: inout [Int]) {
        var at = 0
        while let colon = bytes.firstOffset(of: UInt8(ascii: ":"), from: at) {
            at = colon + 1
            if isTurn(in: bytes, at: colon) { places.append(colon) }
        }
    }

    private static func isTurn(in bytes: UnsafeBufferPointer<UInt8>, at colon: Int) -> Bool {
        var end = colon
        while end > 0, bytes[end - 1] == 0x20 || bytes[end - 1] == 0x09 { end -= 1 }
        var start: Int
        if bytes.holds("human", at: end - 5) {
            start = end - 5
        } else if bytes.holds("assistant", at: end - 9) {
            start = end - 9
        } else {
            return false
        }
        var lineFeeds = 0
        while start > 0, bytes[start - 1] <= 0x20, lineFeeds < 2 {
            start -= 1
            if bytes[start] == 0x0A { lineFeeds += 1 }
        }
        return lineFeeds == 2
    }
}
