import Foundation
import JSON
import Transcripts

struct Finding: Error, CustomStringConvertible {
    var description: String
}

func read(_ bytes: [UInt8], _ options: ReaderOptions) -> (texts: [String], lines: [Int], report: TranscriptReport) {
    var reader = TranscriptReader(options: options)
    var texts: [String] = []
    var lines: [Int] = []
    let report = reader.read(TranscriptSource(bytes: bytes)) { event in
        if case .block(let block, let text) = event {
            guard let valid = String(validating: text, as: UTF8.self) else { fatalError("a text is not UTF-8") }
            texts.append(valid)
            lines.append(block.line)
        }
    }
    return (texts, lines, report)
}

/// Chunks of any size, lines condensed or not.
func options(_ random: inout SeededRandom) -> ReaderOptions {
    var options = ReaderOptions()
    if random.below(2) == 0 { options.chunkSize = 1 + random.below(300) }
    if random.below(2) == 0 { options.lineLimit = random.below(300) }
    return options
}

/// The texts of well-formed lines are those that Foundation reads.
func checkWellFormed(_ random: inout SeededRandom) throws {
    var generator = Generator(random: SeededRandom(seed: random.next()))
    var expected: [String] = []
    var bytes: [UInt8] = []
    for _ in 0..<random.below(5) {
        let texts = (0..<random.below(4)).map { _ in generator.string() }
        let line = generator.line(texts: texts)
        let object = try JSONSerialization.jsonObject(with: Data(line.utf8)) as? [String: Any]
        let content = (object?["message"] as? [String: Any])?["content"] as? [Any] ?? []
        for case let block as [String: Any] in content {
            guard let text = block["text"] as? String, text.utf8.contains(where: { $0 > 0x20 }) else { continue }
            expected.append(text.replacingOccurrences(of: "\r\n", with: "\n"))
        }
        bytes += Array(line.utf8) + (random.below(5) == 0 ? [0x0D, 0x0A] : [0x0A])
    }
    let (texts, _, report) = read(bytes, options(&random))
    guard texts.map({ Array($0.utf8) }) == expected.map({ Array($0.utf8) }) else {
        throw Finding(description: "\(expected) expected, not \(texts), of \(String(decoding: bytes, as: UTF8.self))")
    }
    guard report.malformedLines == 0, report.nextOffset == bytes.count else {
        throw Finding(description: "\(report) of \(String(decoding: bytes, as: UTF8.self))")
    }
}

/// Between two whole lines stands a damaged one.
func checkDamaged(_ random: inout SeededRandom) throws {
    var generator = Generator(random: SeededRandom(seed: random.next()))
    var damaged = Array(generator.line(texts: [generator.string(), generator.string()]).utf8)
    generator.damage(&damaged)
    if random.below(3) == 0 {
        var second = Array(generator.line(texts: [generator.string()]).utf8)
        generator.damage(&second)
        damaged += second
    }
    let before = Array((generator.line(texts: ["before it"]) + "\n").utf8)
    let after = Array((generator.line(texts: ["after it"]) + "\n").utf8)
    let bytes = before + damaged + [0x0A] + after
    let options = options(&random)
    let (texts, lines, report) = read(bytes, options)
    guard texts.first == "before it", texts.last == "after it", lines.first == 1, lines.last == 3,
        report.nextOffset == bytes.count, report.nextLine == 4, !report.hasTornLastLine
    else {
        throw Finding(description: "\(texts), \(report) of \(String(decoding: bytes, as: UTF8.self)) with \(options)")
    }
    // Cut anywhere, the whole lines stay and the torn one is left.
    let cut = random.below(bytes.count + 1)
    let (_, _, torn) = read(Array(bytes[..<cut]), options)
    let lineStart = (bytes[..<cut].lastIndex(of: 0x0A) ?? -1) + 1
    guard torn.nextOffset == (torn.hasTornLastLine ? lineStart : cut) else {
        throw Finding(
            description: "cut at \(cut): \(torn) of \(String(decoding: bytes, as: UTF8.self)) with \(options)")
    }
}

/// Any bytes as a string: valid text, the limit kept, a report that tells the truth.
func checkStrings(_ random: inout SeededRandom) throws {
    var generator = Generator(random: SeededRandom(seed: random.next()))
    var raw = Array(generator.string().utf8)
    if random.below(2) == 0 { generator.damage(&raw) }
    let limit = random.below(3) == 0 ? random.below(50) : Int.max
    var out: [UInt8] = []
    let report = raw.withUnsafeBufferPointer { JSONString(raw: $0).decode(into: &out, limit: limit) }
    guard out.count <= limit, String(validating: out, as: UTF8.self) != nil, !out.contains(0),
        report.isCut || limit == .max || out.count <= limit
    else { throw Finding(description: "\(raw) decodes to \(out)") }
    var writer = JSONWriter()
    out.withUnsafeBufferPointer { writer.string(utf8: $0) }
    let back = try JSONSerialization.jsonObject(with: Data(writer.bytes), options: .fragmentsAllowed) as? String
    guard back.map({ Array($0.utf8) }) == out else { throw Finding(description: "\(out) is written as \(writer.text)") }
}
