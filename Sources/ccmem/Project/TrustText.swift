import Commands
import Digests
import JSON
import Memories
import Projects
import RulePacks
import Views

/// What `ccmem trust` shows of an item: of a rule pack what it would do, of everything that is not trusted the contents.
struct TrustText {
    let item: TrustItem
    /// Those whose hash the item has; nil for a database, and for what can't be read or was changed a moment ago.
    private let bytes: [UInt8]?
    let pack: PackSummary?

    init(_ item: TrustItem, _ ledger: TrustLedger) {
        self.item = item
        bytes =
            item.path == "memory.db" || item.digest.isEmpty
            ? nil
            : (try? ledger.contents(of: item.path)).flatMap { SHA256.hex($0.bytes) == item.digest ? $0.bytes : nil }
        pack = item.path.hasPrefix("rules/") ? bytes.map { PackSummary($0, file: ".ccmem/" + item.path) } : nil
    }

    /// Lines of a file that are shown; the rest is named.
    private static let longest = 400

    /// - Parameter contents: Whether what is not trusted is shown whole.
    func add(to page: inout MemoryPage, contents: Bool) {
        if case .unreadable(let failure) = item.state {
            return page.line(TrustText.row("unreadable", "\(item.path): \(failure.reason)"))
        }
        page.line(TrustText.row("\(item.state)", item.path))
        for line in pack?.lines ?? [] { page.line(TrustText.row("", line)) }
        guard contents, item.state != .trusted else { return }
        guard let bytes else {
            if item.path != "memory.db" { page.line(TrustText.row("", "It was changed while it was looked at.")) }
            return
        }
        let text = String(decoding: bytes, as: UTF8.self)
        let lines = PageLines.of(text)
        let count = lines.last?.isEmpty == true ? lines.count - 1 : lines.count
        for line in lines.prefix(min(count, TrustText.longest)) {
            page.line("  | " + TextStyle.printable(String(line)))
        }
        if count > TrustText.longest {
            page.line("  … \(count - TrustText.longest) more lines: .ccmem/\(TextStyle.printable(item.path))")
        }
    }

    func write(to writer: inout JSONWriter) {
        writer.field("path", item.path)
        if case .unreadable = item.state {
            writer.field("state", "unreadable")
        } else {
            writer.field("state", "\(item.state)")
        }
        writer.field("sha256", item.digest)
        if let pack {
            writer.object("pack") { writer in pack.write(to: &writer) }
        }
    }

    private static func row(_ word: String, _ words: String) -> String {
        word + String(repeating: " ", count: max(1, 12 - word.count)) + TextStyle.printable(words)
    }
}

/// What a pack would do, in few words.
struct PackSummary {
    private let pack: RulePack?
    /// The first thing that is wrong, and how many there are.
    private let problem: (words: String, count: Int)?

    init(_ bytes: [UInt8], file: String) {
        do throws(RulePackErrors) {
            pack = try RulePack(parsing: bytes, file: file, layer: .project)
            problem = nil
        } catch {
            pack = nil
            let words = error.problems.first.map { DiagnosticRenderer().render($0) } ?? ""
            let first = words.split(separator: "\n").first.map(String.init) ?? words
            problem = (first, error.problems.count)
        }
    }

    var lines: [String] {
        if let problem {
            let more = problem.count > 1 ? " (and \(problem.count - 1) more)" : ""
            return ["It does not work: \(problem.words)\(more)"]
        }
        guard let pack else { return [] }
        let count = pack.rules.count
        var lines = [
            "pack \(pack.identity.name) \(pack.identity.version), \(count) \(count == 1 ? "rule" : "rules"): \(pack.summary)"
        ]
        for change in pack.overrides {
            let target = PackSummary.words(change.target)
            if change.switchesOff {
                lines.append("switches off \(target): \(change.why ?? "")")
            } else {
                let keys = change.keys.filter { $0 != "why" }.joined(separator: ", ")
                lines.append("changes \(target): \(keys)")
            }
        }
        return lines
    }

    func write(to writer: inout JSONWriter) {
        if let problem {
            writer.field("problem", problem.words)
            return
        }
        guard let pack else { return }
        writer.field("name", pack.identity.name)
        writer.field("version", pack.identity.version)
        writer.field("summary", pack.summary)
        writer.field("rules", pack.rules.count)
        writer.key("overrides")
        writer.beginArray()
        for change in pack.overrides {
            writer.beginObject()
            writer.field("of", change.target.text)
            writer.field("switches_off", change.switchesOff)
            writer.field("keys", change.keys.joined(separator: " "))
            writer.endObject()
        }
        writer.endArray()
    }

    private static func words(_ target: RuleOverride.Target) -> String {
        switch target {
        case .rule(let id): id
        case .group(let glob): "all rules `\(glob)`"
        case .pack(let name): "the whole pack `\(name)`"
        }
    }
}
