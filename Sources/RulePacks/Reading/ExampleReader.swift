import Memories

/// Reads `examples:`.
struct ExampleReader {
    var strictness: Strictness
    var problems: Problems

    func examples(_ rule: YAMLMapping) -> (match: [Rule.MatchExample], reject: [Rule.RejectExample]) {
        if strictness == .proven { return ([], []) }
        guard let node = rule["examples"] else {
            checkCount("match", 0, at: rule.location)
            checkCount("reject", 0, at: rule.location)
            return ([], [])
        }
        guard let mapping = problems.collect({ () throws(RulePackError) in try node.mapping() }) else {
            return ([], [])
        }
        for error in mapping.unknownKeys(known: PackFormat.examplesKeys) {
            problems.add(error.code, at: error.location)
        }
        let match = entries("match", mapping, keys: PackFormat.matchExampleKeys) { entry throws(RulePackError) in
            Rule.MatchExample(
                text: try entry.required("text").someText(), statement: try entry["statement"]?.someText(),
                key: try entry["key"]?.someText(), under: try entry["under"]?.someText(), location: entry.location)
        }
        let reject = entries("reject", mapping, keys: PackFormat.rejectExampleKeys) { entry throws(RulePackError) in
            Rule.RejectExample(
                text: try entry.required("text").someText(), why: try entry.required("why").someText(),
                under: try entry["under"]?.someText(), location: entry.location)
        }
        return (match, reject)
    }

    private func entries<Example>(
        _ key: String, _ mapping: YAMLMapping, keys: [String],
        _ read: (YAMLMapping) throws(RulePackError) -> Example
    ) -> [Example] {
        let list = mapping[key].flatMap { node in problems.collect { () throws(RulePackError) in try node.list() } }
        checkCount(key, list?.count ?? 0, at: mapping[key]?.location ?? mapping.location)
        return (list ?? []).compactMap { node in
            problems.collect { () throws(RulePackError) in
                let entry = try node.mapping()
                try entry.check(known: keys)
                return try read(entry)
            }
        }
    }

    private func checkCount(_ kind: String, _ found: Int, at location: SourceLocation) {
        guard strictness == .builtIn, found < PackFormat.leastExamples else { return }
        problems.add(.tooFewExamples(kind: kind, found: found, needed: PackFormat.leastExamples), at: location)
    }
}
