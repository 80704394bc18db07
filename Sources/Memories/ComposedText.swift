extension String {
    /// The text with each letter and its marks as one character where Unicode has one: `e` and U+0301 become `é`. What looks
    /// the same, and is the same to `==`, then has the same bytes, as hashes, indexes and patterns need it.
    ///
    /// Holds for Latin, Greek, Cyrillic, Arabic, kana and hangul. A text without such marks is given back as it is.
    public var composed: String {
        guard holdsMarks else { return self }
        var scalars = String.UnicodeScalarView()
        for character in self {
            if character.unicodeScalars.count == 1 {
                scalars.append(contentsOf: character.unicodeScalars)
            } else if let letter = Letters.composed[character] {
                scalars.append(letter)
            } else {
                Letters.append(character, to: &scalars)
            }
        }
        return String(scalars)
    }

    /// Whether a mark or a part of a syllable stands in it that may belong to what stands before.
    private var holdsMarks: Bool {
        var previous: UInt8 = 0
        for byte in utf8 {
            switch (previous, byte) {
            // U+0300 to U+036F, U+0653 to U+0655, U+1161 to U+11FF, U+3099 and U+309A.
            case (0xCC, _), (0xCD, ...0xAF), (0xD9, 0x93...0x95), (0xE1, 0x85...0x87), (0x82, 0x99...0x9A): return true
            default: previous = byte
            }
        }
        return false
    }
}

private enum Letters {
    /// Characters are equal when they are canonically so: what is asked for may be made of several scalars.
    static let composed: [Character: Unicode.Scalar] = {
        var letters: [Character: Unicode.Scalar] = [:]
        for range in [0xC0...0x24F, 0x370...0x6D3, 0x1E00...0x1FFF, 0x3041...0x30FF] as [ClosedRange<UInt32>] {
            for value in range {
                guard let scalar = Unicode.Scalar(value), letters[Character(scalar)] == nil else { continue }
                letters[Character(scalar)] = scalar
            }
        }
        return letters
    }()

    /// Syllables of hangul are numbered by their parts (Unicode, section 3.12); all else stays in its parts.
    static func append(_ character: Character, to scalars: inout String.UnicodeScalarView) {
        for scalar in character.unicodeScalars {
            if let last = scalars.last, let syllable = syllable(last.value, scalar.value) {
                scalars.removeLast()
                scalars.append(syllable)
            } else {
                scalars.append(scalar)
            }
        }
    }

    private static func syllable(_ first: UInt32, _ second: UInt32) -> Unicode.Scalar? {
        if (0x1100...0x1112).contains(first), (0x1161...0x1175).contains(second) {
            return Unicode.Scalar(0xAC00 + ((first - 0x1100) * 21 + second - 0x1161) * 28)
        }
        if (0xAC00...0xD7A3).contains(first), (first - 0xAC00) % 28 == 0, (0x11A8...0x11C2).contains(second) {
            return Unicode.Scalar(first + second - 0x11A7)
        }
        return nil
    }
}
