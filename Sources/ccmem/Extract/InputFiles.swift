import Projects

/// The transcripts that a command line names, in the order of their paths.
struct InputFiles {
    var paths: [String]
    /// What was asked for and can't be read.
    var failures: [String]

    /// `-` stands for standard input; a directory for all transcripts below it; nothing for the project's own.
    static func find(_ inputs: [String], environment: Environment) throws -> InputFiles {
        guard !inputs.isEmpty else { return try ofProject(environment) }
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

    private static func ofProject(_ environment: Environment) throws -> InputFiles {
        guard let (_, files) = ClaudeTranscripts.ofProject(environment), !files.isEmpty else {
            let place = environment.claudeDirectory.map { $0 + "/projects" } ?? "~/.claude/projects"
            StandardStream.error.write(
                """
                error: no transcripts of this project below \(place)
                help: run it in a project where Claude Code has been used, or name a transcript: ccmem extract FILE

                """)
            throw ExitStatus.nothingFound
        }
        return InputFiles(paths: sorted(Set(files)), failures: [])
    }

    private static func sorted(_ paths: Set<String>) -> [String] {
        paths.sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
    }
}
