import JSON

extension HarnessText {
    /// An opening or closing tag of one of the harness's elements.
    struct Tag {
        let name: Range<Int>
        /// Behind the `>`.
        let end: Int
        let isClosing: Bool
        let isWrapper: Bool
        let isCommandName: Bool
        let isCommandArguments: Bool

        /// The tag that begins with the `<` at `open`; nil when it is none of the harness's.
        init?(in text: [UInt8], at open: Int) {
            isClosing = open + 1 < text.count && text[open + 1] == UInt8(ascii: "/")
            let start = open + (isClosing ? 2 : 1)
            var at = start
            while at < text.count, Self.isNameByte(text[at]) { at += 1 }
            guard at > start, at - start <= 64, at < text.count else { return nil }
            name = start..<at
            guard text[at] == UInt8(ascii: ">") || text[at] <= 0x20,
                let last = text[at...].prefix(1024).firstIndex(of: UInt8(ascii: ">"))
            else { return nil }
            end = last + 1
            let bytes = Array(text[name])
            isWrapper = HarnessLists.wrappers.contains { bytes.isAll($0) }
            isCommandName = bytes.isAll("command-name")
            isCommandArguments = bytes.isAll("command-args")
            guard isWrapper || isCommandArguments || HarnessLists.regions.contains(where: { Self.matches(bytes, $0) })
            else { return nil }
        }

        /// `</name>`.
        func closing(in text: [UInt8]) -> [UInt8] {
            [UInt8(ascii: "<"), UInt8(ascii: "/")] + text[name] + [UInt8(ascii: ">")]
        }

        private static func isNameByte(_ byte: UInt8) -> Bool {
            switch byte {
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "_"):
                true
            default: false
            }
        }

        private static func matches(_ name: [UInt8], _ pattern: StaticString) -> Bool {
            pattern.withUTF8Buffer { pattern in
                guard pattern.last == UInt8(ascii: "*") else { return name.elementsEqual(pattern) }
                return name.starts(with: pattern.dropLast())
            }
        }
    }
}

extension [UInt8] {
    /// Whether the bytes at `at` are those of `text`.
    func holds(_ text: StaticString, at: Int) -> Bool {
        guard at + text.utf8CodeUnitCount <= count else { return false }
        return withUnsafeBufferPointer { $0.part(at..<count).hasPrefix(text) }
    }

    /// The first place of `byte` at or after `from`.
    func firstOffset(of byte: UInt8, from: Int = 0) -> Int? {
        withUnsafeBufferPointer { $0.firstOffset(of: byte, in: from..<Swift.max(from, count)) }
    }

    func isAll(_ text: StaticString) -> Bool {
        withUnsafeBufferPointer { $0.equals(text) }
    }

    /// The first place of `needle` at or after `from`.
    func range(of needle: [UInt8], from: Int = 0) -> Range<Int>? {
        guard let first = needle.first else { return nil }
        return withUnsafeBufferPointer { bytes in
            var at = from
            while let hit = bytes.firstOffset(of: first, in: at..<Swift.max(at, bytes.count)) {
                let end = hit + needle.count
                guard end <= bytes.count else { return nil }
                if bytes[hit..<end].elementsEqual(needle) { return hit..<end }
                at = hit + 1
            }
            return nil
        }
    }

    func range(of needle: StaticString, from: Int = 0) -> Range<Int>? {
        range(of: needle.withUTF8Buffer { Array($0) }, from: from)
    }

    /// The first place of `needle` at the beginning of a line.
    func lineStart(of needle: StaticString) -> Int? {
        var at = 0
        while let hit = range(of: needle, from: at) {
            if hit.lowerBound == 0 || self[hit.lowerBound - 1] == 0x0A { return hit.lowerBound }
            at = hit.upperBound
        }
        return nil
    }
}
