import Commands
import Projects

/// The transcripts that a command line names, in the order of their paths.
struct InputFiles {
    var paths: [String]
    /// What was asked for and can't be read.
    var failures: [String]

    /// `-` stands for standard input, a directory for all transcripts below it.
    static func find(_ inputs: [String]) -> InputFiles {
        var paths: Set<String> = []
        var failures: [String] = []
        for input in inputs {
            if input != "-", Files.kind(of: input) == .directory {
                let below = Files.files(below: input, suffix: ".jsonl") { failures.append("\($0): cannot be read") }
                if below.isEmpty { failures.append("\(input): holds no transcript (*.jsonl)") }
                paths.formUnion(below)
            } else {
                paths.insert(input)
            }
        }
        return InputFiles(paths: sorted(paths), failures: failures)
    }

    /// The transcripts of a project, by what they tell of themselves, for a look that stores nothing: it asks neither for trust nor
    /// whether memory is at work.
    ///
    /// - Throws: When there is no project, or none of its transcripts is found.
    static func ofProject(_ start: ProjectStart, _ environment: Environment) throws -> InputFiles {
        let root: ProjectRoot
        do throws(ProjectRefusal) {
            root = try ProjectLocator(environment).project(from: start)
        } catch {
            throw CommandError(error.message, help: "Name a transcript: ccmem extract FILE", .nothingFound)
        }
        let found = transcripts(of: root, Settings(environment), optOuts: .none, environment)
        for (path, reason) in found.refused { StandardStream.error.write("left out: \(path): \(reason.words)\n") }
        guard !found.accepted.isEmpty else {
            let place = environment.claudeDirectory.map { $0 + "/projects" } ?? "~/.claude/projects"
            throw CommandError(
                "There are no transcripts of the project \(root.path) below \(place).",
                help: "Run it in a project where Claude Code has been used, or name a transcript: ccmem extract FILE",
                .nothingFound)
        }
        return InputFiles(paths: found.accepted.map(\.path), failures: [])
    }

    /// The one search for a project's transcripts, for those that look and those that store.
    static func transcripts(
        of root: ProjectRoot, _ settings: Settings?, optOuts: PathPatterns, _ environment: Environment,
        session: String? = nil
    ) -> ProjectTranscripts {
        let others = ProjectRegistry(environment)?.projects().map(\.root).filter { $0 != root.path }
        return ClaudeTranscripts.transcripts(
            of: root, locator: ProjectLocator(environment, optOuts: optOuts), environment, otherRoots: others ?? [],
            excluded: settings?.patterns(.excludePaths) ?? .none, session: session)
    }

    private static func sorted(_ paths: Set<String>) -> [String] {
        paths.sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
    }
}
