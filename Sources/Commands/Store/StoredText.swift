public import Memories
import Pipeline
import Redaction

/// Text on its way into the store, and out of it into pages: the one place where it is cleaned.
public enum StoredText {
    /// Made once, when the first text comes.
    private static let redactor = Result { try PackFiles.redactor() }

    /// - Throws: When the user's own pack of secrets can't be read: then nothing is stored.
    public static func prepare() throws { _ = try redactor.get() }

    /// What people type or give in a file, before it is stored: without secrets, private text and forged words.
    public static func clean(_ text: String) -> String {
        guard let redactor = try? redactor.get() else { return "[redacted:unreadable]" }
        return redactor.makeWorker().redact(text).text
    }

    /// What the store calls the transcript of a path, which may hold a secret itself.
    public static func path(_ path: String) -> String {
        guard let redactor = try? redactor.get() else { return path }
        return redactor.makeWorker().storedPath(path)
    }

    /// What the store holds, before it is written to a page.
    public static func shown(_ text: String) -> String { TextStyle.printable(text) }

    /// A key as rules write them: `port` of the category `config` becomes `config:port`.
    public static func key(_ text: String, category: MemoryCategory) -> String? {
        let cleaned = clean(text)
        let parts = cleaned.split(separator: ":", maxSplits: 1)
        if parts.count == 2, let named = MemoryCategory(rawValue: parts[0].lowercased()) {
            let subject = folded(String(parts[1]))
            return subject.isEmpty ? nil : "\(named.rawValue):\(subject)"
        }
        let subject = folded(cleaned)
        return subject.isEmpty ? nil : "\(category.rawValue):\(subject)"
    }

    /// Lower case, marks of Markdown left out, white space folded.
    private static func folded(_ text: String) -> String {
        text.lowercased().composed.filter { !"`*\"'".contains($0) }.split(whereSeparator: \.isWhitespace)
            .joined(separator: " ")
    }

    /// Tags in lower case, without what only separates words; nil when nothing is left.
    public static func tag(_ text: String) -> String? {
        let word = clean(text).lowercased().composed.drop { "+#".contains($0) }
        let joined = word.split(whereSeparator: \.isWhitespace).joined(separator: "-")
        return joined.isEmpty ? nil : joined
    }

    /// Standard input as text: for `-` in place of a text.
    public static func standardInput() throws -> String { String(decoding: try standardInputBytes(), as: UTF8.self) }

    public static func standardInputBytes() throws -> [UInt8] {
        do throws(FileError) {
            return try WholeFile.read("/dev/stdin")
        } catch {
            throw CommandError("Standard input can't be read: \(error.reason).", .unreadableInput)
        }
    }
}
