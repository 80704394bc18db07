public import Extraction
public import Memories
import Redaction
public import Storage
public import Transcripts

/// One line of a transcript read again, with where each of its sentences stopped.
public struct Replay: Sendable {
    /// What is said in the line; empty when it holds no words of anybody.
    public var messages: [ReplayedMessage]
    /// Of the whole transcript.
    public var lineCount: Int
}

/// One message of a replayed line.
public struct ReplayedMessage: Sendable {
    public var role: Role
    /// Sentences, list items and labels in their order.
    public var segments: [ReplayedSegment]
    /// Lines that are no prose, by kind; kinds without lines are left out.
    public var excluded: [(kind: SegmentedText.Excluded, lines: Int)]
}

/// A sentence with what became of it.
public struct ReplayedSegment: Sendable {
    /// What becomes of what was read out of a sentence.
    public enum Fate: Sendable {
        /// With what the store is given.
        case kept(Memory, NewMemory)
        case refused(Refusal)
    }

    public var kind: Segment.Kind
    public var text: String
    /// The bold line and the heading above it, nearest first; empty where there is none.
    public var surroundings: [String]
    /// Rules whose keyword stands in it.
    public var findings: [RuleFinding]
    /// One for each memory that could be read out of it; empty when a better sighting of the same words stands elsewhere.
    public var fates: [Fate]
}

extension TranscriptWorker {
    /// Reads a transcript whole and tells what became of one line. The plan must keep refusals.
    ///
    /// - Parameter line: From 1.
    public func replay(_ source: borrowing TranscriptSource, path: String, line: Int) -> Replay {
        let prepared = prepare(source, path: path, known: nil, overflow: { _ in })
        var messages: [(block: Block, text: [UInt8])] = []
        var reader = TranscriptReader(options: TranscriptWorker.options(plan))
        let report = reader.read(source) { event in
            guard case .block(let block, let text) = event, block.line == line else { return }
            messages.append((block, PrivateText.removed(from: text)?.text ?? Array(text)))
        }
        return replay(messages, prepared, lineCount: report.nextLine - 1)
    }

    /// The same for a session of the archive.
    public func replay(_ turns: [StoredTurn], session: String, line: Int) -> Replay {
        let state = TranscriptState(
            path: session, sessionID: session, size: 0, tailHash: "", offset: 0, nextLine: 1, plan: "")
        let messages = turns.filter { $0.line == line }.compactMap { turn in
            Role(rawValue: turn.role).map { role in
                (block: Block(kind: .prose, role: role, line: turn.line), text: Array(turn.text.utf8))
            }
        }
        return replay(messages, prepare(turns, state: state), lineCount: turns.map(\.line).max() ?? 0)
    }

    private func replay(
        _ messages: [(block: Block, text: [UInt8])], _ prepared: PreparedTranscript, lineCount: Int
    ) -> Replay {
        let inspector = SegmentInspector(engine: plan.engine)
        let replayed = messages.compactMap { block, text -> ReplayedMessage? in
            let isProse = block.kind == .prose
            guard isProse || block.kind == .toolResult else { return nil }
            let cut = text.withUnsafeBufferPointer {
                isProse ? Segmenter.segments(of: $0, role: block.role) : Segmenter.lines(of: $0)
            }
            let findings = inspector.findings(in: cut, role: block.role)
            var segments: [ReplayedSegment] = []
            for (segment, found) in zip(cut.segments, findings) {
                // Of tool output only what a rule looks at is told.
                guard isProse || !found.isEmpty else { continue }
                let text = cut.text(segment.range)
                segments.append(
                    ReplayedSegment(
                        kind: segment.kind, text: text,
                        surroundings: [cut.text(segment.label), cut.text(segment.heading)], findings: found,
                        fates: TranscriptWorker.fates(of: text, block, prepared)))
            }
            let excluded =
                isProse
                ? SegmentedText.Excluded.allCases.map { (kind: $0, lines: cut.excluded($0)) }.filter { $0.lines > 0 }
                : []
            return ReplayedMessage(role: block.role, segments: segments, excluded: excluded)
        }
        return Replay(messages: replayed, lineCount: lineCount)
    }

    /// What was read out of these words at this place.
    private static func fates(
        of text: String, _ block: Block, _ prepared: PreparedTranscript
    ) -> [ReplayedSegment.Fate] {
        let words = folded(text)
        func isHere(_ memory: Memory) -> Bool {
            memory.sightings.contains { sighting in
                guard sighting.line == block.line, sighting.role == block.role else { return false }
                let quote = folded(sighting.quote)
                // The sentence may have been joined with the one beside it.
                return quote == words || quote.hasPrefix(words + " ") || quote.hasSuffix(" " + words)
            }
        }
        let refused = prepared.extraction.refusals.filter { isHere($0.memory) }
        // What repeats another wording is among the sightings of that one too; its own refusal says more.
        let repeats = refused.contains { refusal in
            if case .repetition = refusal.reason { return true }
            return false
        }
        var fates: [ReplayedSegment.Fate] = []
        if !repeats {
            for (memory, new) in zip(prepared.extraction.memories, prepared.harvest.memories) where isHere(memory) {
                fates.append(.kept(memory, new))
            }
        }
        return fates + refused.map { .refused($0) }
    }

    /// One statement said again is kept in the markup and case of its first sighting.
    private static func folded(_ text: String) -> String { text.lowercased().filter { $0 != "*" } }
}
