import ArgumentParser
import Commands
import Projects

#if canImport(Glibc)
    import Glibc
#elseif canImport(Darwin)
    import Darwin
#endif

/// The program that has the verbs of `ModelVerb`: beside this one, and nowhere else. One of the PATH could be a project's.
enum ModelProgram {
    static let name = "ccmem-llm"

    /// Takes the place of this process.
    static func execute(_ arguments: ArraySlice<String>, for verb: ModelVerb) throws -> Never {
        guard let path = Files.beside(name) else {
            throw CommandError(
                "There is no `\(name)` beside this command, which `ccmem \(verb.rawValue)` needs.",
                help: "Install both with `make install`; nothing else of ccmem needs it.", .unreadableInput)
        }
        var pointers: [UnsafeMutablePointer<CChar>?] = ([path] + arguments).map { strdup($0) }
        pointers.append(nil)
        execv(path, pointers)
        throw CommandError("\(path) can't be run: \(String(cString: strerror(errno))).", .unreadableInput)
    }
}

/// A verb of `ModelProgram` as it stands in the overview and in completions; `main` never runs it.
protocol ModelVerbCommand: ParsableCommand {
    static var verb: ModelVerb { get }
}

extension ModelVerbCommand {
    static var configuration: CommandConfiguration {
        CommandConfiguration(commandName: verb.rawValue, abstract: verb.abstract)
    }

    func run() throws { try ModelProgram.execute([Self.verb.rawValue, "--help"], for: Self.verb) }
}

struct ModelAuthCommand: ModelVerbCommand { static var verb: ModelVerb { .auth } }
struct ModelRefineCommand: ModelVerbCommand { static var verb: ModelVerb { .refine } }
struct ModelTidyCommand: ModelVerbCommand { static var verb: ModelVerb { .tidy } }
struct ModelEmbedCommand: ModelVerbCommand { static var verb: ModelVerb { .embed } }
struct ModelCostCommand: ModelVerbCommand { static var verb: ModelVerb { .cost } }
