import JSON

/// Decodes what tools gave back.
enum ToolResults {
    /// Deeper than this nothing is looked for; a real result has one array.
    private static let depthLimit = 8

    /// Appends the text of a `tool_result`'s content: a string, or blocks with text, also in each other, a line between
    /// them. Images and `null` give nothing.
    static func append(
        _ line: UnsafeBufferPointer<UInt8>, at offset: Int, to text: inout TextBuffer, limit: Int, depth: Int = 0
    ) throws(JSONError) {
        guard depth < depthLimit else { return }
        var scanner = JSONScanner(line, at: offset)
        switch try scanner.peek() {
        case .string:
            if let string = try scanner.string() { appendPart(string, to: &text, limit: limit) }
        case .array:
            guard try scanner.enterArray() else { return }
            while try scanner.nextElement() {
                let element = try scanner.skip()
                try append(line, at: element.lowerBound, to: &text, limit: limit, depth: depth + 1)
            }
        case .object:
            let block = try ContentBlock(&scanner)
            if let part = block.text { appendPart(part, to: &text, limit: limit) }
            if let content = block.content {
                try append(line, at: content.lowerBound, to: &text, limit: limit, depth: depth + 1)
            }
        case .number, .bool, .null: break
        }
    }

    private static func appendPart(_ part: JSONString, to text: inout TextBuffer, limit: Int) {
        guard !part.raw.isEmpty, !HarnessLists.resultStarts.contains(where: { part.raw.hasPrefix($0) }) else { return }
        if !text.bytes.isEmpty { text.bytes.append(0x0A) }
        text.append(part, limit: limit)
    }

    /// The tool behind a result whose call was not seen, by the shape of `toolUseResult`.
    static func toolName(_ line: UnsafeBufferPointer<UInt8>, at offset: Int) throws(JSONError) -> String? {
        var scanner = JSONScanner(line, at: offset)
        guard try scanner.enterObject() else { return nil }
        while let key = try scanner.nextKey() {
            if key.equals("stdout") { return "Bash" }
            if key.equals("answers") { return "AskUserQuestion" }
            if key.equals("totalToolUseCount") { return "Agent" }
            try scanner.skip()
        }
        return nil
    }

    // MARK: - Answers

    /// Appends `question → answer` lines from `toolUseResult.answers`.
    static func appendAnswers(
        _ line: UnsafeBufferPointer<UInt8>, at offset: Int, to text: inout TextBuffer, limit: Int
    ) throws(JSONError) {
        var scanner = JSONScanner(line, at: offset)
        guard try scanner.enterObject() else { return }
        while let key = try scanner.nextKey() {
            guard key.equals("answers") else {
                try scanner.skip()
                continue
            }
            guard try scanner.enterObject() else { continue }
            while let question = try scanner.nextKey() {
                let answer = try scanner.skip()
                let start = text.bytes.count
                if start > 0 { text.bytes.append(0x0A) }
                text.append(question, limit: limit)
                text.bytes.append(contentsOf: " → ".utf8)
                let from = text.bytes.count
                try appendAnswer(line, at: answer.lowerBound, to: &text, limit: limit)
                if text.bytes.count == from { text.bytes.removeSubrange(start...) }
            }
        }
    }

    /// One answer: a string, or several in an array.
    private static func appendAnswer(
        _ line: UnsafeBufferPointer<UInt8>, at offset: Int, to text: inout TextBuffer, limit: Int
    ) throws(JSONError) {
        var scanner = JSONScanner(line, at: offset)
        guard try scanner.peek() == .array else {
            if let answer = try scanner.string() { text.append(answer, limit: limit) }
            return
        }
        guard try scanner.enterArray() else { return }
        var isFirst = true
        while try scanner.nextElement() {
            guard let answer = try scanner.string() else { continue }
            if !isFirst { text.bytes.append(contentsOf: ", ".utf8) }
            text.append(answer, limit: limit)
            isFirst = false
        }
    }

    /// Turns `User has answered your questions: "…"="…", "…"="…". You can now …` into `question → answer` lines.
    ///
    /// - Returns: false, and the text as it was, when there is no answer in it.
    static func rewriteAnswers(_ text: inout [UInt8]) -> Bool {
        var lines: [UInt8] = []
        var at = text.firstIndex(of: UInt8(ascii: "\"")) ?? text.count
        while at < text.count, let equals = text.range(of: "\"=\"", from: at + 1) {
            guard let end = answerEnd(text, from: equals.upperBound) else { break }
            if !lines.isEmpty { lines.append(0x0A) }
            lines += text[(at + 1)..<equals.lowerBound]
            lines += " → ".utf8
            lines += text[equals.upperBound..<end]
            at = text[(end + 1)...].firstIndex(of: UInt8(ascii: "\"")) ?? text.count
        }
        guard !lines.isEmpty else { return false }
        text = lines
        return true
    }

    /// The quote that ends an answer: before a comma, a full stop, a space or the end.
    private static func answerEnd(_ text: [UInt8], from: Int) -> Int? {
        var at = from
        while let quote = text[at...].firstIndex(of: UInt8(ascii: "\"")) {
            guard quote + 1 < text.count else { return quote }
            switch text[quote + 1] {
            case UInt8(ascii: ","), UInt8(ascii: "."), 0x20, 0x0A: return quote
            default: at = quote + 1
            }
        }
        return nil
    }

    /// What a person said when declining a tool call: nil when it is no declined call, empty when nothing was said.
    static func declined(_ text: [UInt8]) -> [UInt8]? {
        guard HarnessLists.declineStarts.contains(where: { HarnessText.starts(text, with: $0) }) else { return nil }
        guard let said = text.range(of: HarnessLists.declineWords) else { return [] }
        var words = Array(text[said.upperBound...])
        for end in HarnessLists.declineEnds {
            if let at = words.range(of: end) { words.removeSubrange(at.lowerBound...) }
        }
        HarnessText.trim(&words)
        return HarnessText.starts(words, with: HarnessLists.declineFiller) ? [] : words
    }
}
