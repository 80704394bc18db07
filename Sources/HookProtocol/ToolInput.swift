import JSON

/// What a tool was called with, as far as it tells which file or command it is about.
public struct ToolInput: Sendable, Equatable {
    public var command: String?
    /// Of `Edit`, `Write`, `MultiEdit` or `NotebookEdit`.
    public var file: String?
    public var oldText: String?
    public var newText: String?

    public init() {}

    /// - Parameter json: The input of a call as a transcript has it; of one that is cut, what stands before the cut counts.
    public init(json: UnsafeBufferPointer<UInt8>) {
        var scanner = JSONScanner(json)
        try? read(&scanner)
    }

    init(_ scanner: inout JSONScanner) throws(JSONError) { try read(&scanner) }

    private mutating func read(_ scanner: inout JSONScanner) throws(JSONError) {
        guard try scanner.peek() == .object, try scanner.enterObject() else {
            try scanner.skip()
            return
        }
        while let key = try scanner.nextKey() {
            if key.equals("command") {
                command = try scanner.string()?.text()
            } else if key.equals("file_path") || key.equals("notebook_path") {
                file = try scanner.string()?.text()
            } else if key.equals("old_string") {
                oldText = try scanner.string()?.text()
            } else if key.equals("new_string") || key.equals("content") || key.equals("new_source") {
                newText = try scanner.string()?.text()
            } else {
                try scanner.skip()
            }
        }
    }
}
