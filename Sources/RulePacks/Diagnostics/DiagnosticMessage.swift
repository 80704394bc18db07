import Memories

/// The words for each problem: what is wrong, and what to do about it.
struct DiagnosticMessage {
    var text: String
    var help: String?

    init(_ code: RulePackError.Code) {
        (text, help) = DiagnosticMessage.words(code)
    }

    private typealias Words = (text: String, help: String?)

    /// In the order of the enum.
    private static func words(_ code: RulePackError.Code) -> Words {
        switch code {
        case .notUTF8: ("the text is not UTF-8", "save the file as UTF-8.")
        case .otherEncoding(let name): ("the file is \(name)", "save the file as UTF-8.")
        case .controlCharacter(let value):
            (
                "control character U+\(hexadecimal(value))",
                "remove it; inside double quotes it can be written as an escape."
            )
        case .tooLarge(let bytes, let limit):
            ("the file has \(bytes) bytes; at most \(limit) are read", "split it into several packs.")
        case .empty: ("the file is empty", "a pack begins with `pack:`, `format: 1`, `version:` and `summary:`.")
        case .syntax(let words): syntaxWords(words)
        case .tabIndentation: ("a tab cannot indent YAML", "use spaces.")
        case .secondDocument: ("a second document begins", "keep one document in a file, without `---` between parts.")
        case .anchor(let name):
            ("anchor \(quoted("&" + name))", "anchors are not supported; use a fragment, or write the value out again.")
        case .alias(let name):
            ("alias \(quoted("*" + name))", "aliases are not supported; a text that begins with `*` needs quotes.")
        case .tag(let name):
            ("tag \(quoted(name))", "tags are not supported; a text that begins with `!` needs quotes.")
        case .tooDeep(let limit): ("nested more than \(limit) levels deep", nil)
        case .tooManyNodes(let limit): ("more than \(limit) values", "split the file.")
        case .complexKey: ("a key must be a text", nil)
        case .duplicateKey(let key, let first):
            ("duplicate key \(quoted(key))", "it stands first at \(place(first)); remove one of them.")
        case .unknownKey(let key, let parent, let nearest):
            ("unknown key \(quoted(key))\(within(parent))", meant(nearest))
        case .missingKey(let key, let parent): ("missing key `\(key)`\(within(parent))", "add `\(key):`.")
        case .wrongType(let key, let expected, let found): typeWords(key, expected, found)
        case .emptyValue(let key): ("\(named(key)) is empty", "write a value, or remove it.")
        case .badValue(let text, let kind): syntaxWords(text, kind)
        case .unknownName(let name, let kind, let allowed, let nearest):
            (
                "unknown \(noun(kind)) \(quoted(name))",
                meant(nearest) ?? unknownHelp(name, kind, allowed)
            )
        case .outOfRange(let key, let text, let range):
            ("`\(key)` is \(quoted(text))", bounds(range))
        case .newerFormat(let found, let supported):
            (
                "this pack needs a newer ccmem: it has format \(found)",
                "this ccmem reads formats up to \(supported); update ccmem, or use an older version of the pack."
            )
        case .duplicateName(let name, let kind, let first):
            ("duplicate \(noun(kind)) \(quoted(name))", "it is defined first at \(place(first)).")
        case .patternDoesNotCompile(let key, let reason):
            ("`\(key)` does not compile: \(reason)", patternHelp(reason))
        case .fragmentDoesNotCompileHere(let name, let reason):
            (
                "fragment `\(name)` does not compile under the flags of this pattern: \(reason)",
                "a fragment takes the flags of the pattern that calls it; under `x`, write a space as `[ ]` and `#` as `\\#`."
            )
        case .fragmentCallsItself(let name):
            ("fragment `\(name)` calls itself", "fragments cannot be recursive; write out the levels that are needed.")
        case .noKeywordsToCall: ("`(?&KEYWORD)` has no keywords to stand for", "add `keywords:` to the rule.")
        case .numericReference(let text):
            (
                "\(quoted(text)) refers to a group by number",
                "the groups of fragments count too; name the group and use `\\k<name>` or `(?&name)`."
            )
        case .captureWithoutField(let name):
            ("the pattern captures `\(name)`, which is no field", "add it to `fields:`, or use `(?:…)`.")
        case .fieldWithoutCapture(let name, let nearest):
            (
                "field \(quoted(name)) is not captured by the pattern",
                meant(nearest) ?? "add `(?<\(name)>…)` to the pattern."
            )
        case .reservedFieldName(let name):
            ("`\(name)` cannot be a field", "`{\(name)}` is always available in templates; choose another name.")
        case .template(let problem): templateWords(problem)
        case .toolsWithoutToolRole: ("`tools` without the role `tool`", "add `tool` to `roles:`, or remove `tools:`.")
        case .replacedByOfRuleInForce:
            ("`replaced_by` of a rule that is not deprecated", "set `status: deprecated`, or remove `replaced_by:`.")
        case .deprecatedWithoutReplacement:
            ("a deprecated rule without `replaced_by`", "name its successor, or set `enabled: false` with a `why:`.")
        case .exceptionScope(let found):
            (
                found == 0 ? "an exception without a pattern" : "an exception with two patterns",
                "give it `context:` (looked for in the whole text) or `match:` (in the matched text alone)."
            )
        case .allowanceTests(let found):
            (
                found == 0 ? "nothing is allowed here" : "more than one test in an entry of `allow`",
                "give it `words:` (in the secret), `value:` (a pattern for the secret) or `context:` (a pattern for its line)."
            )
        case .switchedOffWithoutWhy: ("`enabled: false` without `why`", "say in `why:` why the rule is off.")
        case .tooFewExamples(let kind, let found, let needed):
            (
                "\(found) \(kind) example\(found == 1 ? "" : "s"); \(needed) are needed",
                "add \(needed - found) under `examples:`, `\(kind):`."
            )
        case .ruleExistsBelow(let id, let first):
            (
                "rule `\(id)` exists already",
                "it is defined at \(place(first)); choose another id, or change that rule under `overrides:`."
            )
        default: layerWords(code)
        }
    }

    /// What only happens between layers.
    private static func layerWords(_ code: RulePackError.Code) -> Words {
        switch code {
        case .groupsAreOverrides:
            ("unknown key `groups`", "a group is an entry of `overrides:` with a glob, as in `id: 'task.*'`.")
        case .overrideChangesNothing:
            ("this override changes nothing", "name what it changes, as in `importance: {base: 4}`.")
        case .overrideTargets:
            (
                "an override with `id` and `pack`",
                "name either a rule (or a glob) by `id:`, or all rules of a pack by `pack:`."
            )
        case .overridesOwnRule(let id):
            ("rule `\(id)` stands in this pack itself", "change it under `rules:`.")
        case .emptyGroup(let glob, let nearest):
            ("no rule fits \(quoted(glob))", meant(nearest) ?? "`ccmem rules list` shows the rules.")
        case .notForGroups(let key):
            (
                "`\(key)` cannot be changed for many rules at once",
                "name one rule by its id; a group takes "
                    + PackFormat.groupKeys.map { "`\($0)`" }.joined(separator: ", ") + "."
            )
        case .listWithoutAddAndRemove(let key):
            ("a list of a rule below is not written anew", "change it by `\(key): {add: […], remove: […]}`.")
        case .nothingToRemove(let text, let nearest):
            ("\(quoted(text)) is not in the list", meant(nearest) ?? "remove it here.")
        case .noKeyToRemove(let key): ("the rule has no `\(key)`", "remove it here.")
        case .setAndRemoved(let key):
            ("`\(key)` is set here and taken away by `without`", "keep one of them.")
        case .exampleFails(let problem, let rule, let text, let below):
            exampleWords(problem, rule, quoted(text), below)
        default: ("this is wrong", nil)
        }
    }

    private static func exampleWords(
        _ problem: RulePackError.ExampleProblem, _ rule: String, _ text: String, _ below: SourceLocation?
    ) -> Words {
        let isReject = problem == .notRefused
        let end = below == nil ? "" : " any more"
        let words =
            switch problem {
            case .notRead: "rule `\(rule)` does not read \(text)" + end
            case .readOtherwise(let found): "rule `\(rule)` reads \(quoted(found)) out of \(text)"
            case .otherKey(let key):
                "rule `\(rule)` gives \(key.map { "the key \(quoted($0))" } ?? "no key") to \(text)"
            case .notRefused: "rule `\(rule)` does not leave \(text) alone" + end
            }
        guard let below else { return (words, "mend the rule or the example.") }
        let list = isReject ? "reject" : "match"
        return (
            words,
            "this breaks the example at \(place(below)); mend the change, or take the example away by `examples: {\(list): {remove: […]}}`."
        )
    }

    private static func templateWords(_ problem: RulePackError.TemplateProblem) -> Words {
        switch problem {
        case .unclosedBrace: ("`{` is not closed", "close it with `}`; a brace itself is written `{{`.")
        case .unclosedBracket: ("`[` is not closed", "close it with `]`; a bracket itself is written `[[`.")
        case .strayBrace: ("`}` without `{`", "a brace itself is written `}}`.")
        case .strayBracket: ("`]` without `[`", "a bracket itself is written `]]`.")
        case .emptyField: ("`{}` names no field", "write the name of a field between the braces.")
        case .nothingOptional:
            (
                "`[…]` without a field never vanishes",
                "put a field into it; brackets themselves are written `[[` and `]]`."
            )
        }
    }

    /// libyaml's words, made plainer where users meet them often.
    private static func syntaxWords(_ words: String) -> Words {
        switch words {
        case "mapping values are not allowed in this context":
            ("`:` is not expected here", "a text that holds `: ` needs quotes; else check the indentation.")
        case "did not find expected key", "did not find expected '-' indicator", "could not find expected ':'":
            ("the line does not fit what is above it", "check the indentation, and quotes that are not closed.")
        case "found character that cannot start any token":
            ("a text cannot begin with this character", "put the text in quotes.")
        case "found unknown escape character":
            ("unknown escape", "in single quotes, backslashes stand for themselves: use '…' for patterns.")
        case "found unexpected end of stream": ("a quote is not closed", nil)
        case "did not find expected ',' or ']'", "did not find expected ',' or '}'":
            ("a list or mapping in brackets is not closed", nil)
        default: ("this is not YAML: \(words)", nil)
        }
    }

    private static func syntaxWords(_ text: String, _ kind: RulePackError.ValueKind) -> Words {
        switch kind {
        case .identifier:
            ("\(quoted(text)) is no id", "use `a-z`, `0-9`, `_`, `.` and `-`, a letter or digit first.")
        case .version: ("\(quoted(text)) is no version", "write three numbers, as in `1.0.0`.")
        case .language: ("\(quoted(text)) is no language", "write a tag, as in `en` or `pt-BR`.")
        case .fragmentName:
            (
                "\(quoted(text)) is no fragment name",
                "use capitals: `A-Z`, `0-9` and `_`, a letter first; not `KEYWORD`."
            )
        case .secretKind:
            ("\(quoted(text)) is no kind of secret", "use `a-z`, `0-9` and `-`, a letter first, at most 32.")
        case .fieldName: ("\(quoted(text)) is no field name", "use `a-z`, `0-9` and `_`, a letter first.")
        }
    }

    private static func typeWords(
        _ key: String, _ expected: RulePackError.Shape, _ found: RulePackError.Shape
    ) -> Words {
        let help: String? =
            switch (expected, found) {
            case (.list, .text): "write it in brackets: `[…]`."
            case (.text, .mapping), (.text, .list): "put the text in quotes."
            case (.mapping, _) where key == "importance": "write it as `importance: {base: 3}`."
            case (.mapping, .text): "write keys and values below it, or in braces: `{key: value}`."
            case (.list, .mapping): "begin each entry with `- `."
            case (.boolean, .text): "write `true` or `false`, in small letters."
            case (.wholeNumber, .text): "write digits alone, as in `1`."
            case (.number, .text): "write a decimal number, as in `0.25`."
            default: nil
            }
        let value = found == .text && expected != .list && expected != .mapping ? "this" : noun(found)
        return ("\(named(key)) must be \(noun(expected))" + (value == "this" ? "" : ", not \(value)"), help)
    }

    private static func noun(_ shape: RulePackError.Shape) -> String {
        switch shape {
        case .text: "a text"
        case .list: "a list"
        case .mapping: "a mapping"
        case .wholeNumber: "a whole number"
        case .number: "a number"
        case .boolean: "`true` or `false`"
        }
    }

    private static func noun(_ kind: RulePackError.NameKind) -> String {
        switch kind {
        case .category: "category"
        case .role: "role"
        case .status: "status"
        case .fieldKind: "kind of field"
        case .fragment: "fragment"
        case .rule: "rule"
        case .pack: "pack"
        case .override: "override of"
        case .templateField: "field"
        case .reach: "reach"
        case .removableKey: "removable key"
        }
    }

    private static func named(_ key: String) -> String { key.isEmpty ? "the file" : quoted(key) }
    private static func within(_ parent: String) -> String { parent.isEmpty ? "" : " in \(quoted(parent))" }
    private static func quoted(_ text: String) -> String { DisplayText.quoted(text) }
    private static func place(_ location: SourceLocation) -> String {
        "\(location.file):\(location.line):\(location.column)"
    }

    private static func meant(_ nearest: String?) -> String? {
        nearest.map { "did you mean \(quoted($0))?" }
    }

    static func choices(_ names: [String]) -> String? {
        names.isEmpty || names.count > 20
            ? nil : "choose one of " + names.map(quoted).joined(separator: ", ") + "."
    }

    private static func bounds(_ range: ClosedRange<Int>) -> String {
        range.count == 1
            ? "it must be \(range.lowerBound)." : "it must lie between \(range.lowerBound) and \(range.upperBound)."
    }

    private static func hexadecimal(_ value: UInt32) -> String {
        let digits = String(value, radix: 16, uppercase: true)
        return String(repeating: "0", count: max(0, 4 - digits.utf8.count)) + digits
    }
}
