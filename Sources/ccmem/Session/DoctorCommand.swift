import ArgumentParser
import Commands
import JSON
import Projects

struct DoctorCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "doctor",
        abstract: "Whether memory works here, and what to do when it does not.",
        discussion: """
            Looks at the programs, the hooks in Claude Code's settings and those of the plugin, the project, its store, what is not read yet, \
            the last error of a hook, and whether what hooks injected last really arrived, by the transcript of that session. \
            Changes nothing without --fix, which says each thing that it does: adds hooks that are missing or lead nowhere, takes out those \
            that the plugin has too, keeps files to yourself, rebuilds text indexes, ends a clean-up. What a person must decide stays a remedy.

            EXAMPLES
              ccmem doctor
              ccmem doctor --fix

            EXIT STATUS
              0  nothing is wrong
              1  something is
              2  the command line is wrong
            """)

    @OptionGroup var project: ProjectOptions

    @Flag(help: "Do what is safe about each finding, and say so.")
    var fix = false

    func run() throws {
        var findings = Doctor(options: project).findings()
        var done: [String] = []
        if fix {
            for repair in findings.compactMap(\.repair) {
                do {
                    done.append(try repair.apply())
                } catch let error as CommandError {
                    StandardStream.error.write("error: \(error.message)\n")
                }
            }
            if !done.isEmpty { findings = Doctor(options: project).findings() }
        }
        if project.json {
            StandardStream.output.print(
                MemoryJSON.document { writer in
                    writer.array("done", done) { $1.string(StoredText.shown($0)) }
                    writer.array("findings", findings) { finding, writer in
                        writer.object { writer in
                            writer.field("subject", finding.subject.rawValue)
                            writer.field("state", finding.state.rawValue)
                            writer.field("words", StoredText.shown(finding.words))
                            writer.field("remedy", finding.remedy)
                            writer.key("can_be_fixed")
                            writer.bool(finding.repair != nil)
                        }
                    }
                })
        } else {
            var page = MemoryPage.forOutput()
            for words in done { page.line("done  " + TextStyle.printable(words)) }
            for finding in findings {
                let mark = finding.state.rawValue + String(repeating: " ", count: 6 - finding.state.rawValue.count)
                let name = finding.subject.rawValue + String(repeating: " ", count: 12 - finding.subject.rawValue.count)
                page.line(mark + name + TextStyle.printable(finding.words))
                if let remedy = finding.remedy { page.line(String(repeating: " ", count: 18) + remedy) }
            }
            page.print()
        }
        if !fix, !project.json, findings.contains(where: { $0.repair != nil }) {
            StandardStream.error.write("`ccmem doctor --fix` does what is safe about this.\n")
        }
        if findings.contains(where: { $0.state == .bad }) { throw ExitStatus.nothingFound }
    }
}
