public import Memories

/// What kind of answer a question wants, as far as its form tells.
public struct QuestionIntent: Sendable, Equatable {
    /// Categories of memories that answer such a question; empty when it does not tell.
    public var categories: [MemoryCategory] = []
    /// Words one of which stands in most sentences that answer it.
    var cues: [String] = []
    /// An answer holds a number, or code.
    var wantsNumber = false
    var wantsCode = false

    init(_ question: String) {
        let text = QuestionIntent.folded(question)
        func asks(_ phrases: [String]) -> Bool { phrases.contains { QuestionIntent.holds(text, $0) } }
        if asks([
            " why ", " reason ", " because ", " decide", " chose ", " choose ", " instead of ", " por qué ", "为什么",
            "为何",
        ]) {
            categories += [.decision, .bug]
            cues += [
                "because", "since", "due to", "so that", "caus", "reason", "root", "problem", "porque", "因为", "原因",
            ]
        }
        if asks([" cause", " bug ", " error", " fail", " crash", " broke", " wrong ", "原因"]) {
            categories += [.bug]
            cues += ["because", "caus", "root", "problem", "issue", "原因"]
        }
        if asks([" fix", " solve", " resolve", " repair", "解决"]) {
            categories += [.bug, .decision]
            cues += ["fix", "solv", "resolv", "instead", "now "]
        }
        if asks([
            " how many ", " how much ", " how long ", " how often ", " how fast ", " how large ", " how big ",
            " which version ", " port ",
            " timeout", " threshold", " limit", " maximum", " minimum", " average", " rate ", " latency", " version ",
            " 多少", "多少", " cuánt",
        ]) {
            categories += [.config, .result]
            wantsNumber = true
        }
        if asks([
            " port ", " setting", " config", " variable", " path ", " which file ", " url ", " version ", " flag ",
            " command",
        ]) {
            categories += [.config]
        }
        if asks([" command", " how do i run ", " how do you run ", " how do we run ", " how to run ", " install "]) {
            wantsCode = true
        }
        if asks([
            " prefer", " allowed", " may ", " should ", " must ", " can we ", " can i ", " always ", " never ", " rule",
            " convention", " want ",
        ]) {
            categories += [.constraint, .decision]
            cues += ["always", "never", "must", "prefer", "only ", "not ", "n't", "no "]
        }
        if asks([
            " pending", " todo", " to do ", " open ", " remaining", " still ", " left ", " status ", " progress",
            " next ", "待办",
        ]) {
            categories += [.task]
            cues += ["pending", "todo", "open", "remain", "still", "not yet", "progress", "done", "待办"]
        }
        if asks([
            " structure", " architecture", " works ", " work ", " flow ", " implemented ", " organized ", " where is ",
            " where are ",
        ]) {
            categories += [.arch]
        }
        if asks([" result", " measured", " before and after ", " benchmark", " faster ", " slower "]) {
            categories += [.result]
        }
    }

    /// Whether a sentence has the form of an answer.
    func suits(_ text: String) -> Bool {
        if wantsNumber, text.utf8.contains(where: { $0 >= 0x30 && $0 <= 0x39 }) { return true }
        if wantsCode, text.utf8.contains(UInt8(ascii: "`")) { return true }
        guard !cues.isEmpty else { return false }
        let folded = Array(text.lowercased().utf8)
        return cues.contains { QuestionIntent.holds(folded, $0) }
    }

    /// Letters, small, and digits as they are, a blank for every other character and at both ends.
    private static func folded(_ question: String) -> [UInt8] {
        var text: [UInt8] = [0x20]
        for scalar in question.lowercased().unicodeScalars {
            switch scalar.value {
            case 0x30...0x39, 0x61...0x7A: text.append(UInt8(scalar.value))
            case 0x80...:
                let isWord = scalar.properties.isAlphabetic || scalar.properties.numericType != nil
                if isWord { text += Array(String(scalar).utf8) } else { text.append(0x20) }
            default: text.append(0x20)
            }
        }
        text.append(0x20)
        return text
    }

    /// The library's search for a text in a text makes a table for each; these are too short for that.
    private static func holds(_ text: [UInt8], _ phrase: String) -> Bool {
        var phrase = phrase
        return phrase.withUTF8 { phrase in
            text.withUnsafeBufferPointer { text in
                guard let first = phrase.first, text.count >= phrase.count else { return false }
                for start in 0...(text.count - phrase.count) where text[start] == first {
                    var length = 1
                    while length < phrase.count, text[start + length] == phrase[length] { length += 1 }
                    if length == phrase.count { return true }
                }
                return false
            }
        }
    }
}
