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
    /// Without what must not be shown.
    public var text: String
    /// As it was said, secrets and all: for rules to be run on, never for a way out.
    public var said: String
    /// What must not be shown of anything that was read out of it.
    public var secrets: TurnSecrets
    /// The bold line and the heading above it, nearest first; empty where there is none.
    public var surroundings: [String]
    /// Rules whose keyword stands in it; what they read is without secrets.
    public var findings: [RuleFinding]
    /// One for each memory that could be read out of it; empty when a better sighting of the same words stands elsewhere.
    public var fates: [Fate]
}

extension TranscriptWorker {
    /// Reads a transcript whole and tells what became of one line. The plan must keep refusals.
    ///
    /// - Parameters:
    ///   - line: From 1.
    ///   - keepsAll: Whether lines of tool output are told that no rule looks at.
    public func replay(
        _ source: borrowing TranscriptSource, path: String, line: Int, keepsAll: Bool = false
    ) -> Replay {
        let prepared = prepare(source, path: path, known: nil, overflow: { _ in })
        var messages: [(block: Block, text: [UInt8])] = []
        var reader = TranscriptReader(options: TranscriptWorker.options(plan))
        let report = reader.read(source) { event in
            guard case .block(let block, let text) = event, block.line == line else { return }
            messages.append((block, PrivateText.removed(from: text)?.text ?? Array(text)))
        }
        return replay(messages, prepared, lineCount: report.nextLine - 1, keepsAll: keepsAll)
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
        _ messages: [(block: Block, text: [UInt8])], _ prepared: PreparedTranscript, lineCount: Int,
        keepsAll: Bool = false
    ) -> Replay {
        let inspector = SegmentInspector(engine: plan.engine)
        let replayed = messages.compactMap { block, text -> ReplayedMessage? in
            let isProse = block.kind == .prose
            guard isProse || block.kind == .toolResult else { return nil }
            let cut = text.withUnsafeBufferPointer {
                isProse ? Segmenter.segments(of: $0, role: block.role) : Segmenter.lines(of: $0)
            }
            let findings = inspector.findings(in: cut, role: block.role)
            let secrets = TurnSecrets(in: text, redactor)
            var segments: [ReplayedSegment] = []
            for (segment, found) in zip(cut.segments, findings) {
                // Of tool output only what a rule looks at is told.
                guard isProse || keepsAll || !found.isEmpty else { continue }
                let said = cut.text(segment.range)
                segments.append(
                    ReplayedSegment(
                        kind: segment.kind, text: secrets.shown(said, redactor), said: said, secrets: secrets,
                        surroundings: [cut.text(segment.label), cut.text(segment.heading)],
                        findings: found.map { shown($0, secrets) }, fates: fates(of: said, block, prepared, secrets)))
            }
            let excluded =
                isProse
                ? SegmentedText.Excluded.allCases.map { (kind: $0, lines: cut.excluded($0)) }.filter { $0.lines > 0 }
                : []
            return ReplayedMessage(role: block.role, segments: segments, excluded: excluded)
        }
        return Replay(messages: replayed, lineCount: lineCount)
    }

    /// What a rule made of a sentence, without secrets.
    private func shown(_ finding: RuleFinding, _ secrets: TurnSecrets) -> RuleFinding {
        var finding = finding
        finding.outcomes = finding.outcomes.map { outcome in
            guard case .match(var match) = outcome else { return outcome }
            match.statement = secrets.shown(match.statement, redactor)
            match.key = match.key.map { secrets.shown($0, redactor) }
            return .match(match)
        }
        return finding
    }

    /// What was read out of these words at this place.
    private func fates(
        of said: String, _ block: Block, _ prepared: PreparedTranscript, _ secrets: TurnSecrets
    ) -> [ReplayedSegment.Fate] {
        // Sightings hold the words as they are kept: without secrets.
        let words = TranscriptWorker.folded(redactor?.redact(said).text ?? said)
        func shown(_ memory: Memory) -> Memory {
            var memory = memory
            memory.content = secrets.shown(memory.content, redactor)
            memory.key = memory.key.map { secrets.shown($0, redactor) }
            return memory
        }
        func isHere(_ memory: Memory) -> Bool {
            memory.sightings.contains { sighting in
                guard sighting.line == block.line, sighting.role == block.role else { return false }
                let quote = TranscriptWorker.folded(sighting.quote)
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
                fates.append(.kept(shown(memory), new))
            }
        }
        return fates
            + refused.map { refusal in
                var refusal = refusal
                refusal.memory = shown(refusal.memory)
                return .refused(refusal)
            }
    }

    /// One statement said again is kept in the markup and case of its first sighting.
    private static func folded(_ text: String) -> String { text.lowercased().filter { $0 != "*" } }
}
