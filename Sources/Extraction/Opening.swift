/// The first words of a sentence, in lower case, behind those that only lead in ("ok, so now …").
struct Opening {
    private let words: ArraySlice<String>

    init(_ text: UnsafeBufferPointer<UInt8>) {
        let all = text.drop { !LiteralScan.isWordByte($0) && $0 < 0x80 }.prefix(100)
            .split(maxSplits: 10) { $0 == 0x20 || $0 == UInt8(ascii: ",") || $0 == UInt8(ascii: ".") || $0 == 0x0A }
            .prefix(10)
            .map { String(decoding: $0, as: UTF8.self).lowercased() }
        words = all.drop(while: Opening.introductions.contains)
    }

    /// Whether a question begins like one that wants to know something, and not like one that proposes.
    var asksToKnow: Bool {
        guard let first = words.first, Opening.askingWords.contains(first) else { return false }
        guard let second = words.dropFirst().first else { return true }
        return !Opening.proposals.contains("\(first) \(second)")
    }

    /// Whether it orders a piece of work: looking, explaining, planning, building, bringing it out.
    var ordersWork: Bool {
        let order = words.drop(while: Opening.courtesies.contains)
        guard let verb = order.first else { return false }
        if Opening.workVerbs.contains(verb) { return true }
        let pair = order.prefix(3).joined(separator: " ")
        return Opening.workPhrases.contains { pair.utf8.starts(with: $0.utf8) }
    }

    private static let introductions: Set<String> = [
        "ok", "okay", "so", "and", "but", "hm", "hmm", "wait", "also", "then", "ah", "oh", "well", "right", "yes", "no",
        "btw",
        "cool", "great", "thanks", "sorry", "just", "still", "quick", "question:", "now", "next", "alright", "perfect",
        "good",
        "nice", "first", "finally",
    ]
    private static let askingWords: Set<String> = [
        "does", "did", "do", "is", "are", "was", "were", "what", "what's", "whats", "why", "why's", "how", "how's",
        "hows", "when",
        "where", "where's", "which", "who", "whose", "has", "have", "had", "am",
    ]
    private static let proposals: Set<String> = [
        "what if", "what about", "how about", "why not", "why don't", "why dont", "why can't", "why do", "do not",
    ]
    private static let courtesies: Set<String> = [
        "please", "pls", "let's", "lets", "let’s", "can", "could", "would", "you", "we", "i", "want", "i'd", "like",
        "to", "go",
        "ahead", "and", "now", "then", "also", "just", "quickly", "need", "help", "me",
    ]
    private static let workVerbs: Set<String> = [
        "read", "write", "give", "show", "tell", "explain", "review", "summarize", "summarise", "check", "look", "find",
        "search",
        "investigate", "run", "test", "commit", "push", "pull", "deploy", "build", "implement", "create", "generate",
        "learn",
        "continue", "proceed", "start", "try", "debug", "describe", "list", "print", "open", "draft", "prepare", "plan",
        "analyze", "analyse", "draw", "update", "verify", "fix", "refactor", "study", "compare", "examine", "research",
        "complete", "finish", "begin", "save", "document", "address", "scan", "figure",
    ]
    private static let workPhrases = [
        "make a plan", "make a list", "make me", "do a ", "do the ", "do some", "take a look", "take a step",
        "get this deployed",
        "get it deployed", "get started", "get going", "come up", "put together", "set up", "work on", "think about",
    ]
}
