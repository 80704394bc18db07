import ArgumentParser
import Commands
import JSON
import Memories
import RulePacks

extension RulesCommand {
    struct Show: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Show a rule as it is in force.",
            discussion: """
                With --origin each value is followed by the file and line that it comes from, and by each change that a pack above \
                made to it.

                EXAMPLES
                  ccmem rules show decision.chosen-over
                  ccmem rules show decision.chosen-over --origin

                EXIT STATUS
                  0  there is such a rule
                  1  it is switched off
                  2  the command line or a rule pack is wrong, or there is no such rule
                """)

        @OptionGroup var options: RuleOptions

        @Argument(help: ArgumentHelp("Id of the rule.", valueName: "id"))
        var id: String

        @Flag(help: "Show where each value comes from.")
        var origin = false

        func run() throws {
            let loaded = try LoadedRules(options)
            let rule = loaded.set.rules[try loaded.index(of: id)]
            if options.project.json {
                StandardStream.output.print(RuleText(rule: rule).document(withOrigins: origin))
            } else {
                var page = MemoryPage.forOutput()
                RuleText(rule: rule).add(to: &page, withOrigins: origin)
                page.print()
            }
        }
    }
}

/// A resolved rule in words.
struct RuleText {
    var rule: Rule

    /// Keys and values in the order of the format; a value of several lines is one text with line feeds.
    var values: [(key: String, value: String)] {
        var values: [(String, String?)] = [
            // Of interest only where something was switched.
            ("enabled", rule.origins(of: "enabled").isEmpty ? nil : "true"), ("category", rule.category.rawValue),
            ("status", rule.status.rawValue), ("replaced_by", rule.replacedBy),
            ("summary", rule.summary),
            ("roles", Role.allCases.filter(rule.roles.contains).map(\.rawValue).joined(separator: ", ")),
            ("tools", rule.tools.isEmpty ? nil : rule.tools.sorted().joined(separator: ", ")),
            ("keywords", rule.keywords.isEmpty ? nil : rule.keywords.joined(separator: ", ")),
            ("pattern", RuleText.own(rule.pattern)), ("under", rule.under.map(RuleText.own)),
        ]
        if !rule.fields.isEmpty {
            values.append(("fields", rule.fields.map { "\($0.name): \($0.kind.rawValue)" }.joined(separator: ", ")))
        }
        values += [
            ("statement", rule.statement.text), ("key", rule.key?.text), ("importance", "\(rule.importance.level)"),
        ]
        if !rule.exceptions.isEmpty {
            values.append(
                (
                    "exceptions",
                    rule.exceptions.map { "\($0.why)\n  \($0.scope.rawValue): \(RuleText.own($0.pattern))" }
                        .joined(separator: "\n")
                ))
        }
        if !rule.matchExamples.isEmpty {
            values.append(
                (
                    "examples.match",
                    rule.matchExamples.map { example in
                        example.text + (example.statement.map { "\n  → \($0)" } ?? "")
                    }.joined(separator: "\n")
                ))
        }
        if !rule.rejectExamples.isEmpty {
            values.append(
                ("examples.reject", rule.rejectExamples.map { "\($0.text)\n  (\($0.why))" }.joined(separator: "\n")))
        }
        return values.compactMap { key, value in value.map { (key, $0) } }
    }

    /// What stands in the pack, without the definitions in front of it.
    static func own(_ pattern: ComposedPattern) -> String {
        String(decoding: pattern.source.utf8.dropFirst(pattern.prefixLength), as: UTF8.self)
    }

    func add(to page: inout MemoryPage, withOrigins: Bool) {
        page.heading(TextStyle.printable(rule.id))
        page.paragraph(
            "\(rule.pack.name) \(rule.pack.version), \(RuleNames.word(rule.layer)), \(RuleNames.place(rule.location))",
            indent: 2, faint: true)
        for (key, value) in values {
            page.line()
            page.line(page.style.paint("\(key):", .bold))
            for line in value.split(separator: "\n", omittingEmptySubsequences: false) {
                page.line("  " + TextStyle.printable(String(line)))
            }
            guard withOrigins else { continue }
            for origin in rule.origins(of: key) {
                page.paragraph("← \(RuleText.words(origin))", indent: 2, hanging: 2, faint: true)
            }
        }
    }

    static func words(_ origin: RuleOrigin) -> String {
        let what =
            switch origin.change {
            case .set: "written"
            case .added(let text): "added `\(text)`"
            case .removed(let text): "removed `\(text)`"
            }
        return "\(what) at \(RuleNames.place(origin.location)) (\(RuleNames.word(origin.layer)))"
    }

    func document(withOrigins: Bool) -> [UInt8] {
        MemoryJSON.document { writer in
            writer.field("id", rule.id)
            writer.field("pack", rule.pack.name)
            writer.field("pack_version", rule.pack.version)
            writer.field("layer", RuleNames.word(rule.layer))
            writer.field("file", rule.location.file)
            writer.field("line", rule.location.line)
            writer.array("values", values) { item, writer in
                writer.object { writer in
                    writer.field("key", item.key)
                    writer.field("value", item.value)
                    guard withOrigins else { return }
                    writer.array("origins", rule.origins(of: item.key)) { origin, writer in
                        writer.object { writer in
                            let (change, entry) = RuleText.parts(origin.change)
                            writer.field("change", change)
                            writer.field("entry", entry)
                            writer.field("layer", RuleNames.word(origin.layer))
                            writer.field("file", origin.location.file)
                            writer.field("line", origin.location.line)
                        }
                    }
                }
            }
        }
    }

    private static func parts(_ change: RuleOrigin.Change) -> (String, String?) {
        switch change {
        case .set: ("set", nil)
        case .added(let text): ("added", text)
        case .removed(let text): ("removed", text)
        }
    }
}

extension Template {
    /// As it is written in a pack.
    var text: String { Template.text(parts) }

    private static func text(_ parts: [Part]) -> String {
        parts.map { part in
            switch part {
            case .literal(let text):
                text.reduce(into: "") { out, character in
                    out.append(character)
                    if "{}[]".contains(character) { out.append(character) }
                }
            case .field(let name): "{\(name)}"
            case .optional(let inner): "[\(Template.text(inner))]"
            }
        }.joined()
    }
}
