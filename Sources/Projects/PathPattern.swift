/// A pattern for directories, as `exclude.projects` takes them: `*` and `?` stay within a component, `**` spans any number
/// of them. What matches a directory covers everything below it.
struct PathPattern: Sendable, Equatable {
    /// As the user wrote it.
    let text: String
    /// The pattern as it stands, and with its links resolved when that differs.
    private let variants: [[[Character]]]

    enum Failure: Error, Sendable, Equatable {
        case isRelative, namesAUser, isEmpty, hasNoHome
    }

    /// - Parameter home: What `~` stands for.
    init(_ text: String, home: String?) throws(Failure) {
        self.text = text
        var path = text
        if text == "~" || text.hasPrefix("~/") {
            guard let home else { throw .hasNoHome }
            path = home + text.dropFirst()
        } else if text.hasPrefix("~") {
            throw .namesAUser
        } else if text.hasPrefix("**/") {
            path = "/" + text
        }
        guard !path.isEmpty else { throw .isEmpty }
        guard path.hasPrefix("/") else { throw .isRelative }
        let written = PathText.normalised(path)
        let real = Self.resolved(written)
        variants = ([written] + (PathText.same(written, real) ? [] : [real])).map(Self.components)
    }

    /// Whether an absolute path, or a folder that it lies in, matches.
    func covers(_ path: String) -> Bool {
        let path = Self.components(path)
        return variants.contains { Self.matchesPrefix(of: path, $0) }
    }

    private static func components(_ path: String) -> [[Character]] {
        path.split(separator: "/").map(Array.init)
    }

    /// The real path of what stands before the first wildcard, with the rest of the pattern behind it.
    private static func resolved(_ pattern: String) -> String {
        let components = pattern.split(separator: "/")
        let literal = components.prefix { !$0.contains("*") && !$0.contains("?") }
        for count in stride(from: literal.count, to: 0, by: -1) {
            if let real = Files.realPath("/" + literal.prefix(count).joined(separator: "/")) {
                return components.dropFirst(count).reduce(real) { PathText.joined($0, String($1)) }
            }
        }
        return pattern
    }

    /// One row of states at a time: no pattern costs more than its length times that of the path.
    private static func matchesPrefix(of path: [[Character]], _ pattern: [[Character]]) -> Bool {
        // `reached[i]`: the first i parts of the pattern match the components so far.
        var reached = [true] + Array(repeating: false, count: pattern.count)
        passOverSpans(&reached, pattern)
        if reached[pattern.count] { return true }
        for component in path {
            var next = Array(repeating: false, count: pattern.count + 1)
            for (index, part) in pattern.enumerated() where reached[index] {
                if part == ["*", "*"] {
                    next[index] = true
                } else if matches(component, part) {
                    next[index + 1] = true
                }
            }
            passOverSpans(&next, pattern)
            if next[pattern.count] { return true }
            reached = next
        }
        return false
    }

    private static func passOverSpans(_ reached: inout [Bool], _ pattern: [[Character]]) {
        for (index, part) in pattern.enumerated() where reached[index] && part == ["*", "*"] {
            reached[index + 1] = true
        }
    }

    /// On a mismatch only the last `*` takes one more character: earlier ones need not be tried again.
    private static func matches(_ text: [Character], _ pattern: [Character]) -> Bool {
        var (at, part) = (0, 0)
        var star: (at: Int, part: Int)?
        while at < text.count {
            if part < pattern.count, pattern[part] == "*" {
                star = (at, part)
                part += 1
            } else if part < pattern.count, pattern[part] == "?" || pattern[part] == text[at] {
                at += 1
                part += 1
            } else if let last = star {
                star = (last.at + 1, last.part)
                (at, part) = (last.at + 1, last.part + 1)
            } else {
                return false
            }
        }
        return pattern[part...].allSatisfy { $0 == "*" }
    }
}

/// Directories that the user wants left alone.
public struct PathPatterns: Sendable, Equatable {
    private let patterns: [PathPattern]

    public static let none = PathPatterns([])

    init(_ patterns: [PathPattern]) {
        self.patterns = patterns
    }

    public var isEmpty: Bool { patterns.isEmpty }

    /// The first pattern that covers one of the paths, as the user wrote it.
    public func covering(_ paths: String...) -> String? {
        patterns.first { pattern in paths.contains { pattern.covers($0) } }?.text
    }
}
