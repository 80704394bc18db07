import ArgumentParser
import Commands
import JSON
import Neutralization
import SQLite
import Storage

#if canImport(Glibc)
    import Glibc
#elseif canImport(Darwin)
    import Darwin
#endif

struct WatchCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "watch",
        abstract: "Print what is stored and injected while it happens.",
        discussion: """
            Ends when it is interrupted or when nobody reads any more. Writes nothing to the store. With --json each line is an \
            object; its id goes on from where a script has stopped.

            EXAMPLES
              ccmem watch
              ccmem watch --once --since-id 120 --json

            EXIT STATUS
              0  it was ended, or --once has printed what there is
              1  there is no store
              2  the command line is wrong
              3  the store can't be read
            """)

    @OptionGroup var project: ProjectOptions

    @Option(help: ArgumentHelp("Look again after so many milliseconds.", valueName: "ms"))
    var interval = 500

    @Flag(help: "Print what there is and end.")
    var once = false

    @Option(
        help: ArgumentHelp(
            "Begin behind this event; else with what comes now, or with --once at the first.", valueName: "n"))
    var sinceId: Int?

    @Option(help: ArgumentHelp("The same for injections.", valueName: "n"))
    var sinceInjection: Int?

    func validate() throws {
        guard (10...3_600_000).contains(interval) else {
            throw ValidationError("--interval takes milliseconds from 10 to 3600000, not \(interval).")
        }
        guard (sinceId ?? 0) >= 0, (sinceInjection ?? 0) >= 0 else {
            throw ValidationError("--since-id and --since-injection take a number from 0.")
        }
    }

    func run() throws {
        Interruption.endsThis()
        let context = try ProjectContext.find(project)
        guard let (store, isNew) = try opened(context) else { return }
        let last = try StoreWords.inWords { () throws(StoreError) in
            try store.reading { () throws(SQLiteError) in try store.lastOfFeed() }
        }
        var event = sinceId ?? (once || isNew ? 0 : last.event)
        var injection = sinceInjection ?? (once || isNew ? 0 : last.injection)
        while true {
            let found = try StoreWords.inWords { () throws(StoreError) in
                try store.reading { () throws(SQLiteError) in
                    (
                        events: try store.events(after: event, limit: WatchCommand.batch),
                        injections: try store.injections(after: injection, limit: WatchCommand.batch)
                    )
                }
            }
            event = found.events.last?.event.id ?? event
            injection = found.injections.last?.id ?? injection
            guard print(found.events, found.injections) else { return }
            if max(found.events.count, found.injections.count) == WatchCommand.batch { continue }
            if once { return }
            guard waitForReader() else { return }
        }
    }

    /// The store; with `--once` it must be there, else it is waited for.
    ///
    /// - Returns: Nil when whoever read the output has gone before; `isNew` when all that is in it came while we waited.
    private func opened(_ context: ProjectContext) throws -> (store: MemoryStore, isNew: Bool)? {
        if once { return (try context.openToList(isJSON: project.json), false) }
        var hasSaid = false
        while true {
            do {
                return (try context.openToRead(), hasSaid)
            } catch let error as CommandError where error.status == .nothingFound {
                if !hasSaid {
                    StandardStream.error.write("note: \(error.message) It is watched from its first memory on.\n")
                }
                hasSaid = true
                guard waitForReader() else { return nil }
            }
        }
    }

    /// Rows that are read at a time.
    private static let batch = 500

    /// In the order of time.
    ///
    /// - Returns: False when the reader is gone.
    private func print(_ events: [FeedEvent], _ injections: [StoredInjection]) -> Bool {
        var lines: [(at: String, bytes: [UInt8])] = []
        for event in events { lines.append((event.event.at, project.json ? json(event) : text(event))) }
        for injection in injections { lines.append((injection.at, project.json ? json(injection) : text(injection))) }
        // A stable order: of equal times the event first.
        let order = lines.indices.sorted { (lines[$0].at, $0) < (lines[$1].at, $1) }
        return lines.isEmpty || StandardStream.output.write(order.flatMap { lines[$0].bytes })
    }

    private func text(_ item: FeedEvent) -> [UInt8] {
        let event = item.event
        let words =
            "\(TimeText.clock(event.at, digits: 8))  #\(event.memory)  \(EventText.words(event))  \(item.category): \(item.content)"
        return Array(Neutralizer.withoutForgery(TextStyle.printable(words) + "\n").utf8)
    }

    private func text(_ injection: StoredInjection) -> [UInt8] {
        let words =
            "\(TimeText.clock(injection.at, digits: 8))  #\(injection.memory)  injected at \(injection.event), "
            + "\(injection.tokens) tokens  \(injection.content)"
        return Array(Neutralizer.withoutForgery(TextStyle.printable(words) + "\n").utf8)
    }

    private func json(_ item: FeedEvent) -> [UInt8] {
        MemoryJSON.document { writer in
            writer.field("type", "event")
            writer.field("id", item.event.id)
            writer.field("at", item.event.at)
            writer.field("kind", item.event.kind)
            writer.field("memory", item.event.memory)
            writer.field("category", item.category)
            writer.field("content", item.content)
            writer.object("detail") { writer in
                for (name, value) in item.event.details { writer.field(name, value) }
            }
        }
    }

    private func json(_ injection: StoredInjection) -> [UInt8] {
        MemoryJSON.document { writer in
            writer.field("type", "injection")
            writer.field("id", injection.id)
            writer.field("at", injection.at)
            writer.field("event", injection.event)
            writer.field("session", injection.session)
            writer.field("memory", injection.memory)
            writer.field("tokens", injection.tokens)
            writer.field("content", injection.content)
        }
    }

    /// Waits for the interval.
    ///
    /// - Returns: False when whoever read the output has gone.
    private func waitForReader() -> Bool {
        var output = pollfd(fd: StandardStream.output.descriptor, events: 0, revents: 0)
        let ready = poll(&output, 1, Int32(interval))
        guard ready > 0 else { return true }
        return Int32(output.revents) & Int32(POLLERR | POLLHUP | POLLNVAL) == 0
    }
}
