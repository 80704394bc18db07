import Foundation
import TestSupport
import Testing

/// Who may import whom, and what no source file may hold. The table is that of the architecture; a new arrow is a decision.
@Suite struct LayoutTests {
    static let allowed: [String: Set<String>] = [
        "Memories": [],
        "JSON": ["CByteSearch"],
        "PCRE2": ["CPCRE2"],
        "Digests": [],
        "Failures": [],
        "SQLite": ["CSQLite", "CArena", "CTextScore"],
        "Projects": ["Memories", "JSON", "Digests"],
        "Transcripts": ["Memories", "JSON"],
        "LanguageModels": [],
        "LiteralSearch": [],
        "RulePacks": ["Memories", "LiteralSearch", "PCRE2", "CYAML"],
        "Extraction": ["CByteSearch", "Memories", "LiteralSearch", "Transcripts", "RulePacks", "PCRE2"],
        "Importance": ["Memories"],
        "Neutralization": [],
        "Redaction": ["LiteralSearch", "Neutralization", "PCRE2", "RulePacks"],
        "Storage": ["Memories", "JSON", "Digests", "Failures", "LanguageModels", "SQLite", "CStorageSchema"],
        "Refinement": [
            "Memories", "JSON", "Digests", "LanguageModels", "Neutralization", "SQLite", "Storage", "CPrompts",
        ],
        "Views": ["Memories", "Storage"],
        "BuiltInRules": ["CBuiltInRules"],
        "Pipeline": [
            "Memories", "JSON", "Digests", "Transcripts", "RulePacks", "Importance", "Extraction", "Redaction",
            "SQLite", "Storage",
        ],
        "HookProtocol": ["Memories", "JSON"],
        "Recall": ["Memories", "SQLite", "Storage"],
        "MCP": ["Memories", "JSON", "Failures", "Neutralization", "SQLite", "Storage", "Recall"],
        "HTTP": ["CTransfer"],
        "Credentials": ["Memories", "JSON", "Digests", "Projects", "CSubprocess"],
        "ModelProviders": ["LanguageModels", "HTTP", "Credentials", "JSON", "Memories", "Projects", "CSubprocess"],
        "Commands": [
            "Memories", "JSON", "Digests", "Projects", "RulePacks", "Neutralization", "Redaction", "SQLite", "Storage",
            "Pipeline", "Views", "BuiltInRules", "ArgumentParser",
        ],
        "ccmem-llm": [
            "Commands", "Credentials", "HTTP", "LanguageModels", "ModelProviders", "Refinement", "CSubprocess",
            "Memories",
            "JSON",
            "Digests", "Projects", "Neutralization", "Redaction", "SQLite", "Storage", "ArgumentParser",
        ],
        "ccmem-hook": [
            "CDetach", "CResidentMemory", "Memories", "JSON", "Digests", "Failures", "SQLite", "Projects",
            "Neutralization", "Storage",
            "Recall", "Credentials",
            "HookProtocol",
        ],
        "ccmem": [
            "Memories", "JSON", "Digests", "Failures", "HookProtocol", "PCRE2", "Projects", "Transcripts", "RulePacks",
            "Neutralization", "Redaction", "Extraction",
            "Importance", "BuiltInRules", "CPluginCommands", "SQLite", "Storage", "Commands", "Credentials",
            "CResidentMemory", "CSubprocess", "Recall",
            "MCP", "Pipeline",
            "Views",
            "ArgumentParser", "Dispatch",
            "FoundationEssentials",
        ],
    ]
    /// The C library, by platform, and what the compiler brings.
    static let system: Set<String> = ["Glibc", "Musl", "Darwin", "Synchronization"]

    struct Source: Sendable, CustomTestStringConvertible {
        var module: String
        var path: String
        var lines: [String]

        var testDescription: String { path }

        /// Line numbers, from 1, with the module that they import.
        var imports: [(line: Int, module: String)] {
            lines.enumerated().compactMap { number, line in
                line.wholeMatch(
                    of:
                        /\s*(?:@\w+(?:\(\w+\))?\s+)?(?:(?:public|package|internal|private|fileprivate)\s+)?import\s+(?:(?:struct|class|enum|protocol|func|var|let|typealias)\s+)?(\w+).*/
                )
                .map { (number + 1, String($0.1)) }
            }
        }
    }

    static let sources: [Source] = {
        let folder = Fixture.projectRoot.appendingPathComponent("Sources").path
        let paths = FileManager.default.enumerator(atPath: folder)?.compactMap { $0 as? String } ?? []
        return paths.filter { $0.hasSuffix(".swift") }.sorted().map { path in
            let text = (try? String(contentsOfFile: "\(folder)/\(path)", encoding: .utf8)) ?? ""
            return Source(
                module: String(path.prefix { $0 != "/" }), path: "Sources/\(path)",
                lines: text.split(separator: "\n", omittingEmptySubsequences: false).map(String.init))
        }
    }()

    @Test func theSourcesAreFound() {
        #expect(
            Set(Self.sources.map(\.module)) == Set(Self.allowed.keys), "every module stands in the table, and no other")
        #expect(Self.sources.flatMap(\.imports).count > 80)
    }

    @Test("Imports follow the arrows", arguments: sources)
    func arrows(_ source: Source) {
        let allowed = (Self.allowed[source.module] ?? []).union(Self.system)
        for (line, module) in source.imports where !allowed.contains(module) {
            Issue.record("\(source.path):\(line): \(source.module) may not import \(module)")
        }
    }

    @Test func theArrowsGoOneWay() {
        var left = Self.allowed
        while let leaf = left.first(where: { $0.value.allSatisfy { left[$0] == nil } }) { left[leaf.key] = nil }
        #expect(left.isEmpty, "these form a circle")
    }

    @Test("No file is longer than 400 lines", arguments: sources)
    func length(_ source: Source) {
        #expect(source.lines.count <= 401)
    }

    @Test("Nothing is forced", arguments: sources)
    func forced(_ source: Source) {
        for (number, line) in source.lines.enumerated() {
            for forbidden in ["try!", "as!", "@unchecked Sendable", "nonisolated(unsafe)"]
            where line.contains(forbidden) {
                Issue.record("\(source.path):\(number + 1): \(forbidden)")
            }
        }
    }
}
