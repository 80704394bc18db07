import JSON

/// The transcripts of one project, and why others were left out.
public struct ProjectTranscripts: Sendable, Equatable {
    public struct Transcript: Sendable, Equatable {
        public var path: String
        /// The working directory that the session, or a subagent's, began in.
        public var workingDirectory: String
    }

    public enum Refusal: Sendable, Equatable {
        /// No entry near the beginning tells a working directory.
        case noWorkingDirectory
        /// It belongs to the project with this root.
        case otherProject(String)
        /// The directory is gone, and does not lie in this project.
        case elsewhere(String)
        /// The directory is no place for a project.
        case noProject(ProjectRefusal)
        /// `exclude.paths` covers the directory or the transcript.
        case excluded(pattern: String)
        case unreadable(FileFailure)

        /// A clause, for lists.
        public var words: String {
            switch self {
            case .noWorkingDirectory: "no entry tells its working directory"
            case .otherProject(let root): "it belongs to \(root)"
            case .elsewhere(let directory): "it was written in \(directory)"
            case .noProject(let refusal): refusal.message
            case .excluded(let pattern): "`exclude.paths` covers it by `\(pattern)`"
            case .unreadable(let failure): failure.reason
            }
        }
    }

    /// In the order of the bytes of their paths.
    public var accepted: [Transcript] = []
    public var refused: [(path: String, reason: Refusal)] = []

    public static func == (a: Self, b: Self) -> Bool {
        a.accepted == b.accepted && a.refused.elementsEqual(b.refused) { $0 == $1 }
    }
}

/// Finds the transcripts that belong to a project: those of its root, its work trees and the directories below them.
///
/// Claude Code's folder names are lossy: `/a/b-c` and `/a/b/c` have the same. So a name only makes a folder a candidate;
/// what counts is the working directory that the transcript itself tells, and the project that this belongs to.
struct ProjectTranscriptSearch {
    let root: ProjectRoot
    let locator: ProjectLocator
    /// Roots of other projects, for directories that no longer exist.
    let otherRoots: [String]
    let excluded: PathPatterns
    /// Only this session's; nil for all.
    let session: String?

    /// How much of a transcript is read for its working directory, in bytes: the first mostly does.
    static let beginnings = [1 << 14, 1 << 18]

    private var verdicts: [[UInt8]: ProjectTranscripts.Refusal?] = [:]
    private var found = ProjectTranscripts()

    init(
        root: ProjectRoot, locator: ProjectLocator, otherRoots: [String], excluded: PathPatterns, session: String? = nil
    ) {
        self.root = root
        self.locator = locator
        self.otherRoots = otherRoots
        self.excluded = excluded
        self.session = session
    }

    mutating func run(below projects: String) -> ProjectTranscripts {
        let starts = [root.path] + GitRepository.workTrees(of: root.path)
        let names = starts.map { String(ClaudeTranscripts.folderName(for: $0).prefix(ClaudeTranscripts.longestName)) }
        for folder in Files.names(in: projects) ?? [] {
            guard names.contains(where: { folder == $0 || folder.hasPrefix($0 + "-") }) else { continue }
            let path = PathText.joined(projects, folder)
            if Files.kind(of: path) == .directory { look(into: path) }
        }
        found.accepted.sort { $0.path.utf8.lexicographicallyPrecedes($1.path.utf8) }
        found.refused.sort { $0.path.utf8.lexicographicallyPrecedes($1.path.utf8) }
        return found
    }

    /// A folder holds `<session>.jsonl`, and `<session>/subagents/agent-*.jsonl` for what its subagents did.
    private mutating func look(into folder: String) {
        let files = files(in: folder)
        var sessions: [String: (directory: String, refusal: ProjectTranscripts.Refusal?)] = [:]
        let (direct, nested) = (
            files.filter { !name($0, in: folder).contains("/") }, files.filter { name($0, in: folder).contains("/") }
        )
        for path in direct {
            let verdict = verdict(on: path)
            sessions[String(name(path, in: folder).dropLast(6))] = verdict
            settle(path, verdict)
        }
        for path in nested {
            let session = name(path, in: folder).prefix { $0 != "/" }
            settle(path, sessions[String(session)] ?? verdict(on: path))
        }
    }

    private func files(in folder: String) -> [String] {
        guard let session else { return Files.files(below: folder, suffix: ".jsonl", unreadable: { _ in }) }
        let own = PathText.joined(folder, session)
        return (Files.kind(of: own + ".jsonl") == .file ? [own + ".jsonl"] : [])
            + (Files.kind(of: own) == .directory ? Files.files(below: own, suffix: ".jsonl", unreadable: { _ in }) : [])
    }

    private func name(_ path: String, in folder: String) -> String { PathText.below(folder, path) ?? path }

    private mutating func settle(_ path: String, _ verdict: (directory: String, refusal: ProjectTranscripts.Refusal?)) {
        if let pattern = excluded.covering(path) {
            found.refused.append((path, .excluded(pattern: pattern)))
        } else if let refusal = verdict.refusal {
            found.refused.append((path, refusal))
        } else {
            found.accepted.append(.init(path: path, workingDirectory: verdict.directory))
        }
    }

    private mutating func verdict(on path: String) -> (directory: String, refusal: ProjectTranscripts.Refusal?) {
        do throws(FileFailure) {
            guard let directory = try Self.beginning(of: path) else { return ("", .noWorkingDirectory) }
            return (directory, verdict(onDirectory: directory))
        } catch {
            return ("", .unreadable(error))
        }
    }

    /// The directory that a transcript tells near its beginning; nil when it tells none or can't be read.
    static func workingDirectory(ofTranscript path: String) -> String? {
        do throws(FileFailure) { return try beginning(of: path) } catch { return nil }
    }

    private static func beginning(of path: String) throws(FileFailure) -> String? {
        for limit in beginnings {
            let bytes = try Files.beginning(of: path, atMost: limit)
            if let directory = workingDirectory(in: bytes) { return directory }
            if bytes.count < limit { break }
        }
        return nil
    }

    private mutating func verdict(onDirectory directory: String) -> ProjectTranscripts.Refusal? {
        let key = Array(directory.utf8)
        if let known = verdicts[key] { return known }
        let verdict = judge(directory)
        verdicts[key] = .some(verdict)
        return verdict
    }

    private func judge(_ directory: String) -> ProjectTranscripts.Refusal? {
        let path = PathText.normalised(directory)
        if let pattern = excluded.covering(path, Files.realPath(path) ?? path) { return .excluded(pattern: pattern) }
        // Of a directory that is gone, the nearest ancestor that is left tells the project, unless a project that is known
        // lay in between.
        var present = path
        while Files.realPath(present) == nil, let parent = PathText.parent(of: present) { present = parent }
        if !PathText.same(present, path) {
            guard PathText.holds(root.path, Files.realPath(present) ?? present) else { return .elsewhere(directory) }
            let nearer = otherRoots.first { PathText.holds($0, path) && $0.utf8.count > root.path.utf8.count }
            if let nearer { return .otherProject(nearer) }
        }
        do throws(ProjectRefusal) {
            let owner = try locator.project(from: .directory(present))
            return PathText.same(owner.path, root.path) ? nil : .otherProject(owner.path)
        } catch {
            return .noProject(error)
        }
    }

    /// The `cwd` of the first entry that has one. Lines that are no JSON are passed over.
    static func workingDirectory(in bytes: [UInt8]) -> String? {
        bytes.withUnsafeBufferPointer { buffer in
            for line in buffer.split(separator: 0x0A) {
                if let directory = try? workingDirectory(ofLine: UnsafeBufferPointer(rebasing: line)) {
                    return directory
                }
            }
            return nil
        }
    }

    private static func workingDirectory(ofLine line: UnsafeBufferPointer<UInt8>) throws(JSONError) -> String? {
        var scanner = JSONScanner(line)
        guard try scanner.enterObject() else { return nil }
        while let key = try scanner.nextKey() {
            guard key.equals("cwd") else {
                try scanner.skip()
                continue
            }
            if let text = try scanner.string()?.text(), text.hasPrefix("/") { return text }
        }
        return nil
    }
}

extension ClaudeTranscripts {
    /// The transcripts of a project, its work trees and what lies below them, subagents' included; each belongs to the
    /// project by the working directory that it tells.
    ///
    /// - Parameters:
    ///   - locator: As it found the root.
    ///   - otherRoots: Roots of known projects, such as those of the registry.
    ///   - excluded: The setting `exclude.paths`.
    ///   - session: Only the transcripts of this session; all when nil.
    public static func transcripts(
        of root: ProjectRoot, locator: ProjectLocator, _ environment: Environment, otherRoots: [String] = [],
        excluded: PathPatterns = .none, session: String? = nil
    ) -> ProjectTranscripts {
        guard let claude = environment.claudeDirectory else { return ProjectTranscripts() }
        var search = ProjectTranscriptSearch(
            root: root, locator: locator, otherRoots: otherRoots, excluded: excluded, session: session)
        return search.run(below: PathText.joined(claude, "projects"))
    }

    /// How many sessions a project has, its work trees and what lies below them included, and how many bytes the files that
    /// they were typed in. The beginning of each file is read.
    ///
    /// - Parameter session: Is not counted.
    public static func sessions(
        of project: ActiveProject, _ environment: Environment, except session: String
    ) -> (count: Int, bytes: Int) {
        var found = (count: 0, bytes: 0)
        guard let claude = environment.claudeDirectory else { return found }
        let optOuts = project.settings.patterns(.excludeProjects)
        let transcripts = transcripts(
            of: project.root, locator: ProjectLocator(environment, optOuts: optOuts), environment,
            excluded: project.settings.patterns(.excludePaths))
        for path in transcripts.accepted.map(\.path) {
            // What subagents did lies deeper.
            guard let name = PathText.below(PathText.joined(claude, "projects"), path)?.split(separator: "/"),
                name.count == 2, name[1] != session + ".jsonl", let status = Files.status(of: path)
            else { continue }
            found.count += 1
            found.bytes += status.size
        }
        return found
    }
}
