extension StringProtocol {
    /// Where a text stands first, byte by byte; without the engine for patterns that the standard library would bring in.
    func place(of text: String) -> Range<Index>? {
        let wanted = Array(text.utf8)
        guard let first = wanted.first else { return startIndex..<startIndex }
        var start = utf8.startIndex
        while let found = utf8[start...].firstIndex(of: first) {
            var (here, index) = (found, 0)
            while index < wanted.count, here < utf8.endIndex, utf8[here] == wanted[index] {
                here = utf8.index(after: here)
                index += 1
            }
            if index == wanted.count { return found..<here }
            start = utf8.index(after: found)
        }
        return nil
    }

    func holds(_ text: String) -> Bool { place(of: text) != nil }
}
