import Foundation

/// The packs that mutations start from.
struct Corpus {
    var texts: [[UInt8]] = []

    init(folder: String) {
        let files = FileManager.default.enumerator(atPath: folder)?.compactMap { $0 as? String } ?? []
        for file in files.sorted() where file.hasSuffix(".yaml") {
            if let data = FileManager.default.contents(atPath: folder + "/" + file) { texts.append(Array(data)) }
        }
        if texts.isEmpty { texts = [Array("pack: a\nformat: 1\nversion: 1.0.0\nsummary: s\nrules: []\n".utf8)] }
    }
}

/// SplitMix64.
struct Generator: RandomNumberGenerator {
    var state: UInt64

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var z = state
        z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
        z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
        return z ^ (z >> 31)
    }

    mutating func below(_ bound: Int) -> Int { Int.random(in: 0..<max(1, bound), using: &self) }

    mutating func pick<Element>(_ elements: [Element]) -> Element { elements[below(elements.count)] }
}
