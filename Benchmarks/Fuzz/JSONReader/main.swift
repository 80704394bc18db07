// Feeds made-up transcripts to the reader for so many seconds: well-formed ones must give what Foundation's JSON gives,
// damaged ones must neither crash nor cost a neighbouring line.
//     swift run -c release ccmem-fuzz-json [--seconds 10] [--seed N]
import Foundation
import JSON
import Transcripts

func argument(_ name: String) -> UInt64? {
    guard let at = CommandLine.arguments.firstIndex(of: name), at + 1 < CommandLine.arguments.count else { return nil }
    return UInt64(CommandLine.arguments[at + 1])
}

let seed = argument("--seed") ?? UInt64.random(in: 0..<1 << 32)
let seconds = argument("--seconds") ?? 10
print("seed \(seed)")

var random = SeededRandom(seed: seed)
let end = Date().addingTimeInterval(Double(seconds))
var rounds = 0
while Date() < end {
    let round = random.next()
    do {
        var one = SeededRandom(seed: round)
        try checkWellFormed(&one)
        try checkDamaged(&one)
        try checkStrings(&one)
    } catch {
        print("seed \(seed), round \(rounds) (\(round)): \(error)")
        exit(1)
    }
    rounds += 1
}
print("\(rounds) rounds, nothing found")
