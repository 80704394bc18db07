import JSON

/// Tells a person's words from the text that the harness puts in their place, and cuts the latter out.
package enum HarnessText {
    package enum Verdict: Sendable, Equatable {
        /// What is left was typed by a person.
        case words
        /// A compaction summary, its frame cut off.
        case summary
        /// Words of the model that come back as a prompt: an accepted plan.
        case assistantWords
        /// Nothing is left.
        case nothing
    }

    /// Cuts harness text out of a message in the role of the user.
    package static func strip(_ text: inout [UInt8]) -> Verdict {
        if starts(text, with: HarnessLists.summaryStart) { return stripSummary(&text) }
        guard !isHarness(text) else { return .nothing }
        removeRegions(&text)
        removePlaceholders(&text)
        removeCommand(&text)
        trim(&text)
        if text.isEmpty || isHarness(text) { return .nothing }
        return starts(text, with: HarnessLists.planStart) ? .assistantWords : .words
    }

    /// Cuts the frame and the reminders out of a compaction summary.
    package static func stripSummary(_ text: inout [UInt8]) -> Verdict {
        removeRegions(&text)
        for end in HarnessLists.summaryEnds {
            if let at = text.lineStart(of: end) { text.removeSubrange(at...) }
        }
        if starts(text, with: HarnessLists.summaryStart) {
            let lineEnd = text.firstIndex(of: 0x0A) ?? text.endIndex
            text.removeSubrange(..<lineEnd)
        }
        trim(&text)
        return text.isEmpty ? .nothing : .summary
    }

    /// Cuts reminders out of a tool's output.
    static func stripToolOutput(_ text: inout [UInt8]) {
        removeRegions(&text)
        removeReportFrame(&text)
        trim(&text)
    }

    /// A subagent's report comes in a frame, indented.
    private static func removeReportFrame(_ text: inout [UInt8]) {
        guard starts(text, with: HarnessLists.reportFrameStart),
            let end = text.range(of: HarnessLists.reportFrameEnd)
        else { return }
        var report: [UInt8] = []
        for line in text[end.upperBound...].split(separator: 0x0A, omittingEmptySubsequences: false) {
            report += line.starts(with: "  ".utf8) ? line.dropFirst(2) : line
            report.append(0x0A)
        }
        text = report
    }

    /// Whether the client wrote it in the place of the model.
    static func isClientMessage(_ text: [UInt8]) -> Bool {
        text.count < 1024 && HarnessLists.assistantStarts.contains { starts(text, with: $0) }
    }

    // MARK: -

    private static func isHarness(_ text: [UInt8]) -> Bool {
        if let at = text.firstIndex(where: { $0 > 0x20 }) {
            let first = text[at]
            // The first letter tells most of them apart.
            if HarnessLists.messageStarts.contains(where: { $0.utf8Start[0] == first && text.holds($0, at: at) }) {
                return true
            }
        }
        if HarnessLists.messageMarks.contains(where: { text.range(of: $0) != nil }) { return true }
        return isExpandedCommand(text)
    }

    /// The body of a slash command or skill, sent in a person's name, ends in its arguments.
    private static func isExpandedCommand(_ text: [UInt8]) -> Bool {
        let tail = max(0, text.count - 4096)
        guard let at = text.range(of: "\n\nARGUMENTS: ", from: tail) else { return false }
        return text.range(of: "\n\n", from: at.upperBound) == nil
    }

    /// Whether the text begins with `start`, white space aside.
    static func starts(_ text: [UInt8], with start: StaticString) -> Bool {
        let at = text.firstIndex { $0 > 0x20 } ?? text.count
        return text.holds(start, at: at)
    }

    static func trim(_ text: inout [UInt8]) {
        let end = (text.lastIndex { $0 > 0x20 } ?? -1) + 1
        text.removeSubrange(end...)
        let start = text.firstIndex { $0 > 0x20 } ?? 0
        text.removeSubrange(..<start)
    }

    // MARK: - Elements

    static func removeRegions(_ text: inout [UInt8]) {
        guard text.firstOffset(of: UInt8(ascii: "<")) != nil else { return }
        var kept: [UInt8] = []
        var at = 0
        var copied = 0
        var command: Range<Int>?
        while let open = text.firstOffset(of: UInt8(ascii: "<"), from: at) {
            at = open + 1
            guard open == 0 || text[open - 1] != UInt8(ascii: "`"), let tag = Tag(in: text, at: open) else { continue }
            if tag.isWrapper {
                kept.append(contentsOf: text[copied..<open])
                copied = tag.end
                at = tag.end
                continue
            }
            let close = tag.isClosing ? nil : text.range(of: tag.closing(in: text), from: tag.end)
            // An element without an end counts only at the beginning of a line; a person may write about a tag.
            guard close != nil || open == 0 || text[open - 1] == 0x0A, !tag.isClosing else { continue }
            kept.append(contentsOf: text[copied..<open])
            let inner = tag.end..<(close?.lowerBound ?? text.count)
            if tag.isCommandName { command = inner }
            if tag.isCommandArguments, isProse(text[inner]), !isBuiltIn(command.map { text[$0] }) {
                kept.append(contentsOf: text[inner])
            }
            copied = close?.upperBound ?? text.count
            at = copied
        }
        guard copied > 0 else { return }
        kept.append(contentsOf: text[copied...])
        text = kept
    }

    /// More than one word.
    private static func isProse(_ text: ArraySlice<UInt8>) -> Bool {
        text.split { $0 <= 0x20 }.count > 1
    }

    private static func isBuiltIn(_ command: ArraySlice<UInt8>?) -> Bool {
        guard let command else { return false }
        let name = command.drop { $0 <= 0x20 || $0 == UInt8(ascii: "/") }.prefix { $0 > 0x20 }
        return HarnessLists.builtInCommands.contains { Array(name).isAll($0) }
    }

    // MARK: - Typed commands and placeholders

    /// A slash command as it was typed: `/review the parser`. A path has another slash.
    private static func removeCommand(_ text: inout [UInt8]) {
        trim(&text)
        guard text.first == UInt8(ascii: "/") else { return }
        let end = text.firstIndex { $0 <= 0x20 } ?? text.count
        let name = text[1..<end]
        let isName =
            !name.isEmpty
            && name.allSatisfy { byte in
                switch byte {
                case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                    UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "_"), UInt8(ascii: ":"):
                    true
                default: false
                }
            }
        guard isName else { return }
        let isKept = isProse(text[end...]) && !isBuiltIn(text[..<end])
        text.removeSubrange(..<(isKept ? end : text.count))
    }

    private static func removePlaceholders(_ text: inout [UInt8]) {
        var at = 0
        while let open = text.firstOffset(of: UInt8(ascii: "["), from: at) {
            at = open + 1
            guard HarnessLists.placeholders.contains(where: { text.holds($0, at: open) }),
                let close = text[open...].prefix(1024).firstIndex(of: UInt8(ascii: "]"))
            else { continue }
            text.removeSubrange(open...close)
            at = open
        }
    }
}
