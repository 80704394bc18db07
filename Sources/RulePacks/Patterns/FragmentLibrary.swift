import Memories

/// The fragments of one pack, sound and without circles.
struct FragmentLibrary {
    struct Fragment {
        var name: String
        var text: String
        /// What it calls itself, in the order of the text.
        var calls: [String]
        /// Whether its own leading options make white space and comments vanish.
        var isExtended: Bool
    }

    private(set) var fragments: [String: Fragment] = [:]
    /// Names that exist but whose fragment is at fault; what calls them is not blamed for it.
    private(set) var broken: Set<String> = []
    /// All names, in the order of the file.
    private(set) var names: [String] = []

    /// How many groups the definition of a fragment has; of the sound ones.
    private(set) var groups: [String: Int] = [:]

    init() {}

    /// Reads the mapping `fragments:`.
    ///
    /// - Parameter isProven: Whether all of them are known to compile.
    init(_ mapping: YAMLMapping, problems: Problems, isProven: Bool = false) {
        var entries: [String: YAMLEntry] = [:]
        for entry in mapping.entries {
            guard ValueSyntax.isFragmentName(entry.key), entry.key != "KEYWORD" else {
                problems.add(.badValue(entry.key, of: .fragmentName), at: entry.keyLocation)
                continue
            }
            names.append(entry.key)
            guard let text = problems.collect({ () throws(RulePackError) in try entry.value.someText() }) else {
                broken.insert(entry.key)
                continue
            }
            let scan = PatternScan(text)
            fragments[entry.key] = Fragment(
                name: entry.key, text: text, calls: scan.calls.map(\.text), isExtended: scan.isExtended)
            entries[entry.key] = entry
        }
        for name in names where reaches(name, from: name) {
            broken.insert(name)
            if let entry = entries[name] { problems.add(.fragmentCallsItself(name), at: entry.value.location) }
        }
        for name in names where !broken.contains(name) {
            guard let entry = entries[name] else { continue }
            let composer = PatternComposer(
                fragments: self, keywords: nil, problems: problems, isProven: isProven)
            guard let result = composer.compose(entry.value) else {
                broken.insert(name)
                continue
            }
            // Its own, and the one that gives it its name.
            groups[name] = result.ownGroups + 1
        }
    }

    /// Both together; where a name stands in both, the other's counts.
    func extended(by other: FragmentLibrary) -> FragmentLibrary {
        var library = self
        library.fragments.merge(other.fragments) { $1 }
        library.groups.merge(other.groups) { $1 }
        library.broken.formUnion(other.broken)
        library.names += other.names.filter { !names.contains($0) }
        return library
    }

    /// The fragments that a text needs, with those that they need, each before who calls it.
    func needed(by calls: [String]) -> [Fragment] {
        var result: [Fragment] = []
        var seen: Set<String> = []
        func visit(_ name: String) {
            guard seen.insert(name).inserted, let fragment = fragments[name] else { return }
            for call in fragment.calls { visit(call) }
            result.append(fragment)
        }
        for call in calls { visit(call) }
        return result
    }

    /// Whether a call of `target` can come out of `start`.
    private func reaches(_ target: String, from start: String) -> Bool {
        var seen: Set<String> = []
        var waiting = fragments[start]?.calls ?? []
        while let name = waiting.popLast() {
            if name == target { return true }
            if seen.insert(name).inserted { waiting += fragments[name]?.calls ?? [] }
        }
        return false
    }
}
