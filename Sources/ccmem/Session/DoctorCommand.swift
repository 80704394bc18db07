import ArgumentParser
import Commands
import Projects

struct DoctorCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "doctor",
        abstract: "Whether memory works here, and what to do when it does not.",
        discussion: """
            Looks at the programs, the hooks in Claude Code's settings, the project, its store, what is not read yet, the last error of a hook, \
            and whether what hooks injected last really arrived, by the transcript of that session. Changes nothing without --fix.

            EXAMPLES
              ccmem doctor
              ccmem doctor --fix

            EXIT STATUS
              0  nothing is wrong
              1  something is
              2  the command line is wrong
            """)

    @OptionGroup var project: ProjectOptions

    @Flag(help: "Do what can be done without a question: add missing hooks to your settings.")
    var fix = false

    func run() throws {
        var findings = Doctor(options: project).findings()
        if fix, findings.contains(where: { $0.subject == .hooks && $0.state == .bad }) {
            var install = InstallCommand()
            install.place = SettingsPlace()
            install.place.user = true
            install.place.project = false
            install.dryRun = false
            try install.run()
            findings = Doctor(options: project).findings()
        }
        if project.json {
            StandardStream.output.print(
                MemoryJSON.document { writer in
                    writer.array("findings", findings) { finding, writer in
                        writer.object { writer in
                            writer.field("subject", finding.subject.rawValue)
                            writer.field("state", finding.state.rawValue)
                            writer.field("words", StoredText.shown(finding.words))
                            writer.field("remedy", finding.remedy)
                        }
                    }
                })
        } else {
            var page = MemoryPage.forOutput()
            for finding in findings {
                let mark = finding.state.rawValue + String(repeating: " ", count: 6 - finding.state.rawValue.count)
                let name = finding.subject.rawValue + String(repeating: " ", count: 12 - finding.subject.rawValue.count)
                page.line(mark + name + TextStyle.printable(finding.words))
                if let remedy = finding.remedy { page.line(String(repeating: " ", count: 18) + remedy) }
            }
            page.print()
        }
        if findings.contains(where: { $0.state == .bad }) { throw ExitStatus.nothingFound }
    }
}
