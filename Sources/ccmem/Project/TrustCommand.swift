import ArgumentParser
import Commands
import JSON
import Projects

struct TrustCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "trust",
        abstract: "Look at what came with a project's .ccmem, and let it act.",
        discussion: """
            Packs, topics, settings and databases that you did not make do nothing until then; a pack may only switch rules \
            off. Without an option it shows what there is, of packs what they would do, the contents of all that is not \
            trusted, and a hash of all; --yes trusts it, --hash only if it is still that.

            EXAMPLES
              ccmem trust
              ccmem trust --yes
              ccmem trust --hash 3f1c…     (on machines where nobody can be asked)

            EXIT STATUS
              0  everything is trusted now
              1  something is not trusted
              2  the command line is wrong
              3  the ledger can't be written, or the hash is another one
            """)

    @OptionGroup var project: ProjectOptions

    @Flag(help: "Trust what stands there now.")
    var yes = false

    @Option(help: ArgumentHelp("Trust all of it, if this is its hash.", valueName: "digits"))
    var hash: String?

    func run() throws {
        // The very state that makes others refuse is what is looked at here.
        let environment = Environment.current()
        let start = project.project.map { ProjectStart.directory($0) } ?? .workingDirectory
        let location: StoreLocation
        do throws(ProjectRefusal) {
            location = try StoreLocation(of: ProjectLocator(environment).project(from: start), environment)
        } catch {
            throw CommandError(error.message, .unreadableInput)
        }
        let ledger = TrustLedger(location)
        // Packs and weights that begin to act now.
        let packs =
            hash == nil && !yes
            ? []
            : ledger.review().items.filter { item in
                item.state != .trusted && (item.path.hasPrefix("rules/") || item.path == "scoring.yaml")
            }.map(\.path)
        do {
            if let hash { try ledger.trust(digest: hash) } else if yes { try ledger.trust(ledger.review().items) }
        } catch let failure as TrustFailure {
            throw CommandError(failure.message, .unreadableInput)
        } catch let failure as FileFailure {
            throw CommandError(failure.message, .unreadableInput)
        }
        let review = ledger.review()
        show(review, ledger)
        // Without a store nothing was read.
        if Files.status(of: location.database) != nil,
            packs.contains(where: { item in review.items.contains { $0.path == item && $0.state == .trusted } })
        {
            let hint = "What was read before stays as it is until `ccmem ingest --stale` reads it again.\n"
            (project.json ? StandardStream.error : StandardStream.output).write(hint)
        }
        if review.needsAttention { throw ExitStatus.nothingFound }
    }

    private func show(_ review: TrustReview, _ ledger: TrustLedger) {
        let items = review.items.map { TrustText($0, ledger) }
        if project.json {
            StandardStream.output.print(
                MemoryJSON.document { writer in
                    writer.key("items")
                    writer.beginArray()
                    for item in items {
                        writer.beginObject()
                        item.write(to: &writer)
                        writer.endObject()
                    }
                    writer.endArray()
                    writer.field("hash", review.digest)
                    writer.field("is_trusted", !review.needsAttention)
                })
            return
        }
        var page = MemoryPage.forOutput()
        for item in items { item.add(to: &page, contents: true) }
        page.line(items.isEmpty ? "There is nothing in .ccmem that could act." : "hash \(review.digest)")
        if review.needsAttention { page.line("Look at these files, then run `ccmem trust --yes`.") }
        page.print()
    }
}
