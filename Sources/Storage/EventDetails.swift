import JSON

extension StoredEvent {
    /// What the event's kind needs, in its order: names and texts. What is broken is left out.
    public var details: [(name: String, value: String)] {
        var text = detail
        return text.withUTF8 { bytes in
            var scanner = JSONScanner(bytes)
            var found: [(name: String, value: String)] = []
            do throws(JSONError) {
                guard try scanner.enterObject() else { return found }
                while let name = try scanner.nextKey()?.text() {
                    if let value = try scanner.string()?.text() { found.append((name, value)) }
                }
            } catch {
                return found
            }
            return found
        }
    }
}
