import Foundation

/// Throws bytes at the pack loader until the time is up. Run from the folder that holds `Fixtures/`:
///
///     swift run -c release ccmem-fuzz-packs --seconds 60 [--seed N] [--fixtures FOLDER]
///
/// A crash is the finding; so is an error without a place inside the text, a message with a raw control character, and
/// a text that takes far too long. The seed of each text is known, so that a finding can be repeated:
/// the text at hand is written to `fuzz-pack.yaml` in the temporary folder before it is tried.
var seconds = 10.0
var seed = UInt64.random(in: 0..<1_000_000_000)
var folder = "Fixtures/packs"
var arguments = CommandLine.arguments.dropFirst()
while let option = arguments.popFirst() {
    guard let value = arguments.popFirst() else { fatalError("\(option) needs a value") }
    switch option {
    case "--seconds": seconds = Double(value) ?? seconds
    case "--seed": seed = UInt64(value) ?? seed
    case "--fixtures": folder = value
    default: fatalError("unknown option \(option)")
    }
}

let corpus = Corpus(folder: folder)
print("seed \(seed), \(corpus.texts.count) packs to start from")
var campaign = Campaign(corpus: corpus, generator: Generator(state: seed))
campaign.run(seconds: seconds)
print(campaign.report)
exit(campaign.findings.isEmpty ? 0 : 1)
