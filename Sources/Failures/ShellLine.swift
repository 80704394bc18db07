/// A shell command line cut into simple commands, as far as it takes to say which programs ran and how they were joined.
///
/// This is no shell: nothing is expanded. What stands in `$(…)`, backticks or a here document belongs to the word or the
/// command around it.
public struct ShellLine: Sendable, Equatable {
    /// How a command is joined to the one before it.
    public enum Joint: Sendable, Equatable {
        /// The first one, or behind `;`, `&` or a line break.
        case sequence
        /// Behind `&&`.
        case and
        /// Behind `||`.
        case or
        /// Behind `|` or `|&`.
        case pipe
    }

    public struct Command: Sendable, Equatable {
        public var joint: Joint
        /// Without redirections and without variable assignments in front; quotes are taken off.
        public var words: [String]
    }

    public var commands: [Command]

    public init(_ text: String) {
        var scan = ShellScan(Array(text.utf8))
        scan.run()
        commands = scan.commands
    }
}

private struct ShellScan {
    let bytes: [UInt8]
    var position = 0
    var commands: [ShellLine.Command] = []
    var joint = ShellLine.Joint.sequence
    var words: [String] = []
    var word: [UInt8] = []
    /// An empty word in quotes is one.
    var isWord = false
    /// The next word is where output goes, or comes from.
    var isRedirection = false

    init(_ bytes: [UInt8]) { self.bytes = bytes }

    mutating func run() {
        while position < bytes.count {
            let byte = bytes[position]
            switch byte {
            case UInt8(ascii: " "), UInt8(ascii: "\t"):
                endWord()
                position += 1
            case UInt8(ascii: "\n"), UInt8(ascii: ";"): endCommand(.sequence, length: 1)
            case UInt8(ascii: "&"): ampersand()
            case UInt8(ascii: "|"):
                switch next {
                case UInt8(ascii: "|"): endCommand(.or, length: 2)
                case UInt8(ascii: "&"): endCommand(.pipe, length: 2)
                default: endCommand(.pipe, length: 1)
                }
            case UInt8(ascii: "("), UInt8(ascii: ")"): endCommand(.sequence, length: 1)
            case UInt8(ascii: "<"), UInt8(ascii: ">"): redirection()
            case UInt8(ascii: "#") where !isWord: skip(to: UInt8(ascii: "\n"))
            case UInt8(ascii: "\\"):
                position += 1
                // A line break behind a backslash is nothing.
                if position < bytes.count, bytes[position] != UInt8(ascii: "\n") { take() } else { position += 1 }
            case UInt8(ascii: "'"): quoted(by: byte, escapes: false)
            case UInt8(ascii: "\""): quoted(by: byte, escapes: true)
            case UInt8(ascii: "`"): nested(to: byte)
            case UInt8(ascii: "$") where next == UInt8(ascii: "("): substitution()
            default: take()
            }
        }
        endCommand(.sequence, length: 0)
    }

    private var next: UInt8? { position + 1 < bytes.count ? bytes[position + 1] : nil }

    private mutating func take() {
        word.append(bytes[position])
        isWord = true
        position += 1
    }

    private mutating func endWord() {
        defer {
            word = []
            isWord = false
        }
        guard isWord else { return }
        if isRedirection {
            isRedirection = false
            return
        }
        let text = String(decoding: word, as: UTF8.self)
        if words.isEmpty, ShellScan.isAssignment(text) { return }
        words.append(text)
    }

    private mutating func endCommand(_ following: ShellLine.Joint, length: Int) {
        endWord()
        isRedirection = false
        if !words.isEmpty { commands.append(.init(joint: joint, words: words)) }
        // Behind an empty command the first joint counts: a line break after `&&` changes nothing.
        if !words.isEmpty || commands.isEmpty || joint == .sequence { joint = following }
        words = []
        position += length
    }

    /// `&&`, `&>file`, `>&2`, or a command sent to the background.
    private mutating func ampersand() {
        switch next {
        case UInt8(ascii: "&"): endCommand(.and, length: 2)
        case UInt8(ascii: ">"):
            endWord()
            position += 1
        default: endCommand(.sequence, length: 1)
        }
    }

    private mutating func redirection() {
        // The number in `2>` is no word.
        if isWord, word.allSatisfy({ (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }) {
            word = []
            isWord = false
        }
        endWord()
        let isDocument = bytes[position] == UInt8(ascii: "<") && next == UInt8(ascii: "<")
        while position < bytes.count, bytes[position] == UInt8(ascii: "<") || bytes[position] == UInt8(ascii: ">") {
            position += 1
        }
        if isDocument { return document() }
        if position < bytes.count, bytes[position] == UInt8(ascii: "&") {
            position += 1
            while position < bytes.count, bytes[position] == UInt8(ascii: "-") || isDigit(bytes[position]) {
                position += 1
            }
            return
        }
        isRedirection = true
    }

    private func isDigit(_ byte: UInt8) -> Bool { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) }

    /// A here document: its text is data, up to the line that repeats its mark.
    private mutating func document() {
        if position < bytes.count, bytes[position] == UInt8(ascii: "-") { position += 1 }
        while position < bytes.count, bytes[position] == UInt8(ascii: " ") { position += 1 }
        var mark: [UInt8] = []
        while position < bytes.count, bytes[position] != UInt8(ascii: "\n"), bytes[position] != UInt8(ascii: " "),
            bytes[position] != UInt8(ascii: "|"), bytes[position] != UInt8(ascii: ";"),
            bytes[position] != UInt8(ascii: "&"), bytes[position] != UInt8(ascii: ")")
        {
            let byte = bytes[position]
            if byte != UInt8(ascii: "'"), byte != UInt8(ascii: "\""), byte != UInt8(ascii: "\\") { mark.append(byte) }
            position += 1
        }
        guard !mark.isEmpty else { return }
        // The rest of this line still belongs to the commands; the text begins on the next one.
        guard let lineEnd = bytes[position...].firstIndex(of: UInt8(ascii: "\n")) else { return }
        var start = lineEnd + 1
        while start < bytes.count {
            let end = bytes[start...].firstIndex(of: UInt8(ascii: "\n")) ?? bytes.count
            var line = bytes[start..<end]
            while line.first == UInt8(ascii: "\t") { line = line.dropFirst() }
            if line.elementsEqual(mark) {
                let rest = Array(bytes[position..<lineEnd])
                var scan = ShellScan(rest)
                scan.joint = joint
                scan.words = words
                scan.run()
                commands += scan.commands
                words = []
                joint = .sequence
                position = end
                return
            }
            start = end + 1
        }
        position = bytes.count
    }

    private mutating func quoted(by quote: UInt8, escapes: Bool) {
        position += 1
        isWord = true
        while position < bytes.count, bytes[position] != quote {
            if escapes, bytes[position] == UInt8(ascii: "\\"), position + 1 < bytes.count { position += 1 }
            word.append(bytes[position])
            position += 1
        }
        position += 1
    }

    /// Up to the same byte again, kept as it stands.
    private mutating func nested(to end: UInt8) {
        take()
        while position < bytes.count, bytes[position] != end { take() }
        if position < bytes.count { take() }
    }

    /// `$(…)`, kept as it stands, parentheses counted.
    private mutating func substitution() {
        var depth = 0
        repeat {
            if bytes[position] == UInt8(ascii: "(") { depth += 1 }
            if bytes[position] == UInt8(ascii: ")") { depth -= 1 }
            take()
        } while position < bytes.count && (depth > 0 || word.last != UInt8(ascii: ")"))
    }

    private mutating func skip(to end: UInt8) {
        while position < bytes.count, bytes[position] != end { position += 1 }
    }

    private static func isAssignment(_ word: String) -> Bool {
        guard let equals = word.utf8.firstIndex(of: UInt8(ascii: "=")), equals != word.startIndex else { return false }
        return word.utf8[..<equals].enumerated().allSatisfy { index, byte in
            byte == UInt8(ascii: "_") || (UInt8(ascii: "A")...UInt8(ascii: "Z")).contains(byte & 0xDF)
                || index > 0 && (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte)
        }
    }
}
