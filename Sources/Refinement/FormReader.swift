import JSON

/// Reads the filled-in form of an answer: what is not there, or is of another kind than it should be, is left out.
enum FormReader {
    /// An answer that is longer says nothing that could be used.
    static let mostBytes = 256 << 10

    /// One entry of a list: its texts, its lists of texts, its whole numbers.
    struct Entry: Equatable {
        var texts: [String: String] = [:]
        var lists: [String: [String]] = [:]
        var numbers: [String: Int] = [:]
    }

    /// The entries of the list with that name.
    ///
    /// - Returns: Nil when the text is no JSON, too long, or has no such list.
    static func entries(_ name: String, in form: String, most: Int) -> [Entry]? {
        guard form.utf8.count <= mostBytes else { return nil }
        var form = form
        return form.withUTF8 { bytes in
            var scanner = JSONScanner(bytes)
            var found: [Entry]?
            do throws(JSONError) {
                guard try scanner.enterObject() else { return nil }
                while let key = try scanner.nextKey() {
                    guard key.text() == name, try scanner.peek() == .array else {
                        _ = try scanner.skip()
                        continue
                    }
                    found = try list(&scanner, most: most)
                }
            } catch {
                return nil
            }
            return scanner.isAtEnd() ? found : nil
        }
    }

    private static func list(_ scanner: inout JSONScanner, most: Int) throws(JSONError) -> [Entry] {
        var entries: [Entry] = []
        guard try scanner.enterArray() else { return [] }
        while try scanner.nextElement() {
            guard try scanner.peek() == .object, entries.count < most else {
                _ = try scanner.skip()
                continue
            }
            entries.append(try entry(&scanner))
        }
        return entries
    }

    private static func entry(_ scanner: inout JSONScanner) throws(JSONError) -> Entry {
        var entry = Entry()
        guard try scanner.enterObject() else { return entry }
        while let key = try scanner.nextKey()?.text() {
            switch try scanner.peek() {
            case .string: entry.texts[key] = try scanner.string()?.text()
            case .number: entry.numbers[key] = try scanner.int()
            case .array:
                guard try scanner.enterArray() else { continue }
                var texts: [String] = []
                while try scanner.nextElement() {
                    if try scanner.peek() == .string, let text = try scanner.string()?.text() {
                        texts.append(text)
                    } else {
                        _ = try scanner.skip()
                    }
                }
                entry.lists[key] = texts
            default: _ = try scanner.skip()
            }
        }
        return entry
    }
}
