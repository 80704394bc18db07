/// What to do about problems whose message alone does not tell it.
extension DiagnosticMessage {
    static func unknownHelp(
        _ name: String, _ kind: RulePackError.NameKind, _ allowed: [String]
    ) -> String? {
        switch kind {
        case .rule: "`ccmem rules list` shows the rules."
        case .fragment where !ValueSyntax.isFragmentName(name):
            "a group of this name must stand in the pattern itself; names of fragments are in capitals."
        case .fragment:
            "define it under `fragments:` of this file"
                + (allowed.isEmpty ? "." : ", or \(choices(allowed) ?? "take another.")")
        default: choices(allowed)
        }
    }

    /// What is behind some words of PCRE2.
    static func patternHelp(_ reason: String) -> String? {
        if reason.contains("lookbehind") {
            return "what stands behind `(?<=` or `(?<!` has one length: no `*`, `+`, `?` or `{2,5}`; "
                + "or match it as any text, and put `\\K` behind it."
        }
        if reason.contains("VERB") {
            return
                "a pattern cannot set limits or options of the whole search; begin it with `(?i)`, `(?x)` and the like."
        }
        return nil
    }
}
