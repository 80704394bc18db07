/// The name that was probably meant: the one with the fewest edits, when they are few for its length. The first of equals.
package func nearestName(to name: String, in names: some Sequence<String>) -> String? {
    var best: (name: String, distance: Int)?
    for candidate in names {
        let distance = editDistance(name, candidate)
        let allowed = min(3, max(name.utf8.count, candidate.utf8.count) / 3)
        if distance <= allowed, distance < best?.distance ?? .max { best = (candidate, distance) }
    }
    return best?.name
}

/// Insertions, deletions, substitutions and swaps of neighbours, in bytes; case does not count. Long names are not compared.
func editDistance(_ a: String, _ b: String) -> Int {
    let (a, b) = (a.utf8.map(KeywordFolding.folded), b.utf8.map(KeywordFolding.folded))
    guard a.count <= 64, b.count <= 64 else { return .max }
    guard !a.isEmpty, !b.isEmpty else { return a.count + b.count }
    var beforeLast: [Int] = []
    var last = Array(0...b.count)
    for i in 1...a.count {
        var row = [i]
        for j in 1...b.count {
            var cost = min(last[j] + 1, row[j - 1] + 1, last[j - 1] + (a[i - 1] == b[j - 1] ? 0 : 1))
            if i > 1, j > 1, a[i - 1] == b[j - 2], a[i - 2] == b[j - 1] { cost = min(cost, beforeLast[j - 2] + 1) }
            row.append(cost)
        }
        (beforeLast, last) = (last, row)
    }
    return last[b.count]
}
