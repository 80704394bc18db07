import Digests
import Memories
public import Redaction
public import Storage
public import Transcripts

/// One transcript made ready for the store: what it holds worth remembering, and its prose.
public struct PreparedTranscript: Sendable {
    public var extraction: TranscriptExtraction
    public var harvest: TranscriptHarvest
    /// Whether it is a request of ccmem's own to a model: nothing of that is worth remembering.
    public var isOwnCall = false
}

extension TranscriptWorker {
    /// Reads a transcript whole, so that what comes out does not depend on how often it was read before; the archive gets
    /// only the turns behind what the store has read already.
    ///
    /// - Parameters:
    ///   - known: What the store knows of it; nil when it is new or was rewritten.
    ///   - archives: Whether turns are gathered at all.
    ///   - overflow: Takes turns out of memory when there are many megabytes of them; the rest is in the harvest.
    public func prepare(
        _ source: borrowing TranscriptSource, path: String, known: TranscriptState?, archives: Bool = true,
        overflow: ([NewTurn]) -> Void
    ) -> PreparedTranscript {
        var collector = TurnCollector(from: known?.offset ?? 0, archives: archives, redactor: redactor)
        let name = storedPath(path)
        let extraction = extract(source, file: path) { event in
            collector.add(event)
            if collector.isFull { overflow(collector.takeTurns()) }
        }
        let report = extraction.report
        let session = collector.sessionID ?? report.sessionIDs.first.map(cleaned)
        let memories = extraction.memories.map {
            newMemory($0, path: name, session: session, collector)
        }
        let state = TranscriptState(
            path: name, sessionID: session, size: source.size ?? report.nextOffset,
            tailHash: TranscriptTail.hash(source, before: report.nextOffset), offset: report.nextOffset,
            nextLine: report.nextLine, plan: planIdentity)
        var prepared = PreparedTranscript(
            extraction: extraction,
            harvest: TranscriptHarvest(
                state: state, cwd: collector.cwd, branch: collector.branch, startedAt: report.firstTimestamp ?? "",
                endedAt: report.lastTimestamp ?? "", turns: collector.turns, memories: memories,
                redactions: collector.redactions + extraction.redaction.privateSpans))
        prepared.isOwnCall = collector.isOwnCall
        prepared.harvest.restingPacks = plan.restingPacks
        if known == nil, archives { prepared.harvest.turnLines = collector.lineOfTurn }
        return prepared
    }

    /// Reads what the archive holds of a transcript that is gone. Only prose is there: what rules found in the output of tools
    /// is not found again.
    func prepare(_ turns: [StoredTurn], state: TranscriptState) -> PreparedTranscript {
        let archived = turns.compactMap { turn in
            Role(rawValue: turn.role).map { role in
                (
                    block: Block(
                        kind: .prose, role: role, line: turn.line, sessionID: turn.sessionID,
                        timestamp: turn.saidAt.isEmpty ? nil : turn.saidAt), text: turn.text
                )
            }
        }
        var collector = TurnCollector(from: 0, archives: true, redactor: redactor)
        let extraction = extract(archived, file: state.path) { collector.add($0) }
        var state = state
        state.plan = planIdentity
        state.isGone = true
        var prepared = PreparedTranscript(
            extraction: extraction,
            harvest: TranscriptHarvest(
                state: state, cwd: nil, branch: nil, startedAt: "", endedAt: "", turns: [],
                memories: extraction.memories.map {
                    newMemory($0, path: state.path, session: state.sessionID, collector)
                }, redactions: 0))
        prepared.harvest.restingPacks = plan.restingPacks
        return prepared
    }

    /// A directory or a branch as it is stored: names can hold what must not be kept, too.
    func cleaned(_ name: String) -> String { redactor?.redact(name).text ?? name }

    /// What the store calls a transcript: its path, and when there is a secret in that, a name without it that is the same each
    /// time. The file is then not found again by its name in the store.
    func storedPath(_ path: String) -> String { redactor?.storedPath(path) ?? path }

    private func newMemory(
        _ memory: Memory, path: String, session: String?, _ turns: TurnCollector
    ) -> NewMemory {
        let places = memory.sightings.map { TurnCollector.Place(line: $0.line, role: $0.role) }
        func clean(_ text: String) -> String {
            places.reduce(text) { turns.secrets[$1]?.removed(from: $0) ?? $0 }
        }
        return NewMemory(
            category: memory.category, content: clean(memory.content), importance: memory.importance,
            origin: memory.rule == nil ? .salient : .rule, key: memory.key.map(clean), score: memory.score,
            terms: memory.terms,
            rule: memory.rule,
            sightings: memory.sightings.map { sighting in
                let turn = turns.turnOfLine[TurnCollector.Place(line: sighting.line, role: sighting.role)]
                var stored = NewSighting(
                    transcriptID: nil, path: path,
                    sessionID: sighting.sessionID.map { turns.sessions[$0] ?? $0 } ?? session, line: sighting.line,
                    endLine: sighting.endLine, bytes: sighting.bytes, role: sighting.role,
                    saidAt: sighting.timestamp ?? "", quote: clean(sighting.quote),
                    turnIdentity: turn)
                stored.composedTurnIdentity = turn.flatMap { turns.composedOfTurn[$0] }
                return stored
            })
    }
}

/// Gathers the prose of a transcript while it is read.
private struct TurnCollector {
    struct Place: Hashable {
        var line: Int
        var role: Role
    }

    let start: Int
    let archives: Bool
    var turns: [NewTurn] = []
    /// Identities, for the whole transcript.
    var turnOfLine: [Place: Int] = [:]
    /// The same the other way round, with every turn.
    var lineOfTurn: [Int: Int] = [:]
    /// Identities in composed text, of the turns whose text is not composed.
    var composedOfTurn: [Int: Int] = [:]
    var sessionID: String?
    /// What the store calls the sessions that it names.
    var sessions: [String: String] = [:]
    var cwd: String?
    var branch: String?
    var isOwnCall = false
    private var hasBegun = false
    private var lastSession: (named: String, stored: String)?

    /// Bytes of the texts in `turns`.
    private var held = 0
    private static let limit = 16 << 20

    var isFull: Bool { held > TurnCollector.limit }

    mutating func takeTurns() -> [NewTurn] {
        defer {
            turns = []
            held = 0
        }
        return turns
    }

    /// What was taken out of turns, where something was.
    var secrets: [Place: TurnSecrets] = [:]
    var redactions = 0
    private let redactor: RedactionWorker?

    init(from start: Int, archives: Bool, redactor: RedactionWorker?) {
        self.start = start
        self.archives = archives
        self.redactor = redactor
    }

    mutating func add(_ event: TranscriptEvent) {
        guard case .block(let block, let text) = event else { return }
        let session = block.sessionID.map { stored(session: $0) }
        if sessionID == nil { sessionID = session }
        if cwd == nil { cwd = block.cwd }
        if let now = block.gitBranch, !now.isEmpty { branch = now }
        if block.role == .user, !hasBegun {
            hasBegun = true
            isOwnCall = text.starts(with: OwnRequest.mark.utf8)
        }
        guard archives, block.kind == .prose else { return }
        let place = Place(line: block.line, role: block.role)
        var words = String(decoding: text, as: UTF8.self)
        if let redactor, let clean = redactor.redact(text) {
            words = String(decoding: clean.bytes, as: UTF8.self)
            if clean.report.secretCount > 0 {
                secrets[place] = TurnSecrets(redactor.finds(in: text), in: text)
                redactions += block.lineOffset >= start ? clean.report.secretCount : 0
            }
        }
        let turn = NewTurn(
            sessionID: session ?? sessionID ?? "", line: block.line, role: block.role,
            saidAt: block.timestamp ?? "", text: words)
        turnOfLine[place, default: turn.identity] = turn.identity
        lineOfTurn[turn.identity] = turn.line
        if let composed = turn.composedIdentity { composedOfTurn[turn.identity] = composed }
        guard block.lineOffset >= start else { return }
        turns.append(turn)
        held += text.count
    }

    /// Nearly all blocks are of the session of the one before.
    private mutating func stored(session: String) -> String {
        if let lastSession, lastSession.named == session { return lastSession.stored }
        let stored = sessions[session] ?? redactor?.redact(session).text ?? session
        sessions[session] = stored
        lastSession = (session, stored)
        return stored
    }
}

extension RedactionWorker {
    /// As `TranscriptWorker.storedPath`.
    public func storedPath(_ path: String) -> String {
        let clean = redact(path)
        // Two files of one folder must not become one.
        return clean.report.secretCount > 0 ? "\(clean.text)#\(SHA256.hex(path).prefix(8))" : path
    }
}

/// The last bytes before an offset, by which a transcript that only grew is told from one that was rewritten.
public enum TranscriptTail {
    static let length = 4_096

    public static func hash(_ source: borrowing TranscriptSource, before offset: Int) -> String {
        guard source.isSeekable else { return "" }
        let start = max(0, offset - length)
        let bytes = [UInt8](unsafeUninitializedCapacity: offset - start) { buffer, count in
            guard let base = buffer.baseAddress else { return }
            while count < buffer.count {
                let read = source.read(into: base + count, count: buffer.count - count, at: start + count)
                guard read > 0 else { break }
                count += read
            }
        }
        return String(SHA256.hex(bytes).prefix(32))
    }

    /// What has become of a transcript since it was read.
    public enum Change: Sendable, Equatable { case none, appended, rewritten }

    public static func change(_ source: borrowing TranscriptSource, since known: TranscriptState) -> Change {
        guard let size = source.size, size >= known.offset, hash(source, before: known.offset) == known.tailHash else {
            return .rewritten
        }
        return size == known.size ? .none : .appended
    }
}
