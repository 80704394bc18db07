import JSON

/// The settings of Claude Code with our hooks in them, or without: text in, text out. Everything else stays as it is written.
public struct ClaudeSettings: Sendable {
    /// Why a file is left alone.
    public struct Refusal: Error, Sendable, Equatable {
        /// A clause.
        public var reason: String
        /// From 1.
        public var line: Int
        public var column: Int
    }

    /// Our hooks, with how long Claude Code waits for each, in seconds.
    public static let hooks: [(event: String, timeout: Int)] = [
        ("SessionStart", 10), ("UserPromptSubmit", 10), ("PreToolUse", 5), ("PostToolUse", 5),
        ("PostToolUseFailure", 5),
        ("Stop", 10), ("SubagentStop", 10), ("PreCompact", 10), ("SessionEnd", 10),
    ]

    /// The tools that the hooks of an event are about; nil for events that are about none.
    static func matcher(_ event: String) -> String? {
        switch event {
        case "PreToolUse", "PostToolUse": "Bash|Edit|Write|MultiEdit|NotebookEdit"
        case "PostToolUseFailure": "Bash"
        default: nil
        }
    }
    static let program = "ccmem-hook"

    private let bytes: [UInt8]
    private let document: JSONDocument

    /// - Parameter bytes: The file; empty when there is none.
    /// - Throws: For what is no JSON as Claude Code reads it, comments included.
    public init(_ bytes: [UInt8]) throws(Refusal) {
        let isEmpty = bytes.allSatisfy { $0 <= 0x20 }
        self.bytes = isEmpty ? Array("{\n}\n".utf8) : bytes
        do throws(JSONDocument.Failure) {
            document = try JSONDocument(parsing: self.bytes)
        } catch {
            let (line, column) = JSONDocument.place(of: error.offset, in: bytes)
            throw Refusal(reason: error.words, line: line, column: column)
        }
        guard case .object = document.root.value else {
            throw Refusal(reason: "the settings must be an object", line: 1, column: 1)
        }
    }

    /// The file with our hooks, each once; the same bytes when they are there already.
    ///
    /// - Parameter path: Of `ccmem-hook`, absolute.
    public func adding(_ path: String) throws(Refusal) -> [UInt8] { try rewritten(path) }

    /// The file without our hooks, whatever their path; the same bytes when there are none.
    ///
    /// - Parameter emptyEvents: Events that had a list with nothing in it before us, and have it again.
    public func removing(leaving emptyEvents: [String] = []) throws(Refusal) -> [UInt8] {
        try rewritten(nil, leaving: emptyEvents)
    }

    /// Events that have a list with nothing in it.
    public var emptyEvents: [String] {
        guard let hooks = members.last(where: { $0.key == "hooks" }), case .object(let events) = hooks.node.value else {
            return []
        }
        return events.filter { Self.isEmptyList($0.node) }.map(\.key)
    }

    /// The paths of our hooks that stand in the settings, each once, in their order.
    public var hookPaths: [String] {
        guard let hooks = members.last(where: { $0.key == "hooks" }), case .object(let events) = hooks.node.value else {
            return []
        }
        var paths: [String] = []
        for event in events {
            guard case .array(let groups) = event.node.value else { continue }
            for group in groups {
                guard case .array(let entries)? = group.value["hooks"] else { continue }
                for entry in entries where isOurs(entry) {
                    if let path = entry.value["command"]?.text, !paths.contains(path) { paths.append(path) }
                }
            }
        }
        return paths
    }

    /// Whether both say the same, however they are laid out; no hooks at all are as good as an empty object of them.
    public func saysTheSame(as other: ClaudeSettings) -> Bool {
        let (mine, others) = (told, other.told)
        return mine.count == others.count
            && zip(mine, others).allSatisfy { $0.key == $1.key && Self.isSame($0.node.value, $1.node.value) }
    }

    /// Whether a plugin of our name is switched on.
    public var hasPlugin: Bool {
        guard let plugins = members.last(where: { $0.key == "enabledPlugins" }),
            case .object(let entries) = plugins.node.value
        else { return false }
        return entries.contains { $0.key.hasPrefix("ccmem@") && $0.node.value.isTrue }
    }

    /// Whether no hook is called at all, whoever registered it.
    public var disablesHooks: Bool { members.last { $0.key == "disableAllHooks" }?.node.value.isTrue ?? false }

    // MARK: -

    private var members: [JSONDocument.Member] {
        if case .object(let members) = document.root.value { members } else { [] }
    }

    private var told: [JSONDocument.Member] {
        members.filter { member in
            guard member.key == "hooks", case .object(let events) = member.node.value else { return true }
            return !events.isEmpty
        }
    }

    private static func isSame(_ one: JSONDocument.Value, _ other: JSONDocument.Value) -> Bool {
        switch (one, other) {
        case (.object(let one), .object(let other)):
            one.count == other.count
                && zip(one, other).allSatisfy { $0.key == $1.key && isSame($0.node.value, $1.node.value) }
        case (.array(let one), .array(let other)):
            one.count == other.count && zip(one, other).allSatisfy { isSame($0.value, $1.value) }
        case (.string(let one), .string(let other)): one.utf8.elementsEqual(other.utf8)
        case (.number(let one), .number(let other)): one == other
        case (.bool(let one), .bool(let other)): one == other
        case (.null, .null): true
        default: false
        }
    }

    private func rewritten(_ path: String?, leaving emptyEvents: [String] = []) throws(Refusal) -> [UInt8] {
        let present = members.last { $0.key == "hooks" }
        let events = try present.map { (member) throws(Refusal) in try self.events(member.node) } ?? []
        var lines: [(event: String, groups: [String])] = []
        for (event, node) in events {
            let groups = try kept(node, path)
            // A list that was empty before us is its user's, too.
            if !groups.isEmpty || Self.isEmptyList(node) || emptyEvents.contains(event) {
                lines.append((event, groups))
            }
        }
        if let path {
            for (event, timeout) in Self.hooks where !isInstalled(event, path, events) {
                let group = Self.group(event, path, timeout)
                if let known = lines.firstIndex(where: { $0.event == event }) {
                    lines[known].groups.append(group)
                } else {
                    lines.append((event, [group]))
                }
            }
        }
        return assembled(lines, present, wasEmpty: events.isEmpty)
    }

    private func events(_ node: JSONDocument.Node) throws(Refusal) -> [(event: String, node: JSONDocument.Node)] {
        guard case .object(let members) = node.value else { throw refusal("`hooks` must be an object", node) }
        for member in members {
            guard case .array = member.node.value else {
                throw refusal("`hooks.\(member.key)` must be a list", member.node)
            }
        }
        return members.map { ($0.key, $0.node) }
    }

    private static func isEmptyList(_ node: JSONDocument.Node) -> Bool {
        if case .array(let elements) = node.value { elements.isEmpty } else { false }
    }

    private func refusal(_ reason: String, _ node: JSONDocument.Node) -> Refusal {
        let (line, column) = JSONDocument.place(of: node.range.lowerBound, in: bytes)
        return Refusal(reason: reason, line: line, column: column)
    }

    private func text(_ node: JSONDocument.Node) -> String { String(decoding: bytes[node.range], as: UTF8.self) }

    /// The groups of an event as they are written, without entries of ours that are not to stay.
    private func kept(_ node: JSONDocument.Node, _ path: String?) throws(Refusal) -> [String] {
        guard case .array(let groups) = node.value else { return [] }
        var kept: [String] = []
        for group in groups {
            guard case .array(let entries)? = group.value["hooks"] else {
                kept.append(text(group))
                continue
            }
            let others = entries.filter { !isOurs($0) || path != nil && isOurs($0, at: path) }
            if others.count == entries.count {
                kept.append(text(group))
            } else if !others.isEmpty {
                kept.append(without(group, entries.filter { entry in !others.contains { $0.range == entry.range } }))
            }
        }
        return kept
    }

    /// A group as it is written, some of its entries cut out with the comma beside them.
    private func without(_ group: JSONDocument.Node, _ entries: [JSONDocument.Node]) -> String {
        var cut = Set<Int>()
        for entry in entries {
            cut.formUnion(entry.range)
            var after = entry.range.upperBound
            while after < group.range.upperBound, bytes[after] <= 0x20 { after += 1 }
            if bytes[after] == UInt8(ascii: ",") {
                cut.formUnion(entry.range.upperBound...after)
            } else {
                var before = entry.range.lowerBound - 1
                while before > group.range.lowerBound, bytes[before] <= 0x20 || cut.contains(before) { before -= 1 }
                if bytes[before] == UInt8(ascii: ",") { cut.formUnion(before..<entry.range.lowerBound) }
            }
        }
        return String(decoding: group.range.filter { !cut.contains($0) }.map { bytes[$0] }, as: UTF8.self)
    }

    private func isOurs(_ entry: JSONDocument.Node, at path: String? = nil) -> Bool {
        guard let command = entry.value["command"]?.text else { return false }
        if let path { return command == path }
        // In the exec form the command is the path itself; in the other it begins with it.
        let word = command.split(separator: " ").first ?? ""
        return command.hasSuffix("/" + Self.program) || word.hasSuffix("/" + Self.program) || word == Self.program
    }

    private func isInstalled(_ event: String, _ path: String, _ events: [(event: String, node: JSONDocument.Node)])
        -> Bool
    {
        for case let (name, node) in events where name == event {
            guard case .array(let groups) = node.value else { continue }
            for group in groups {
                if case .array(let entries)? = group.value["hooks"], entries.contains(where: { isOurs($0, at: path) }) {
                    return true
                }
            }
        }
        return false
    }

    private static func group(_ event: String, _ path: String, _ timeout: Int) -> String {
        var writer = JSONWriter()
        writer.string(path)
        let matcher = matcher(event).map { #""matcher": "\#($0)", "# } ?? ""
        return
            #"{ \#(matcher)"hooks": [{ "type": "command", "command": \#(writer.text), "args": ["\#(event)"], "timeout": \#(timeout) }] }"#
    }

    /// The whole file with new hooks.
    private func assembled(
        _ lines: [(event: String, groups: [String])], _ present: JSONDocument.Member?, wasEmpty: Bool
    ) -> [UInt8] {
        var text = "{\n"
        for (place, line) in lines.enumerated() {
            var writer = JSONWriter()
            writer.string(line.event)
            let groups = line.groups.joined(separator: ",\n      ")
            let list = line.groups.isEmpty ? "[]" : "[\n      \(groups)\n    ]"
            text += "    \(writer.text): \(list)\(place < lines.count - 1 ? "," : "")\n"
        }
        text += "  }"
        var result = bytes
        if let present {
            // The same groups in the same order are the same settings, however they are laid out.
            if unchanged(lines, present) { return bytes }
            if lines.isEmpty, !wasEmpty { return removing(present) }
            result.replaceSubrange(present.node.range, with: text.utf8)
        } else if !lines.isEmpty {
            if let last = members.last {
                result.insert(contentsOf: ",\n  \"hooks\": \(text)".utf8, at: last.node.range.upperBound)
            } else {
                result.replaceSubrange(document.root.range, with: "{\n  \"hooks\": \(text)\n}".utf8)
            }
        }
        return result
    }

    private func unchanged(_ lines: [(event: String, groups: [String])], _ present: JSONDocument.Member) -> Bool {
        guard case .object(let events) = present.node.value else { return false }
        let before = events.map { event -> [String] in
            guard case .array(let groups) = event.node.value else { return [] }
            return [event.key] + groups.map(text)
        }
        return before == lines.map { [$0.event] + $0.groups }
    }

    /// The file without a member, and without the comma that it needed.
    private func removing(_ member: JSONDocument.Member) -> [UInt8] {
        var start = member.keyRange.lowerBound
        var end = member.node.range.upperBound
        var before = start - 1
        while before > 0, bytes[before] <= 0x20 { before -= 1 }
        if bytes[before] == UInt8(ascii: ",") {
            start = before
        } else {
            while end < bytes.count, bytes[end] <= 0x20 { end += 1 }
            if end < bytes.count, bytes[end] == UInt8(ascii: ",") {
                end += 1
                while end < bytes.count, bytes[end] <= 0x20 { end += 1 }
            } else {
                end = member.node.range.upperBound
            }
        }
        var result = bytes
        result.removeSubrange(start..<end)
        return result
    }
}
