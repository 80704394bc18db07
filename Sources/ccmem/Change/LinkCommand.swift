import ArgumentParser
import Commands
import JSON
import Memories
import SQLite
import Storage

/// A type of link as people write it: `caused-by` is `caused_by`.
struct LinkArgument: ExpressibleByArgument, Sendable {
    let kind: LinkKind

    init?(argument: String) {
        let name = String(argument.lowercased().map { $0 == "-" ? "_" : $0 })
        guard let kind = LinkKind(rawValue: name) else { return nil }
        self.kind = kind
    }

    static var allValueStrings: [String] { LinkKind.allCases.map(\.rawValue) }
}

struct LinkCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "link",
        abstract: "Say how two memories belong together.",
        discussion: """
            `supersedes` takes the second memory out of force; --remove brings it back unless something else stands there.

            EXAMPLES
              ccmem link 15 12 --as supersedes
              ccmem link 8 3 --as caused_by
              ccmem link 8 3 --as caused_by --remove

            EXIT STATUS
              0  done, also when it was so already
              1  there is no such memory, or the link is refused
              2  the command line is wrong
              3  the store can't be written
            """)

    @OptionGroup var project: ProjectOptions

    @Argument(help: ArgumentHelp("Number of the first memory.", valueName: "a"))
    var from: MemoryID

    @Argument(help: ArgumentHelp("Number of the second memory.", valueName: "b"))
    var to: MemoryID

    @Option(
        name: .customLong("as"),
        help: ArgumentHelp(
            "One of \(LinkKind.allCases.map(\.rawValue).joined(separator: ", ")).", valueName: "type"))
    var type: LinkArgument

    @Flag(help: "Take the link away.")
    var remove = false

    func run() throws {
        let change = try StoreChange.open(project)
        let (a, b) = (from.number, to.number)
        let kind = type.kind
        let outcome = try change.run { run throws(SQLiteError) in
            remove ? try change.store.unlink(a, kind, to: b, run) : try change.store.link(a, kind, to: b, run)
        }
        let words = "#\(a) \(kind.rawValue) #\(b)"
        switch outcome {
        case .linked: print("linked", words)
        case .alreadyLinked: print("already_linked", words + " is known already")
        case .unlinked: print("unlinked", words + " removed")
        case .notLinked: print("not_linked", words + " is not known")
        case .unknown(let id): throw MemoryID(id).unknown
        case .toItself: throw CommandError("A memory can't be linked to itself.", .nothingFound)
        case .circle:
            throw CommandError(
                "#\(b) supersedes #\(a) already.",
                help: "`ccmem link \(b) \(a) --as supersedes --remove` takes that away.",
                .nothingFound)
        case .notActive(let id, let state):
            throw CommandError(
                "#\(id) is \(state.rawValue) and can't take the place of another.",
                help: "`ccmem restore \(id)` brings it back first.", .nothingFound)
        }
    }

    private func print(_ name: String, _ words: String) {
        guard project.json else { return StandardStream.output.write(words + "\n") }
        StandardStream.output.print(
            MemoryJSON.document { writer in
                writer.key("outcome")
                writer.string(name)
                writer.key("from")
                writer.int(from.number)
                writer.key("kind")
                writer.string(type.kind.rawValue)
                writer.key("to")
                writer.int(to.number)
            })
    }
}
