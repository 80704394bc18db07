/// How much a finding weighs.
public enum LintLevel: String, Sendable, CaseIterable, Comparable {
    /// Worth knowing.
    case note
    /// The rule works, but not as well as it looks.
    case warning
    /// The pack cannot be used, or a rule of it cannot do what it says.
    case error

    public static func < (a: LintLevel, b: LintLevel) -> Bool { a.rank < b.rank }

    private var rank: Int {
        switch self {
        case .note: 0
        case .warning: 1
        case .error: 2
        }
    }
}

/// One thing that is looked for in a pack. The raw value is its id: a contract with those who silence or count findings.
public enum LintCheck: String, Sendable, CaseIterable {
    case yaml
    case yamlComment = "yaml-comment"
    case yamlWord = "yaml-word"
    case keys
    case value
    case name
    case pattern
    case fields
    case template
    case override
    case patternBlank = "pattern-blank"
    case patternHash = "pattern-hash"
    case patternRepeat = "pattern-repeat"
    case patternLimit = "pattern-limit"
    case keywordMissing = "keyword-missing"
    case keywordDead = "keyword-dead"
    case keywordImplied = "keyword-implied"
    case keywordApostrophe = "keyword-apostrophe"
    case keywordCommon = "keyword-common"
    case keywordNone = "keyword-none"
    case examplesFew = "examples-few"
    case exampleContradiction = "example-contradiction"
    case rejectWeak = "reject-weak"
    case secretException = "secret-exception"
    case statementLong = "statement-long"
    case exampleFails = "example-fails"
    case exampleForm = "example-form"
    case keyConstant = "key-constant"
    case toolUnknown = "tool-unknown"
    case pinStale = "pin-stale"

    public var level: LintLevel {
        switch self {
        case .yaml, .keys, .value, .name, .pattern, .fields, .template, .override, .keywordMissing,
            .exampleContradiction, .exampleFails:
            .error
        case .yamlComment, .patternBlank, .patternHash, .patternLimit, .keywordDead, .keywordApostrophe, .keywordNone,
            .examplesFew, .rejectWeak, .secretException, .statementLong, .exampleForm, .keyConstant, .toolUnknown,
            .pinStale:
            .warning
        case .yamlWord, .patternRepeat, .keywordImplied, .keywordCommon: .note
        }
    }

    /// What is found, in one sentence.
    public var title: String {
        switch self {
        case .yaml: "The file cannot be read as YAML in UTF-8."
        case .yamlComment: "A value that is not quoted ends where a comment begins."
        case .yamlWord: "A word without quotes that other YAML readers take for a boolean, a number or nothing."
        case .keys: "A key is unknown, missing or there twice."
        case .value: "A value has the wrong shape, or is not one of those that are known."
        case .name: "A name is unknown, or is there twice."
        case .pattern: "A pattern does not compile."
        case .fields: "The fields and the named groups of the pattern disagree."
        case .template: "A statement or key template is wrong."
        case .override: "An override does not fit the rule that it changes."
        case .patternBlank: "A blank vanishes under the flag x."
        case .patternHash: "A number sign begins a comment under the flag x."
        case .patternRepeat: "A repeat inside a repeat can read the same letters in many ways."
        case .patternLimit: "The pattern was stopped by its match limit on a generated text."
        case .keywordMissing:
            "An example that must match holds none of the keywords, so the pattern is never tried on it."
        case .keywordDead: "The pattern cannot use a keyword."
        case .keywordImplied: "A keyword adds nothing, since another one is part of it."
        case .keywordApostrophe: "A keyword with an apostrophe is there in one spelling only."
        case .keywordCommon: "A keyword stands in nearly every sentence."
        case .keywordNone: "A rule without keywords is tried on every sentence."
        case .examplesFew: "There are too few examples to show where the rule begins and ends."
        case .exampleContradiction: "One text stands among the examples that match and among those that do not."
        case .rejectWeak: "An example that must not match holds none of the keywords, so it tests nothing."
        case .secretException: "The rule reads values of secrets, and no exception takes them back."
        case .statementLong: "A statement takes a large part of what may be injected."
        case .exampleFails: "A rule does not do with a text what its example says."
        case .exampleForm: "The text of an example never reaches a rule as it stands there."
        case .keyConstant: "A key without a field: each memory of the rule takes the place of the one before."
        case .toolUnknown: "The name of a tool is written in another case, so its output is never read."
        case .pinStale: "A pack below has another version than the one that is pinned."
        }
    }
}

extension RulePackError.Code {
    /// Which check a problem of the loader belongs to.
    public var check: LintCheck {
        switch self {
        case .notUTF8, .otherEncoding, .controlCharacter, .tooLarge, .empty, .syntax, .tabIndentation, .secondDocument,
            .anchor, .alias, .tag, .tooDeep, .tooManyNodes, .complexKey:
            .yaml
        case .duplicateKey, .unknownKey, .missingKey, .groupsAreOverrides: .keys
        case .wrongType, .emptyValue, .badValue, .outOfRange, .newerFormat, .toolsWithoutToolRole, .exceptionScope,
            .allowanceTests, .switchedOffWithoutWhy, .replacedByOfRuleInForce, .deprecatedWithoutReplacement:
            .value
        case .unknownName(_, let kind, _, _): kind == .templateField ? .template : .name
        case .duplicateName, .ruleExistsBelow: .name
        case .patternDoesNotCompile, .fragmentDoesNotCompileHere, .fragmentCallsItself, .noKeywordsToCall,
            .numericReference:
            .pattern
        case .captureWithoutField, .fieldWithoutCapture, .reservedFieldName: .fields
        case .template: .template
        case .tooFewExamples: .examplesFew
        case .overrideChangesNothing, .overrideTargets, .overridesOwnRule, .emptyGroup, .notForGroups,
            .listWithoutAddAndRemove, .nothingToRemove, .noKeyToRemove, .setAndRemoved:
            .override
        case .exampleFails(_, _, _, let below): below == nil ? .exampleFails : .override
        }
    }
}
