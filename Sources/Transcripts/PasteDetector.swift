/// Finds what a person pasted among what they typed: logs, listings and terminal output without a fence.
///
/// People type short paragraphs, with list markers where there are many lines. A dense run of unpunctuated lines, or lines
/// among which logs prevail, was not typed.
enum PasteDetector {
    /// Gives the lines that were pasted the kind `paste`.
    static func mark(_ lines: inout [LineShape], of text: UnsafeBufferPointer<UInt8>) {
        let traits = lines.map { PasteTraits(UnsafeBufferPointer(rebasing: text[$0.content])) }
        let typedKinds = lines.map(\.kind)
        let foreign = lines.map { isForeign($0) }
        let written = lines.indices.filter { typedKinds[$0] != .blank }
        let foreignCount = written.count { foreign[$0] }
        if written.count >= 8, foreignCount * 100 >= written.count * 40,
            let first = foreign.firstIndex(of: true), let last = foreign.lastIndex(of: true)
        {
            for index in first...last where isText(lines[index]) { lines[index].kind = .paste }
        }
        for index in lines.indices where typedKinds[index] == .item && foreign[index] { lines[index].kind = .paste }
        markSettings(&lines, traits)
        markContinuations(&lines)
        markSources(&lines, traits)
        markTables(&lines, traits)
        markHunks(&lines, traits)
        let edges = typedEdges(of: lines, foreign)
        markDenseRuns(&lines, but: edges)
        markIsolated(&lines, foreign, but: edges)
    }

    /// A line that nobody types as a sentence.
    private static func isForeign(_ line: LineShape) -> Bool {
        switch line.kind {
        case .log, .diff, .stackTrace, .table: true
        case .item: !line.readsAsProse
        default: false
        }
    }

    private static func isText(_ line: LineShape) -> Bool {
        switch line.kind {
        case .prose, .item, .label, .heading: true
        default: false
        }
    }

    /// Sentences before the first foreign line and after the last one: what a person says of a paste.
    private static func typedEdges(of lines: [LineShape], _ foreign: [Bool]) -> Set<Int> {
        guard let first = foreign.firstIndex(of: true), let last = foreign.lastIndex(of: true) else { return [] }
        func isTyped(_ index: Int) -> Bool { lines[index].kind == .prose && lines[index].endsSentence }
        return Set((0..<first).filter(isTyped) + ((last + 1)..<lines.count).filter(isTyped))
    }

    /// Five or more lines of text without a blank line or a list marker, few of which end like a sentence.
    private static func markDenseRuns(_ lines: inout [LineShape], but edges: Set<Int>) {
        var start = 0
        while start < lines.count {
            var end = start
            while end < lines.count, lines[end].kind == .prose || lines[end].kind == .log { end += 1 }
            if end - start >= 5 {
                let ended = (start..<end).count { lines[$0].endsSentence }
                if ended * 100 < (end - start) * 40 {
                    for index in start..<end where lines[index].kind == .prose && !edges.contains(index) {
                        lines[index].kind = .paste
                    }
                }
            }
            start = max(end, start + 1)
        }
    }

    /// Four or more lines of settings of which two are indented and no list items: a piece of a file, not of a list that
    /// somebody typed.
    private static func markSettings(_ lines: inout [LineShape], _ traits: [PasteTraits]) {
        var start = 0
        while start < lines.count {
            let end = traits[start...].firstIndex { !$0.isSetting } ?? lines.count
            let nested = (start..<end).count { lines[$0].indent > 0 && lines[$0].kind != .item }
            if end - start >= 4, nested >= 2 {
                for index in start..<end where isText(lines[index]) { lines[index].kind = .paste }
            }
            start = max(end, start + 1)
        }
    }

    /// Two or more lines with the same name of a program in front.
    private static func markSources(_ lines: inout [LineShape], _ traits: [PasteTraits]) {
        var counts: [UInt32: Int] = [:]
        for line in traits { if let source = line.source { counts[source, default: 0] += 1 } }
        for index in lines.indices where isText(lines[index]) {
            if let source = traits[index].source, counts[source, default: 0] >= 2 { lines[index].kind = .paste }
        }
    }

    /// Two or more lines on end with columns, or three with the same number of commas and no space behind them.
    private static func markTables(_ lines: inout [LineShape], _ traits: [PasteTraits]) {
        func mark(_ isRow: (PasteTraits, PasteTraits) -> Bool, from least: Int) {
            var start = 0
            while start < lines.count {
                var end = start + 1
                while end < lines.count, isRow(traits[start], traits[end]) { end += 1 }
                if end - start >= least {
                    for index in start..<end where isText(lines[index]) { lines[index].kind = .paste }
                }
                start = end
            }
        }
        mark({ $0.hasColumns && $1.hasColumns }, from: 2)
        mark({ $0.tightCommas >= 2 && $0.tightCommas == $1.tightCommas }, from: 3)
    }

    /// The lines of a diff below `@@`, as far as there are some with a sign.
    private static func markHunks(_ lines: inout [LineShape], _ traits: [PasteTraits]) {
        guard let first = lines.firstIndex(where: { $0.kind == .diff }) else { return }
        var index = first + 1
        while index < lines.count, lines[index].kind != .blank {
            if isText(lines[index]) { lines[index].kind = .paste }
            index += 1
        }
        for index in lines.indices where traits[index].isSigned && lines[index].kind == .prose {
            lines[index].kind = .paste
        }
    }

    /// Text that is indented deeper than the line of a log right above it goes on with that line.
    private static func markContinuations(_ lines: inout [LineShape]) {
        for index in lines.indices.dropFirst() where lines[index].kind == .prose && lines[index].indent > 0 {
            let above = lines[index - 1]
            switch above.kind {
            case .log, .stackTrace: if lines[index].indent > above.indent { lines[index].kind = .paste }
            case .paste: if above.indent > 0 { lines[index].kind = .paste }
            default: break
            }
        }
    }

    /// A line of text with at least three neighbours of which most are foreign.
    private static func markIsolated(_ lines: inout [LineShape], _ foreign: [Bool], but edges: Set<Int>) {
        for index in lines.indices where lines[index].kind == .prose && !edges.contains(index) {
            let near = (max(0, index - 3)..<min(lines.count, index + 4)).filter {
                $0 != index && lines[$0].kind != .blank
            }
            let strange = near.count { foreign[$0] || lines[$0].kind == .paste }
            if near.count >= 3, strange * 10 >= near.count * 7 { lines[index].kind = .paste }
        }
    }
}
