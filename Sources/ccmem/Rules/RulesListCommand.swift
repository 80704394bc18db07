import ArgumentParser
import Commands
import JSON
import Memories
import RulePacks

extension RulesCommand {
    struct List: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "List all rules, with where they come from.",
            discussion: """
                EXAMPLES
                  ccmem rules list
                  ccmem rules list --category decision
                  ccmem rules list --own --json

                EXIT STATUS
                  0  there are rules
                  1  none is of this kind
                  2  the command line or a rule pack is wrong
                """)

        @OptionGroup var options: RuleOptions

        @Option(help: "Only this category.")
        var category: MemoryCategory?

        @Flag(help: "Only rules that are not part of ccmem, or that a pack above has changed.")
        var own = false

        func run() throws {
            let loaded = try LoadedRules(options)
            let rules = loaded.set.rules.filter { rule in
                (category == nil || rule.category == category) && (!own || rule.isOwn || rule.isChanged)
            }
            let off = own || category == nil ? loaded.set.switchedOff : []
            if options.project.json {
                StandardStream.output.print(document(rules, off))
            } else {
                print(rules, off)
            }
            if rules.isEmpty, off.isEmpty { throw ExitStatus.nothingFound }
        }

        private func print(_ rules: [Rule], _ off: [RulePack.SwitchedOff]) {
            var page = MemoryPage.forOutput()
            let rows = rules.map { rule in
                [
                    rule.id, rule.category.rawValue, rule.status.rawValue,
                    "\(rule.pack.name) \(rule.pack.version)", RuleNames.word(rule.layer) + (rule.isChanged ? " *" : ""),
                    "\(rule.matchExamples.count)+\(rule.rejectExamples.count)",
                ]
            }
            let head = ["rule", "category", "status", "pack", "layer", "examples"]
            let widths = head.indices.map { column in
                ([head] + rows).map { TextStyle.columnCount($0[column]) }.max() ?? 0
            }
            func line(_ row: [String]) -> String {
                let cells = row.enumerated().map { $0 == row.count - 1 ? $1 : $1.padded(to: widths[$0]) }
                return TextStyle.printable(cells.joined(separator: "  "))
            }
            if !rows.isEmpty { page.heading(line(head)) }
            for row in rows { page.line(line(row)) }
            if rules.contains(where: \.isChanged) {
                page.line()
                page.line("* changed by an override; `ccmem rules show ID --origin` tells where.")
            }
            if !off.isEmpty {
                page.line()
                page.heading("Switched off")
                for rule in off {
                    page.paragraph("\(rule.id): \(rule.why) (\(RuleNames.place(rule.location)))", indent: 2, hanging: 2)
                }
            }
            page.print()
        }

        private func document(_ rules: [Rule], _ off: [RulePack.SwitchedOff]) -> [UInt8] {
            MemoryJSON.document { writer in
                writer.array("rules", rules) { rule, writer in
                    writer.object { writer in
                        writer.field("id", rule.id)
                        writer.field("category", rule.category.rawValue)
                        writer.field("status", rule.status.rawValue)
                        writer.field("pack", rule.pack.name)
                        writer.field("pack_version", rule.pack.version)
                        writer.field("layer", RuleNames.word(rule.layer))
                        writer.field("is_changed", rule.isChanged)
                        writer.field("file", rule.location.file)
                        writer.field("line", rule.location.line)
                        writer.field("match_examples", rule.matchExamples.count)
                        writer.field("reject_examples", rule.rejectExamples.count)
                        writer.field("summary", rule.summary)
                    }
                }
                writer.array("switched_off", off) { rule, writer in
                    writer.object { writer in
                        writer.field("id", rule.id)
                        writer.field("why", rule.why)
                        writer.field("file", rule.location.file)
                        writer.field("line", rule.location.line)
                    }
                }
            }
        }
    }
}
