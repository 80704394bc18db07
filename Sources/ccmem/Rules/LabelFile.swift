import Commands
import JSON
import Memories
import Pipeline
import RulePacks

/// Reads labels: one JSON object a line with `file`, `line`, `quote`, `category` and `keep`.
enum LabelFile {
    /// - Parameters:
    ///   - path: Its folder is what `file` is seen from.
    ///   - transcripts: Those of the corpus; a label is of one of them.
    /// - Throws: `CommandError` with the line that is wrong.
    static func read(_ path: String, of transcripts: [String]) throws -> [MemoryLabel] {
        let bytes: [UInt8]
        do throws(FileError) {
            bytes = try WholeFile.read(path, limit: 64 << 20)
        } catch {
            throw CommandError("\(error.path): it cannot be read: \(error.reason).", .unreadableInput)
        }
        let known = Set(transcripts)
        let folder = path.lastIndex(of: "/").map { String(path[..<$0]) + "/" } ?? ""
        return try bytes.split(separator: 0x0A, omittingEmptySubsequences: false).enumerated().compactMap {
            number, line in
            guard line.contains(where: { $0 > 0x20 }) else { return nil }
            let place = "\(path):\(number + 1)"
            var label: MemoryLabel
            do throws(Problem) {
                label = try LabelFile.label(Array(line))
            } catch {
                throw CommandError(
                    "\(TextStyle.printable(place)): This is no label: \(error.words).",
                    help: "A label is {\"file\": …, \"line\": 12, \"quote\": …, \"category\": …, \"keep\": true}.",
                    .usage)
            }
            let name = label.file
            label.file = folder + (name.hasPrefix("./") ? String(name.dropFirst(2)) : name)
            guard known.contains(label.file) else {
                throw CommandError(
                    "\(TextStyle.printable(place)): There is no transcript `\(TextStyle.printable(name))` in the corpus.",
                    help: nearestName(to: label.file, in: transcripts).map {
                        "Did you mean `\(TextStyle.printable(String($0.dropFirst(folder.count))))`?"
                    } ?? "`file` is seen from the folder of the labels.", .usage)
            }
            return label
        }
    }

    /// The field that is wrong, and how.
    private struct Problem: Error {
        var words: String
    }

    private static func label(_ line: [UInt8]) throws(Problem) -> MemoryLabel {
        var texts: [String: String] = [:]
        var number: Int?
        var keep: Bool?
        do {
            try line.withUnsafeBufferPointer { bytes in
                var scanner = JSONScanner(bytes)
                guard try scanner.peek() == .object, try scanner.enterObject() else {
                    throw Problem(words: "it is no JSON object")
                }
                while let key = try scanner.nextKey() {
                    let name = key.text()
                    let kind = try scanner.peek()
                    switch name {
                    case "line" where kind == .number:
                        number = (try? scanner.int()) ?? nil
                        if number == nil { throw Problem(words: "`line` must be a whole number") }
                    case "keep" where kind == .bool:
                        keep = scanner.bytes(in: try scanner.skip()).first == UInt8(ascii: "t")
                    case "file" where kind == .string, "quote" where kind == .string, "category" where kind == .string:
                        texts[name] = try scanner.string()?.text()
                    case "category" where kind == .null: try scanner.skip()
                    case "file", "quote", "category", "line", "keep":
                        throw Problem(words: "`\(name)` must be \(nouns[name] ?? "a text")")
                    default: try scanner.skip()
                    }
                }
            }
        } catch let problem as Problem {
            throw problem
        } catch {
            throw Problem(words: "it is no JSON")
        }
        for name in ["file", "quote"] where texts[name]?.isEmpty != false {
            throw Problem(words: "`\(name)` is \(texts[name] == nil ? "missing" : "empty")")
        }
        guard let file = texts["file"], let quote = texts["quote"] else { throw Problem(words: "`file` is missing") }
        guard let number else { throw Problem(words: "`line` is missing") }
        guard number > 0 else { throw Problem(words: "`line` is \(number), and lines begin at 1") }
        guard let keep else { throw Problem(words: "`keep` is missing") }
        let category = try texts["category"].map { (text) throws(Problem) in
            guard let category = MemoryCategory(rawValue: text) else {
                let names = MemoryCategory.allCases.map { "`\($0.rawValue)`" }.joined(separator: ", ")
                throw Problem(words: "`category` is `\(TextStyle.printable(text))`, not one of \(names)")
            }
            return category
        }
        return MemoryLabel(file: file, line: number, quote: quote, category: category, keep: keep)
    }

    private static let nouns = ["line": "a whole number", "keep": "`true` or `false`, without quotes"]
}
