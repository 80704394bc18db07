import ArgumentParser
import Commands
import Memories
import RulePacks

extension RulesCommand {
    struct Docs: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Make a page of each rule from its own words and examples.",
            discussion: """
                EXAMPLES
                  ccmem rules docs decision.chosen-over
                  ccmem rules docs --own > docs/our-rules.md
                  ccmem rules docs --output docs/rules

                EXIT STATUS
                  0  done
                  2  the command line or a rule pack is wrong, or there is no such rule
                  3  a page cannot be written
                """)

        @OptionGroup var options: RuleOptions

        @Argument(help: ArgumentHelp("Ids of rules; else all.", valueName: "id"))
        var ids: [String] = []

        @Flag(help: "Only rules that are not part of ccmem, or that a pack above has changed.")
        var own = false

        @Option(help: ArgumentHelp("Write one page a rule and an index into this folder.", valueName: "dir"))
        var output: String?

        func validate() throws {
            guard !options.project.json else {
                throw ValidationError("pages are Markdown; `ccmem rules show ID --json` tells the same to programs.")
            }
        }

        func run() throws {
            let loaded = try LoadedRules(options)
            var rules = try ids.map { loaded.set.rules[try loaded.index(of: $0)] }
            if ids.isEmpty { rules = loaded.set.rules }
            if own { rules = rules.filter { $0.isOwn || $0.isChanged } }
            guard let output else {
                return StandardStream.output.write(rules.map { RulePage(rule: $0).text }.joined(separator: "\n"))
            }
            do throws(FileError) {
                try PageFile.makeFolders(
                    output.hasPrefix("/") ? output.dropFirst() : output[...], below: output.hasPrefix("/") ? "" : ".")
                for rule in rules {
                    try WholeFile.write(Array(RulePage(rule: rule).text.utf8), to: "\(output)/\(rule.id).md")
                }
                try WholeFile.write(Array(RulePage.index(rules).utf8), to: "\(output)/README.md")
            } catch {
                throw CommandError("\(error.path): it cannot be written: \(error.reason).", .unreadableInput)
            }
        }
    }
}

/// A page of Markdown on one rule.
struct RulePage {
    var rule: Rule

    static func index(_ rules: [Rule]) -> String {
        var text = "# Rules\n"
        for category in RuleWords.categoryOrder {
            let group = rules.filter { $0.category == category }
            guard !group.isEmpty else { continue }
            text += "\n## \(RuleWords.title(of: category))\n\n"
            for rule in group { text += "* [\(rule.id)](\(rule.id).md): \(MarkdownReport.escaped(rule.summary))\n" }
        }
        return text
    }

    var text: String {
        var text = "# \(rule.id)\n\n\(MarkdownReport.escaped(rule.summary))\n\n"
        text += "| | |\n|---|---|\n"
        let facts: [(String, String)] = [
            ("category", rule.category.rawValue), ("importance", "\(rule.importance.level)"),
            ("status", rule.status.rawValue + (rule.replacedBy.map { ", replaced by \($0)" } ?? "")),
            ("pack", "\(rule.pack.name) \(rule.pack.version), \(RuleNames.word(rule.layer))"),
            ("reads", Role.allCases.filter(rule.roles.contains).map(\.rawValue).joined(separator: ", ")),
            ("keywords", rule.keywords.map { "`\($0)`" }.joined(separator: ", ")),
            ("remembers", "`\(rule.statement.text)`"), ("replaces by", rule.key.map { "`\($0.text)`" } ?? ""),
        ]
        for (name, value) in facts where !value.isEmpty {
            text += "| \(name) | \(value.replacing("|", with: "\\|")) |\n"
        }
        if !rule.matchExamples.isEmpty { text += "\n## What it reads\n\n" }
        for example in rule.matchExamples {
            text += "* \(MarkdownReport.escaped(example.text))\n"
            if let statement = example.statement { text += "  → \(MarkdownReport.escaped(statement))\n" }
        }
        if !rule.rejectExamples.isEmpty { text += "\n## What it leaves alone\n\n" }
        for example in rule.rejectExamples {
            text += "* \(MarkdownReport.escaped(example.text)) — \(MarkdownReport.escaped(example.why))\n"
        }
        if !rule.exceptions.isEmpty { text += "\n## Exceptions\n\n" }
        for exception in rule.exceptions { text += "* \(MarkdownReport.escaped(exception.why))\n" }
        text += "\n## Pattern\n\n```regex\n\(RuleText.own(rule.pattern))\n```\n"
        return text
    }
}
