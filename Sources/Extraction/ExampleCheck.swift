import Memories
public import RulePacks

/// Whether rules read what their examples say.
public struct ExampleCheck {
    private let rules: [Rule]
    private let runner: ExampleRunner

    public init(rules: [Rule]) {
        self.rules = rules
        runner = ExampleRunner(rules: rules)
    }

    /// The examples of one rule that fail, those for a match first.
    ///
    /// - Parameter index: Into the rules that were given.
    /// - Returns: Errors at the example itself, or at the override that broke an example of a layer below.
    public func failures(of index: Int) -> [RulePackError] {
        let rule = rules[index]
        var failures: [RulePackError] = []
        func fail(_ problem: RulePackError.ExampleProblem, _ text: String, _ location: SourceLocation) {
            let change = rule.changedAt.flatMap { $0.file == location.file ? nil : $0 }
            failures.append(
                RulePackError(
                    .exampleFails(
                        problem, rule: rule.id, text: text, inheritedFrom: change == nil ? nil : location),
                    at: change ?? location))
        }
        for result in runner.results(of: index) {
            switch result.verdict {
            case .passed: break
            case .missing: fail(.notRead, result.text, result.location)
            case .stopped where result.kind == .match: fail(.notRead, result.text, result.location)
            // What the limit stops reads nothing.
            case .stopped: break
            case .noisy: fail(.notRefused, result.text, result.location)
            case .wrongStatement(_, let actual): fail(.readOtherwise(actual), result.text, result.location)
            case .wrongKey(_, let actual):
                fail(.otherKey(actual.map { "\(rule.category.rawValue):\($0)" }), result.text, result.location)
            }
        }
        return failures
    }

    /// - Throws: When an example of a rule fails that overrides have changed.
    public static func checkChanged(_ set: RuleSet) throws(RulePackErrors) {
        let changed = set.running.filter { set.rules[$0].changedAt != nil }
        guard !changed.isEmpty else { return }
        let check = ExampleCheck(rules: set.rules)
        let failures = changed.flatMap(check.failures)
        guard failures.isEmpty else { throw RulePackErrors(failures) }
    }
}
