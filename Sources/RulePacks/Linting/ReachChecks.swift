import Memories

/// Whether what a rule reads can come, and whether what it gives stays.
enum ReachChecks {
    /// Tools of Claude Code, as transcripts name them.
    private static let tools = [
        "Agent", "AskUserQuestion", "Bash", "BashOutput", "Edit", "ExitPlanMode", "Glob", "Grep", "KillShell", "LS",
        "MultiEdit", "NotebookEdit", "NotebookRead", "Read", "Skill", "SlashCommand", "Task", "TaskOutput", "TodoWrite",
        "WebFetch", "WebSearch", "Write",
    ]

    static func findings(of linted: LintedRule) -> [LintFinding] { toolNames(linted) + constantKey(linted) }

    private static func toolNames(_ linted: LintedRule) -> [LintFinding] {
        ((try? linted.mapping["tools"]?.list()) ?? []).compactMap { node in
            guard let name = try? node.text(), !tools.contains(name),
                let tool = tools.first(where: { $0.lowercased() == name.lowercased() })
            else { return nil }
            return LintFinding(
                .toolUnknown, at: node.location, rule: linted.rule.id, "no tool is called \(DisplayText.quoted(name))",
                hint: "did you mean `\(tool)`? Names of tools are compared letter by letter.")
        }
    }

    /// Of a series of results the last one counts. Anything else is forgotten by such a key, unless an example says so.
    private static func constantKey(_ linted: LintedRule) -> [LintFinding] {
        let rule = linted.rule
        guard let key = rule.key, key.fieldNames.isEmpty, rule.category != .result,
            !rule.matchExamples.contains(where: { $0.key != nil })
        else { return [] }
        return [
            LintFinding(
                .keyConstant, at: linted.location("key"), rule: rule.id,
                "the key is always the same, so each memory of this rule takes the place of the one before",
                hint: "put a field into it, as in `key: '{name}'`, or leave it out; "
                    + "where only the last one is to be kept, say so by `key:` of an example.")
        ]
    }
}
