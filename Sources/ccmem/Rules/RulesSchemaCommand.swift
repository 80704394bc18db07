import ArgumentParser
import BuiltInRules
import Commands

extension RulesCommand {
    struct Schema: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Print the JSON schema of packs, for editors.",
            discussion: """
                `ccmem rules new` puts it beside the packs. An editor with a YAML language server then knows all keys, without any \
                network: the first line of a pack names the file.

                EXAMPLES
                  ccmem rules schema > .ccmem/rules/rulepack.schema.json

                EXIT STATUS
                  0  it was printed
                  2  the command line is wrong
                """)

        func run() throws { StandardStream.output.print(BuiltInRules.schema.bytes) }
    }
}
