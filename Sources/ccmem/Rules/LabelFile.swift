import Commands
import JSON
import Memories
import Pipeline

/// Reads labels: one JSON object a line with `file`, `line`, `quote`, `category` and `keep`.
enum LabelFile {
    /// - Parameter path: Its folder is what `file` is seen from.
    /// - Throws: `CommandError` with the line that is wrong.
    static func read(_ path: String) throws -> [MemoryLabel] {
        let bytes: [UInt8]
        do throws(FileError) {
            bytes = try WholeFile.read(path, limit: 64 << 20)
        } catch {
            throw CommandError("\(error.path): it cannot be read: \(error.reason).", .unreadableInput)
        }
        let folder = path.lastIndex(of: "/").map { String(path[..<$0]) + "/" } ?? ""
        return try bytes.split(separator: 0x0A, omittingEmptySubsequences: false).enumerated().compactMap {
            number, line in
            guard line.contains(where: { $0 > 0x20 }) else { return nil }
            guard var label = label(Array(line)) else {
                throw CommandError(
                    "\(path):\(number + 1): This is no label.",
                    help: "A label is {\"file\": …, \"line\": 12, \"quote\": …, \"category\": …, \"keep\": true}.",
                    .usage)
            }
            label.file = folder + label.file
            return label
        }
    }

    private static func label(_ line: [UInt8]) -> MemoryLabel? {
        line.withUnsafeBufferPointer { bytes in
            var scanner = JSONScanner(bytes)
            var texts: [String: String] = [:]
            var number: Int?
            var keep: Bool?
            do {
                guard try scanner.peek() == .object, try scanner.enterObject() else { return nil }
                while let key = try scanner.nextKey() {
                    let name = key.text()
                    switch name {
                    case "line": number = try scanner.int()
                    case "keep":
                        let word = String(decoding: scanner.bytes(in: try scanner.skip()), as: UTF8.self)
                        keep = ["true": true, "false": false][word]
                    case "file", "quote", "category":
                        if try scanner.peek() == .string {
                            texts[name] = try scanner.string()?.text()
                        } else {
                            try scanner.skip()
                        }
                    default: try scanner.skip()
                    }
                }
            } catch {
                return nil
            }
            guard let file = texts["file"], let quote = texts["quote"], !quote.isEmpty, let number, number > 0, let keep
            else { return nil }
            let category = texts["category"].map { MemoryCategory(rawValue: $0) }
            if case .some(nil) = category { return nil }
            return MemoryLabel(file: file, line: number, quote: quote, category: category ?? nil, keep: keep)
        }
    }
}
