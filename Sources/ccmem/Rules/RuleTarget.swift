import BuiltInRules
import Commands
import Projects
import RulePacks

/// The pack that a new rule is written into.
struct RuleTarget {
    let name: String
    let path: String
    /// What stands there; nil for a new file.
    let contents: [UInt8]?
    private let ledger: TrustLedger?
    private let ownEdits: Bool

    /// The path as people type it.
    var shown: String { RuleNames.shown(path) }

    /// - Parameter isPrinted: Whether nothing is written, so that no folder is needed.
    init(name: String, isUser: Bool, isPrinted: Bool, project: ProjectOptions) throws {
        let isName =
            !name.isEmpty && name.utf8.count <= 60 && name.utf8.first != 0x2D && name.utf8.first != 0x2E
            && name.utf8.allSatisfy {
                (0x61...0x7A).contains($0) || (0x30...0x39).contains($0) || [0x2D, 0x2E, 0x5F].contains($0)
            }
        guard isName else {
            throw CommandError(
                "`\(TextStyle.printable(name))` is no name of a pack.", help: "Use a-z, 0-9, `-` and `_`.", .usage)
        }
        self.name = name
        let environment = Environment.current()
        ownEdits = Settings(environment).bool(.trustOwnEdits)
        if isUser {
            guard let folder = environment.configFolder else {
                throw CommandError("There is no place for rules of yours: set `HOME`.", .unreadableInput)
            }
            path = "\(folder)/rules/\(name).yaml"
            ledger = nil
        } else {
            let location: StoreLocation
            do throws(ProjectRefusal) {
                location = try StoreLocation(
                    of: ProjectLocator(environment).project(
                        from: project.project.map { .directory($0) } ?? .workingDirectory), environment)
            } catch {
                guard isPrinted else { throw CommandError(error.message, .unreadableInput) }
                path = "\(name).yaml"
                ledger = nil
                contents = nil
                return
            }
            guard isPrinted || location.root.reason == .ownFolder else {
                throw CommandError(
                    "\(location.root.path): There is no .ccmem folder here that could hold the rules of the project.",
                    help: "`ccmem init` makes it; `--user` writes the rule for all your projects.", .unreadableInput)
            }
            path = "\(location.root.ownFolder)/rules/\(name).yaml"
            ledger = TrustLedger(location)
        }
        contents = Files.status(of: path) == nil ? nil : try RuleTarget.read(path)
    }

    private static func read(_ path: String) throws -> [UInt8] {
        do throws(FileFailure) {
            return try Files.contents(of: path, limit: 1 << 20, followingLinks: false)
        } catch {
            throw CommandError(error.message, .unreadableInput)
        }
    }

    /// Writes the pack, and the schema beside it for editors. A pack of the project is trusted as written.
    func write(_ bytes: [UInt8]) throws {
        let schema = BuiltInRules.schema
        do {
            if let ledger {
                try ledger.write(bytes, to: "rules/\(name).yaml", ownEdits: ownEdits)
            } else {
                let folders = path.split(separator: "/").dropLast().joined(separator: "/")
                try PageFile.makeFolders(folders, below: "")
                try Files.write(bytes, to: path)
            }
            let folder = path.dropLast("\(name).yaml".utf8.count)
            try PageFile.write(schema.bytes, to: folder + schema.file)
        } catch let failure as TrustFailure {
            throw CommandError(failure.message, .unreadableInput)
        } catch let failure as FileFailure {
            throw CommandError(failure.message, .unreadableInput)
        } catch let error as FileError {
            throw CommandError("\(error.path): it cannot be written: \(error.reason).", .unreadableInput)
        }
    }

    func refusal(_ refusal: PackAddition.Refusal) -> any Error {
        switch refusal {
        case .unreadable(let errors): return PackFiles.report(errors, in: [(path, contents ?? [])])
        case .rulesInBrackets(let line):
            return CommandError(
                "\(path):\(line): The rules are no list with a rule on lines of its own, so nothing was added.",
                help: "Write them as `rules:` with `- id: …` below, or give another --pack.", .usage)
        }
    }
}
