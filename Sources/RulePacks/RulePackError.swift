public import Memories

/// One thing that is wrong with a rule pack (or another YAML file of ccmem): what, and where. `DiagnosticRenderer` has the words.
public struct RulePackError: Error, Sendable, Equatable {
    public var code: Code
    public var location: SourceLocation

    public init(_ code: Code, at location: SourceLocation) {
        self.code = code
        self.location = location
    }

    /// What happened. Strings are the user's own text, or names of the format; never sentences of ours.
    public enum Code: Sendable, Equatable {
        // The bytes.
        case notUTF8
        /// The file begins with the byte order mark of this encoding.
        case otherEncoding(String)
        case controlCharacter(UInt32)
        case tooLarge(bytes: Int, limit: Int)

        // The YAML.
        case empty
        /// In the words of libyaml.
        case syntax(String)
        /// A tab where only spaces may stand.
        case tabIndentation
        case secondDocument
        case anchor(String)
        case alias(String)
        case tag(String)
        case tooDeep(limit: Int)
        case tooManyNodes(limit: Int)
        /// A key that is a list or a mapping.
        case complexKey
        case duplicateKey(String, firstDefinedAt: SourceLocation)

        // The shape. `parent` is the key that the mapping stands under; empty for the whole file.
        case unknownKey(String, parent: String, nearest: String?)
        case missingKey(String, parent: String)
        case wrongType(key: String, expected: Shape, found: Shape)
        case emptyValue(key: String)

        // Single values.
        case badValue(String, of: ValueKind)
        case unknownName(String, of: NameKind, allowed: [String], nearest: String?)
        case outOfRange(key: String, text: String, ClosedRange<Int>)
        case newerFormat(found: Int, supported: Int)
        case duplicateName(String, of: NameKind, firstDefinedAt: SourceLocation)

        // Rules as a whole. `rule` is the id, as far as it is known.
        case patternDoesNotCompile(key: String, reason: String)
        /// The fragment is sound alone, but not under the inline options of the pattern that calls it.
        case fragmentDoesNotCompileHere(String, reason: String)
        case fragmentCallsItself(String)
        case noKeywordsToCall
        case numericReference(String)
        case captureWithoutField(String)
        case fieldWithoutCapture(String, nearest: String?)
        case reservedFieldName(String)
        case template(TemplateProblem)
        case toolsWithoutToolRole
        case replacedByOfRuleInForce
        case deprecatedWithoutReplacement
        case exceptionScope(found: Int)
        /// An entry of `allow:` of a secret rule has one test.
        case allowanceTests(found: Int)
        case switchedOffWithoutWhy
        case tooFewExamples(kind: String, found: Int, needed: Int)
        case ruleExistsBelow(id: String, definedAt: SourceLocation)

        // Layers.
        /// The key `groups`, which many look for.
        case groupsAreOverrides
        case overrideChangesNothing
        /// An entry of `overrides:` with an id and a pack.
        case overrideTargets
        case overridesOwnRule(String)
        /// No id below fits.
        case emptyGroup(String, nearest: String?)
        case notForGroups(key: String)
        case listWithoutAddAndRemove(key: String)
        case nothingToRemove(String, nearest: String?)
        /// A key in `without:` that the rule does not have.
        case noKeyToRemove(String)
        /// A key that an override sets and names in `without:`.
        case setAndRemoved(key: String)
        /// `inheritedFrom` is the place of an example of a layer below; nil when it stands beside the rule or its change.
        case exampleFails(ExampleProblem, rule: String, text: String, inheritedFrom: SourceLocation?)
    }

    /// What is wrong with an example.
    public enum ExampleProblem: Sendable, Equatable {
        case notRead
        /// The statement that came out.
        case readOtherwise(String)
        /// The key that came out, with its category in front.
        case otherKey(String?)
        case notRefused
    }

    /// What a YAML value is, or should be.
    public enum Shape: String, Sendable {
        case text, list, mapping, wholeNumber, number, boolean
    }

    /// A value with a syntax of its own.
    public enum ValueKind: String, Sendable {
        case identifier, version, language, fragmentName, fieldName, secretKind
    }

    /// A name out of a known set.
    public enum NameKind: String, Sendable {
        case category, role, status, fieldKind, fragment, rule, pack, override, templateField, reach, removableKey
    }

    /// What is wrong inside a statement or key template.
    public enum TemplateProblem: Sendable, Equatable {
        case unclosedBrace
        case unclosedBracket
        case strayBrace
        case strayBracket
        case emptyField
        /// Brackets without a field in them never vanish.
        case nothingOptional
    }
}

/// All problems of one file or rule set, in order of their position. Never empty.
public struct RulePackErrors: Error, Sendable, Equatable {
    public let problems: [RulePackError]

    /// Sorts by file, line and column; equal problems are told once.
    public init(_ problems: [RulePackError]) {
        var seen: [RulePackError] = []
        for problem in problems.sorted(by: RulePackErrors.precedes) where seen.last != problem { seen.append(problem) }
        self.problems = seen
    }

    private static func precedes(_ a: RulePackError, _ b: RulePackError) -> Bool {
        let (p, q) = (a.location, b.location)
        return (p.file, p.line, p.column) < (q.file, q.line, q.column)
    }
}

/// Gathers what is wrong, so that one reading tells all of it.
final class Problems {
    private(set) var all: [RulePackError] = []

    func add(_ code: RulePackError.Code, at location: SourceLocation) {
        all.append(RulePackError(code, at: location))
    }

    /// The value of `body`, or nil when it throws; the error is kept.
    func collect<Value>(_ body: () throws(RulePackError) -> Value) -> Value? {
        do {
            return try body()
        } catch {
            all.append(error)
            return nil
        }
    }
}
