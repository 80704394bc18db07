/// One program that a command line ran, told by what it was asked to do: `npm test`, `swift build`, `git push`.
public struct Invocation: Sendable, Hashable {
    /// The name of the program, without its folder.
    public var program: String
    /// What it was asked to do, for programs that have such words: `test`, `run build`.
    public var action: String?
    /// All words behind the program, as they stood, but for those that hand a secret to it.
    public var words: [String]
    /// Its output went to another command, so its own exit status is not that of the line.
    public var isPiped = false

    /// By this, runs of one program are the same: `npm test`.
    public var name: String { action.map { "\(program) \($0)" } ?? program }

    /// Whether a run like this one covers all that another one did: it has no word that the other had not, so it is not
    /// narrowed down to fewer tests.
    public func covers(_ other: [String]) -> Bool { words.allSatisfy(other.contains) }

    /// Whether it checks the work: tests, compilers, linters. What only shows a log of one does not.
    public var isCheck: Bool { CheckTable.isCheck(self) }

    /// The programs of a command line in their order, without those that only prepare or show: `cd`, `export`, `tee`.
    public static func all(in text: String) -> [Invocation] {
        let commands = ShellLine(text).commands
        var found: [Invocation] = []
        for (index, command) in commands.enumerated() {
            guard command.joint != .pipe || command.words.first == "xargs", let one = Invocation(words: command.words)
            else { continue }
            var invocation = one
            invocation.isPiped = index + 1 < commands.count && commands[index + 1].joint == .pipe
            found.append(invocation)
        }
        return found
    }

    /// The program that the line is about: its last check, else its last program.
    public static func main(of text: String) -> Invocation? {
        let all = all(in: text)
        return all.last(where: \.isCheck) ?? all.last
    }

    /// What a command line hands to programs as secrets, to be known again in what they say. Short words are none: they stand
    /// in other places for other reasons.
    public static func secrets(in text: String) -> [String] {
        ShellLine(text).commands.flatMap { SecretArguments.removed(from: $0.words).secrets }.filter { secret in
            secret.utf8.count >= 6 && !secret.hasPrefix("$")
                && (secret.utf8.count >= 12 || !secret.allSatisfy(\.isLetter))
        }
    }

    /// Nil for what only prepares or shows.
    init?(words: [String]) {
        var words = SecretArguments.removed(from: words).kept[...]
        while let first = words.first, let skipped = Launchers.skipped(first, words.dropFirst()) { words = skipped }
        guard let first = words.first else { return nil }
        words = words.dropFirst()
        var program = first.split(separator: "/").last.map(String.init) ?? first
        if program.hasSuffix(".exe") { program = String(program.dropLast(4)) }
        if ["python", "python3", "py"].contains(program) {
            // `python -m pytest` runs pytest; `python tool.py` runs the script.
            let script = words.firstIndex { $0.hasSuffix(".py") || $0.utf8.contains(UInt8(ascii: "/")) }
            if let flag = words.firstIndex(of: "-m"), flag < script ?? words.endIndex, flag + 1 < words.endIndex {
                program = words[flag + 1]
                words = words[(flag + 2)...]
            } else if let script, !words.contains("-c") {
                program = Invocation.lastPart(words[script])
                words = words[(script + 1)...]
            }
        } else if ["bash", "sh", "zsh", "node", "ruby", "perl", "deno", "tsx", "ts-node"].contains(program),
            let script = words.first(where: { !$0.hasPrefix("-") }),
            script.utf8.contains(UInt8(ascii: ".")) || script.utf8.contains(UInt8(ascii: "/")),
            !words.contains("-c"), !words.contains("-e")
        {
            program = Invocation.lastPart(script)
            words = words.drop { $0 != script }.dropFirst()
        }
        guard !Launchers.silent.contains(program) else { return nil }
        self.program = program
        self.words = Array(words)
        action = Actions.action(of: program, words)
    }

    private static func lastPart(_ path: String) -> String { path.split(separator: "/").last.map(String.init) ?? path }
}

/// What stands in front of a program, and what is none.
enum Launchers {
    /// Prepare, wait or show; whether they fail says nothing about the work.
    static let silent: Set<String> = [
        "cd", "pushd", "popd", "export", "set", "unset", "source", ".", "alias", "echo", "printf", "true", "false", ":",
        "sleep", "wait", "cat", "head", "tail", "less", "more", "tee", "ls", "pwd", "date", "clear", "exit", "return",
        "grep", "rg", "egrep", "fgrep", "wc", "sort", "uniq", "cut", "tr", "which", "type", "test", "[", "[[", "diff",
        "cmp", "find", "fd", "stat", "file", "basename", "dirname", "env", "if", "then", "else", "fi", "for", "do",
        "done", "while", "{", "}", "!", "kill", "pgrep", "ps", "history", "jq", "sed", "awk", "tree", "du", "df",
    ]

    /// The words behind a launcher such as `sudo` or `timeout 60`; nil when the word is none.
    static func skipped(_ word: String, _ rest: ArraySlice<String>) -> ArraySlice<String>? {
        switch word {
        case "sudo", "time", "nice", "nohup", "command", "exec", "env", "npx", "pnpx", "bunx", "xargs", "stdbuf",
            "caffeinate",
            "xvfb-run", "uvx", "then", "do", "else", "!", "{":
            return rest.drop { $0.hasPrefix("-") || $0.contains("=") && !$0.hasPrefix("/") }
        case "timeout":
            let behind = rest.drop { $0.hasPrefix("-") }
            return behind.dropFirst()
        case "poetry", "uv", "pipenv", "hatch", "rye", "pdm":
            return rest.first == "run" ? rest.dropFirst().drop { $0.hasPrefix("-") } : nil
        case "bundle", "mise", "asdf", "direnv":
            return rest.first == "exec" ? rest.dropFirst().drop { $0 == "--" } : nil
        default: return nil
        }
    }
}

/// The words that say what a program is to do.
enum Actions {
    /// Programs whose first plain word is what they do.
    private static let verbs: Set<String> = [
        "git", "npm", "pnpm", "yarn", "bun", "cargo", "go", "swift", "docker", "podman", "kubectl", "make", "gmake",
        "just",
        "task", "gradle", "gradlew", "mvn", "mvnw", "dotnet", "pip", "pip3", "poetry", "uv", "bundle", "rails", "rake",
        "mix", "terraform", "tofu", "helm", "apt", "apt-get", "brew", "systemctl", "gh", "aws", "gcloud", "az", "deno",
        "bazel", "buck2", "meson", "flutter", "dart", "composer", "artisan", "manage.py", "alembic", "prisma", "rustup",
        "nx", "turbo", "lerna", "vite", "next", "ng", "sbt", "stack", "cabal", "zig", "conan", "ansible",
        "docker-compose",
        "fly", "vercel", "netlify", "wrangler", "xcodebuild", "ccmem",
    ]
    /// Their options that take the next word.
    private static let valued: Set<String> = [
        "-C", "-c", "-f", "--prefix", "--manifest-path", "--package-path", "-n", "--namespace", "--context", "-p",
        "--project", "--workspace", "-w", "--filter", "-F", "--cwd", "--dir", "--directory", "-scheme", "-destination",
        "-workspace", "-project", "--scratch-path", "--file",
    ]

    static func action(of program: String, _ words: ArraySlice<String>) -> String? {
        if program == "cmake" { return words.contains("--build") ? "--build" : nil }
        guard verbs.contains(program) else { return nil }
        var rest = words
        var plain: [String] = []
        while let word = rest.first, plain.count < 3 {
            rest = rest.dropFirst()
            if word == "--" { break }
            if valued.contains(word) {
                rest = rest.dropFirst()
            } else if !word.hasPrefix("-"), !word.hasPrefix("+"), !word.contains("=") {
                plain.append(word)
            }
        }
        guard let first = plain.first else { return nil }
        switch (program, first) {
        case ("npm", "t"), ("npm", "tst"): return "test"
        case ("npm", "run-script"), ("npm", "run"), ("pnpm", "run"), ("yarn", "run"), ("bun", "run"),
            ("docker", "compose"),
            ("swift", "package"), ("manage.py", _), ("gh", _), ("rails", _), ("nx", "run"), ("go", "mod"),
            ("deno", "task"):
            return plain.count > 1 ? "\(first) \(plain[1])" : first
        case ("xcodebuild", _):
            return plain.last { ["test", "build", "archive", "clean"].contains($0) }
        default: return first
        }
    }
}

/// Which invocations check the work.
enum CheckTable {
    private static let programs: Set<String> = [
        "pytest", "py.test", "unittest", "jest", "vitest", "mocha", "ava", "tsc", "vue-tsc", "eslint", "biome", "ruff",
        "mypy",
        "pyright", "flake8", "pylint", "black", "rubocop", "rspec", "minitest", "phpunit", "phpstan", "psalm", "ctest",
        "tox",
        "nox", "ninja", "golangci-lint", "staticcheck", "shellcheck", "swiftlint", "ktlint", "detekt", "clang-tidy",
        "playwright", "cypress", "gcc", "g++", "clang", "clang++", "cc", "c++", "rustc", "javac", "kotlinc", "swiftc",
        "credo",
    ]
    private static let actions: Set<String> = [
        "test", "tests", "check", "build", "lint", "compile", "typecheck", "type-check", "vet", "clippy", "verify",
        "package",
        "fmt-check", "ci", "all", "--build", "validate", "plan", "spec", "assembleDebug", "assemble",
    ]
    /// Words in the name of a script or target: `run test:unit`, `make unit-tests`.
    private static let parts: Set<String> = [
        "test", "tests", "check", "checks", "build", "lint", "typecheck", "tsc", "compile", "ci", "e2e", "spec",
    ]
    private static let neverChecks: Set<String> = [
        "git", "docker", "podman", "kubectl", "pip", "pip3", "apt", "apt-get", "brew", "systemctl", "gh", "aws",
        "gcloud", "az",
        "helm", "ccmem",
    ]

    static func isCheck(_ invocation: Invocation) -> Bool {
        if programs.contains(invocation.program) { return true }
        if neverChecks.contains(invocation.program) { return false }
        guard let action = invocation.action else {
            // Without a target make builds; a script of one's own says by its name what it does.
            if ["make", "gmake", "just"].contains(invocation.program) { return true }
            return isScript(invocation.program) && hasPart(invocation.program)
        }
        return actions.contains(action) || hasPart(action)
    }

    private static func isScript(_ program: String) -> Bool {
        [".sh", ".py", ".js", ".ts", ".rb", ".mjs"].contains { program.hasSuffix($0) }
    }

    private static func hasPart(_ text: String) -> Bool {
        text.split { !$0.isLetter && !$0.isNumber }.contains { parts.contains($0.lowercased()) }
    }
}
