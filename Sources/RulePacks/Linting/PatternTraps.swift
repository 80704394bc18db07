import Memories

/// What a pattern says that its author hardly meant.
enum PatternTraps {
    /// Of the exceptions and fragments of a pack.
    static func findings(ofPack root: YAMLMapping, _ parts: PackParts) -> [LintFinding] {
        var findings: [LintFinding] = []
        for node in exceptions(root) { findings += traps(node, rule: nil) }
        for change in (try? root["overrides"]?.list()) ?? [] {
            guard let mapping = try? change.mapping() else { continue }
            findings += patterns(mapping).flatMap { traps($0, rule: try? mapping["id"]?.text()) }
        }
        // A fragment takes the flags of the pattern that calls it.
        var extended: Set<String> = []
        let callers = parts.mappings.flatMap(patterns) + exceptions(root)
        for node in callers {
            let scan = PatternScan((try? node.text()) ?? "")
            if scan.isExtended { extended.formUnion(parts.fragments(calledBy: scan)) }
        }
        for entry in (try? root["fragments"]?.mapping().entries) ?? [] {
            findings += traps(entry.value, rule: nil, isExtended: extended.contains(entry.key))
        }
        return findings
    }

    static func findings(of linted: LintedRule) -> [LintFinding] {
        patterns(linted.mapping).flatMap { traps($0, rule: linted.rule.id) }
            + RepeatCheck.findings(of: linted)
    }

    /// Every pattern of a rule.
    private static func patterns(_ rule: YAMLMapping) -> [YAMLNode] {
        ["pattern", "under"].compactMap { rule[$0] } + exceptions(rule)
    }

    private static func exceptions(_ mapping: YAMLMapping) -> [YAMLNode] {
        let node = mapping["exceptions"]
        let items = (try? node?.list()) ?? (try? node?.mapping()["add"]?.list()) ?? []
        return items.compactMap { try? $0.mapping() }
            .flatMap { exception in ["context", "match"].compactMap { exception[$0] } }
    }

    private static func traps(_ node: YAMLNode, rule: String?, isExtended: Bool = false) -> [LintFinding] {
        guard let text = try? node.text(), let scalar = try? node.scalar() else { return [] }
        let tree = PatternTree(text, isExtended: isExtended)
        let whose = isExtended ? " of the pattern that calls it" : ""
        let blanks = tree.lostBlanks.prefix(1).map { offset in
            LintFinding(
                .patternBlank, at: scalar.location(ofByte: offset), rule: rule,
                "this blank vanishes under the flag `x`\(whose)",
                hint: "write `[ ]` or `\\s+` where a blank is meant.")
        }
        let hashes = tree.comments.filter { comment in
            comment.touchesText || comment.reachesEnd && scalar.style != .literal
        }.prefix(1).map { comment in
            LintFinding(
                .patternHash, at: scalar.location(ofByte: comment.offset), rule: rule,
                "`#` begins a comment under the flag `x`\(whose): the rest of the line is no pattern",
                hint: "write `\\#` where the sign is meant, or a blank before a comment.")
        }
        return blanks + hashes
    }
}

/// Repeats inside repeats that can read the same letters in many ways: `(?:\w+\s?)+`, `(?:a|\w)*`.
enum RepeatCheck {
    static func findings(of linted: LintedRule) -> [LintFinding] {
        guard let node = linted.mapping["pattern"], let text = try? node.text(), let scalar = try? node.scalar() else {
            return []
        }
        let sets = ElementSets(fragments: linted.parts.fragments)
        guard let place = sets.ambiguous(in: PatternTree(text).alternatives) else { return [] }
        return [
            LintFinding(
                .patternRepeat, at: scalar.location(ofByte: place), rule: linted.rule.id,
                "what is repeated here can read the same letters in more than one way",
                hint: "let each round begin with a letter that the round before cannot end with, or make it `(?>…)`.")
        ]
    }
}

/// What elements of a pattern can read, with fragments looked up.
struct ElementSets {
    var fragments: [String: String]
    var depth = 0

    /// The byte of the first repeat that is ambiguous; nil when there is none.
    func ambiguous(in alternatives: [[PatternTree.Element]]) -> Int? {
        for element in alternatives.joined() {
            guard case .group(let inner, let isAtomic) = element.node else { continue }
            if element.repeats, !element.isPossessive, !isAtomic, isAmbiguous(inner) { return element.range.lowerBound }
            if let place = ambiguous(in: inner) { return place }
        }
        return nil
    }

    private func isAmbiguous(_ alternatives: [[PatternTree.Element]]) -> Bool {
        for alternative in alternatives {
            let parts = alternative.filter(takesRoom)
            for (index, part) in parts.enumerated() where part.most == nil && !part.isPossessive {
                let set = reads(part)
                let others = parts.enumerated().filter { $0.offset != index }.map(\.element)
                if others.allSatisfy({ $0.least == 0 || reads($0).meets(set) }) { return true }
            }
        }
        for (index, alternative) in alternatives.enumerated() where alternative.count == 1 {
            guard case .set(let set) = alternative[0].node else { continue }
            for (other, elements) in alternatives.enumerated() where other != index {
                let parts = elements.filter(takesRoom)
                if !parts.isEmpty, parts.allSatisfy({ reads($0).meets(set) }) { return true }
            }
        }
        return false
    }

    private func takesRoom(_ element: PatternTree.Element) -> Bool {
        switch element.node {
        case .set, .group, .call: true
        case .anchor, .look, .other: false
        }
    }

    /// Every character that an element may read.
    func reads(_ element: PatternTree.Element) -> PatternCharacters {
        switch element.node {
        case .set(let set): return set
        case .anchor, .look, .other: return PatternCharacters()
        case .group(let alternatives, _): return reads(alternatives)
        case .call(let name):
            guard depth < 8, let text = fragments[name] else { return .words }
            return ElementSets(fragments: fragments, depth: depth + 1).reads(PatternTree(text).alternatives)
        }
    }

    private func reads(_ alternatives: [[PatternTree.Element]]) -> PatternCharacters {
        var all = PatternCharacters()
        for element in alternatives.joined() { all.formUnion(reads(element)) }
        return all
    }
}
