import JSON
import Neutralization

/// What clients ask for beside tools. The lists are short and come whole: there is no cursor to go on from.
extension MCPServer {
    func listResources(_ id: JSONValue, _ parameters: JSONValue?) -> [UInt8] {
        if let problem = wrongCursor(id, parameters) { return problem }
        return result(id) { MCPServer.write(Resource.all, as: "resources", addressedBy: "uri", to: &$0) }
    }

    func listTemplates(_ id: JSONValue, _ parameters: JSONValue?) -> [UInt8] {
        if let problem = wrongCursor(id, parameters) { return problem }
        return result(id) {
            MCPServer.write(Resource.templates, as: "resourceTemplates", addressedBy: "uriTemplate", to: &$0)
        }
    }

    private static func write(
        _ resources: [Resource], as list: String, addressedBy address: String, to writer: inout JSONWriter
    ) {
        writer.key(list)
        writer.beginArray()
        for resource in resources {
            writer.beginObject()
            writer.text(address, resource.address)
            writer.text("name", resource.name)
            writer.text("description", resource.summary)
            writer.text("mimeType", resource.mimeType)
            writer.endObject()
        }
        writer.endArray()
    }

    func readResource(_ id: JSONValue, _ parameters: JSONValue?) -> [UInt8] {
        guard let address = parameters?["uri"]?.string else { return error(id, -32602, "`uri` is missing.") }
        do {
            guard let found = try Resource.contents(at: address, host) else {
                return error(
                    id, -32002, "There is nothing at `\(address.prefix(200))`.", address: String(address.prefix(1_000)))
            }
            return result(id) { writer in
                writer.key("contents")
                writer.beginArray()
                MCPServer.write(found, at: address, to: &writer)
                writer.endArray()
            }
        } catch is NothingRemembered {
            return error(id, -32002, NothingRemembered.words(host), address: String(address.prefix(1_000)))
        } catch let problem as ToolError {
            return error(id, -32002, problem.text, address: String(address.prefix(1_000)))
        } catch {
            return self.error(id, -32603, "The resource can't be read: \(error).")
        }
    }

    private static func write(_ contents: Resource.Contents, at address: String, to writer: inout JSONWriter) {
        writer.beginObject()
        writer.text("uri", address)
        writer.text("mimeType", contents.mimeType)
        writer.text("text", Neutralizer.neutralized(contents.text))
        writer.endObject()
    }

    func listPrompts(_ id: JSONValue, _ parameters: JSONValue?) -> [UInt8] {
        if let problem = wrongCursor(id, parameters) { return problem }
        return result(id) { writer in
            writer.key("prompts")
            writer.beginArray()
            for prompt in Prompt.all {
                writer.beginObject()
                writer.text("name", prompt.name)
                writer.text("description", prompt.summary)
                if let argument = prompt.argument {
                    writer.key("arguments")
                    writer.beginArray()
                    writer.beginObject()
                    writer.text("name", argument.name)
                    writer.text("description", argument.summary)
                    writer.key("required")
                    writer.bool(true)
                    writer.endObject()
                    writer.endArray()
                }
                writer.endObject()
            }
            writer.endArray()
        }
    }

    func prompt(_ id: JSONValue, _ parameters: JSONValue?) -> [UInt8] {
        guard let name = parameters?["name"]?.string else {
            return error(id, -32602, "`name` of the prompt is missing.")
        }
        guard let prompt = Prompt.all.first(where: { $0.name == name }), let file = host.command(prompt.text) else {
            return error(id, -32602, "There is no prompt `\(name.prefix(80))`.")
        }
        var value = ""
        if let argument = prompt.argument {
            guard let given = parameters?["arguments"]?[argument.name]?.string, given.utf8.count <= 4_000 else {
                return error(id, -32602, "`\(argument.name)` is missing, or longer than 4,000 bytes.")
            }
            value = given
        }
        // What can't be read is left out: the words say how to ask for it.
        let shown = prompt.resource.flatMap { address in
            (try? Resource.contents(at: address, host)).flatMap { $0 }.map { (address, $0) }
        }
        return result(id) { writer in
            writer.text("description", prompt.summary)
            writer.key("messages")
            writer.beginArray()
            MCPServer.writeMessage(to: &writer) { writer in
                writer.text("type", "text")
                writer.text("text", Neutralizer.neutralized(Prompt.words(of: file, value: value)))
            }
            if let (address, contents) = shown {
                MCPServer.writeMessage(to: &writer) { writer in
                    writer.text("type", "resource")
                    writer.key("resource")
                    MCPServer.write(contents, at: address, to: &writer)
                }
            }
            writer.endArray()
        }
    }

    private static func writeMessage(to writer: inout JSONWriter, _ content: (inout JSONWriter) -> Void) {
        writer.beginObject()
        writer.text("role", "user")
        writer.key("content")
        writer.beginObject()
        content(&writer)
        writer.endObject()
        writer.endObject()
    }

    /// No list has handed out a cursor.
    func wrongCursor(_ id: JSONValue, _ parameters: JSONValue?) -> [UInt8]? {
        switch parameters?["cursor"] {
        case nil, .null?: nil
        default: error(id, -32602, "There is no such `cursor`.")
        }
    }
}

extension JSONWriter {
    fileprivate mutating func text(_ name: String, _ value: String) {
        key(name)
        string(value)
    }
}
