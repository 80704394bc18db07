import JSON

/// What a tool was called with, as far as it tells which file or command it is about.
public struct ToolInput: Sendable, Equatable {
    public var command: String?
    /// Of `Edit`, `Write`, `MultiEdit` or `NotebookEdit`.
    public var file: String?
    public var oldText: String?
    public var newText: String?

    public init() {}

    init(_ scanner: inout JSONScanner) throws(JSONError) {
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
