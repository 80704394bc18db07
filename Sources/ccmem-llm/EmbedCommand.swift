import ArgumentParser
import Commands
import JSON
import LanguageModels
import ModelProviders
import Projects
import SQLite
import Storage

#if canImport(Glibc)
    import Glibc
#elseif canImport(Darwin)
    import Darwin
#endif

struct EmbedCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: ModelVerb.embed.rawValue,
        abstract: ModelVerb.embed.abstract,
        discussion: """
            Has the server of the setting embed.provider turn memories and conversations into vectors, which are kept in the \
            store. With them `ccmem search` and `ccmem recall` also find what says the same in other words. What has a vector of \
            the model already is not sent again. Texts are redacted before they are sent. A key for the server is taken from the \
            variable CCMEM_EMBED_KEY.

            EXAMPLES
              ccmem config set embed.provider ollama
              ccmem embed
              ccmem embed --seconds 600
              ccmem embed --status

            EXIT STATUS
              0  done, or as far as the time went
              2  the command line is wrong
              3  vectors are switched off, or something could not be read, written or reached
            """)

    @OptionGroup var project: ProjectOptions

    @Option(help: ArgumentHelp("Stop after so many seconds; what is left comes the next time.", valueName: "n"))
    var seconds = 120

    @Option(help: ArgumentHelp("So many texts in one request.", valueName: "n"))
    var batch = 32

    @Flag(help: "Say how much has a vector, and send nothing.")
    var status = false

    @Flag(help: .hidden)
    var query = false

    func validate() throws {
        guard (1...86_400).contains(seconds) else { throw ValidationError("--seconds takes a number from 1 to 86400.") }
        guard (1...256).contains(batch) else { throw ValidationError("--batch takes a number from 1 to 256.") }
    }

    func run() throws {
        let context = try ProjectContext.find(project)
        let model = try EmbedCommand.model(context)
        try StoredText.prepare()
        if query { return try answer(model) }
        if status { return tell(try counts(context.openToRead(), model.name), model.name) }
        try context.checkActive()
        let store = try context.openToWrite()
        try fill(store, model)
        tell(try counts(store, model.name), model.name)
    }

    // MARK: - The server

    private static func model(_ context: ProjectContext) throws -> EmbeddingModel {
        let settings = context.active?.settings ?? Settings(.current())
        guard let provider = settings.text(.embedProvider).flatMap(EmbeddingModel.Provider.init) else {
            throw CommandError(
                "Vectors are switched off.", help: "`ccmem config set embed.provider ollama` switches them on.",
                .unreadableInput)
        }
        let key = getenv("CCMEM_EMBED_KEY").map { String(cString: $0) }.flatMap { $0.isEmpty ? nil : $0 }
        guard
            let model = EmbeddingModel(
                provider, name: settings.text(.embedModel) ?? "nomic-embed-text",
                endpoint: settings.text(.embedEndpoint) ?? "", key: key)
        else {
            throw CommandError(
                "The setting embed.endpoint is no address of a server.",
                help: "Give one as `http://127.0.0.1:8080/v1`.", .unreadableInput)
        }
        return model
    }

    /// The vector of the question on standard input: the model, and its floats as hexadecimal digits.
    private func answer(_ model: EmbeddingModel) throws {
        let text = StoredText.clean(try StoredText.standardInput())
        let vectors = try EmbedCommand.inWords { () throws(ModelFailure) in
            try model.vectors(of: [text], for: .asked, deadline: 2_500)
        }
        guard let vector = vectors.first else { return }
        var line = model.name + "\n"
        for value in vector {
            let digits = String(value.bitPattern, radix: 16)
            line += String(repeating: "0", count: 8 - digits.count) + digits
        }
        StandardStream.output.write(line + "\n")
    }

    // MARK: - The store

    private func fill(_ store: MemoryStore, _ model: EmbeddingModel) throws {
        let end = EmbedCommand.milliseconds() + seconds * 1_000
        for index in [MemoryStore.TextIndex.memories, .turns] {
            while true {
                let left = end - EmbedCommand.milliseconds()
                guard left > 0 else { return }
                let texts = try StoreWords.inWords { () throws(StoreError) in
                    try store.reading { () throws(SQLiteError) in
                        try store.textsToEmbed(index, model: model.name, limit: batch)
                    }
                }
                guard !texts.isEmpty else { break }
                let cleaned = texts.map { StoredText.clean($0.text) }
                let vectors = try EmbedCommand.inWords { () throws(ModelFailure) in
                    try model.vectors(of: cleaned, for: .stored, deadline: min(left, 60_000))
                }
                let stored = try StoreWords.inWords { () throws(StoreError) in
                    try store.writing { () throws(SQLiteError) -> Int in
                        var stored = 0
                        for (text, vector) in zip(texts, vectors)
                        where try store.setVector(vector, of: text.id, index, model: model.name) {
                            stored += 1
                        }
                        return stored
                    }
                }
                guard stored > 0 else {
                    throw CommandError("The server gave vectors without a length.", .unreadableInput)
                }
            }
        }
    }

    private struct Counts {
        var memories: (done: Int, all: Int)
        var turns: (done: Int, all: Int)
    }

    private func counts(_ store: MemoryStore, _ model: String) throws -> Counts {
        try StoreWords.inWords { () throws(StoreError) in
            try store.reading { () throws(SQLiteError) in
                Counts(
                    memories: (try store.vectorCount(.memories, model: model), try store.embeddable(.memories)),
                    turns: (try store.vectorCount(.turns, model: model), try store.embeddable(.turns)))
            }
        }
    }

    private func tell(_ counts: Counts, _ model: String) {
        if project.json {
            StandardStream.output.print(
                MemoryJSON.document { writer in
                    writer.field("model", model)
                    for (name, count) in [("memories", counts.memories), ("turns", counts.turns)] {
                        writer.key(name)
                        writer.object { writer in
                            writer.field("done", count.done)
                            writer.field("all", count.all)
                        }
                    }
                })
        } else {
            StandardStream.output.write(
                "\(model): \(counts.memories.done) of \(counts.memories.all) memories and \(counts.turns.done) of "
                    + "\(counts.turns.all) turns have a vector.\n")
        }
    }

    // MARK: -

    private static func milliseconds() -> Int {
        var now = timespec()
        clock_gettime(CLOCK_MONOTONIC, &now)
        return now.tv_sec * 1_000 + now.tv_nsec / 1_000_000
    }

    private static func inWords<T>(_ body: () throws(ModelFailure) -> T) throws -> T {
        do throws(ModelFailure) {
            return try body()
        } catch {
            let words =
                switch error {
                case .refused(let why): "the server refused the key: \(why)"
                case .busy(let status): "the server is busy (\(status))"
                case .rejected(let status, let why): "the server refused the request (\(status)): \(why)"
                case .unreachable(let why): why
                case .outOfTime: "the server did not answer in time"
                case .unusable(let why, _): "the answer of the server can't be used: \(why)"
                }
            throw CommandError(
                "No vectors: \(words).", help: "The settings are embed.endpoint and embed.model.", .unreadableInput)
        }
    }
}
