import Foundation
import Testing

@testable import MCP

/// Every message that the server writes, held against the schema of the protocol: the official one of the newest version, and for
/// the older ones also the types of the official SDK of their time (`Fixtures/mcp/README.md`).
@Suite struct ProtocolSchemaTests {
    let host: TestHost
    let server: MCPServer

    init() throws {
        host = try TestHost()
        server = MCPServer(host: host, version: "9.9")
        let stored = #"{"name":"memory_add","arguments":{"text":"The API listens on port 8081","category":"config"}}"#
        _ = answer(request("tools/call", stored))
    }

    private static let folder = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent().appending(path: "Fixtures/mcp")

    private static func schema(_ name: String, isClosed: Bool) throws -> JSONSchema {
        let bytes = Array(try Data(contentsOf: folder.appending(path: name)))
        return try #require(JSONSchema(bytes, isClosed: isClosed))
    }

    /// The schemas that a message of a version must fit.
    private static func schemas(_ version: String) throws -> [JSONSchema] {
        let newest = try schema("schema-2025-11-25.json", isClosed: true)
        return version == "2025-11-25" ? [newest] : [newest, try schema("types-\(version).json", isClosed: false)]
    }

    private func answer(_ line: String) -> JSONValue? { server.answer(Array(line.utf8)).flatMap { JSONValue($0) } }

    private func request(_ method: String, _ parameters: String = "{}") -> String {
        #"{"jsonrpc":"2.0","id":"a-1","method":"\#(method)","params":\#(parameters)}"#
    }

    /// Each request with the definition of its result; nil for an error.
    private func requests(_ version: String) -> [(line: String, result: String?)] {
        [
            (request("initialize", #"{"protocolVersion":"\#(version)","capabilities":{}}"#), "InitializeResult"),
            (request("ping"), "EmptyResult"), (request("tools/list"), "ListToolsResult"),
            (request("tools/call", #"{"name":"memory_search","arguments":{"query":"port"}}"#), "CallToolResult"),
            (request("tools/call", #"{"name":"memory_search","arguments":{"query":7}}"#), "CallToolResult"),
            (request("tools/call", #"{"name":"memory_status"}"#), "CallToolResult"),
            (request("resources/list"), "ListResourcesResult"),
            (request("resources/templates/list"), "ListResourceTemplatesResult"),
            (request("resources/read", #"{"uri":"ccmem://index"}"#), "ReadResourceResult"),
            (request("resources/read", #"{"uri":"ccmem://memory/1"}"#), "ReadResourceResult"),
            (request("resources/read", #"{"uri":"ccmem://memory/99"}"#), nil), (request("resources/read"), nil),
            (request("prompts/list"), "ListPromptsResult"),
            (request("prompts/get", #"{"name":"recall","arguments":{"question":"which port?"}}"#), "GetPromptResult"),
            (request("prompts/get", #"{"name":"recall"}"#), nil),
            (request("prompts/get", #"{"name":"no-such"}"#), nil), (request("tools/list", #"{"cursor":"x"}"#), nil),
            (request("server/discover", #"{"_meta":{}}"#), nil), (request("no/such"), nil),
            (request("tools/call", "[]"), nil), (request("tools/call", #"{"name":"rm"}"#), nil),
            (#"{"jsonrpc":"2.0","id":7,"method":"ping"}"#, "EmptyResult"),
            (#"{"jsonrpc":"1.0","id":7,"method":"ping"}"#, nil),
        ]
    }

    @Test("Answers fit the schema", arguments: MCPServer.versions)
    func answers(_ version: String) throws {
        let schemas = try Self.schemas(version)
        for (line, definition) in requests(version) {
            let message = try #require(answer(line), "\(line)")
            #expect((message["error"] == nil) == (definition != nil), "\(line)")
            for schema in schemas {
                #expect(problems(message, definition, schema) == [], "\(line)")
            }
        }
    }

    private func problems(_ message: JSONValue, _ definition: String?, _ schema: JSONSchema) -> [String] {
        guard let definition else {
            // The name of it has changed.
            return schema.problems(message, as: schema.has("JSONRPCError") ? "JSONRPCError" : "JSONRPCErrorResponse")
        }
        let response =
            schema.has("JSONRPCResponse") && !schema.has("JSONRPCResultResponse")
            ? "JSONRPCResponse" : "JSONRPCResultResponse"
        guard let result = message["result"] else { return ["no result"] }
        return schema.problems(message, as: response) + schema.problems(result, as: definition)
    }

    @Test("Each tool's answer fits the schema, right and wrong", arguments: Tool.all.map(\.name))
    func tools(_ name: String) throws {
        let schema = try Self.schema("schema-2025-11-25.json", isClosed: true)
        for arguments in [
            "{}", #"{"id":1,"query":"port","question":"port","ids":[1],"path":"a"}"#, #"{"x":1}"#, "null", "[]",
        ] {
            let message = try #require(answer(request("tools/call", #"{"name":"\#(name)","arguments":\#(arguments)}"#)))
            #expect(problems(message, "CallToolResult", schema) == [])
        }
    }

    /// Where no id could be read the older versions have no valid answer; this is that of the newest.
    @Test(
        "What is no request is answered as the newest version has it",
        arguments: ["{", "7", "[]", "[1]", #"{"id":null}"#, #"{"id":1.5}"#])
    func withoutID(_ line: String) throws {
        let schema = try Self.schema("schema-2025-11-25.json", isClosed: true)
        let message = try #require(answer(line))
        let messages: [JSONValue]
        if case .array(let items) = message { messages = items } else { messages = [message] }
        #expect(!messages.isEmpty)
        for message in messages { #expect(problems(message, nil, schema) == []) }
    }

    @Test(
        "The validator finds what is wrong",
        arguments: [
            (#"{"tools":{}}"#, "ListToolsResult"), (#"{}"#, "ListToolsResult"),
            (#"{"tools":[{"name":"x"}]}"#, "ListToolsResult"),
            (#"{"tools":[{"name":"x","inputSchema":{"type":"array"}}]}"#, "ListToolsResult"),
            (#"{"content":[{"type":"text"}]}"#, "CallToolResult"),
            (#"{"content":[{"type":"txt","text":"x"}]}"#, "CallToolResult"),
            (#"{"content":[],"isError":1}"#, "CallToolResult"), (#"{"content":[],"iserror":true}"#, "CallToolResult"),
            (#"{"contents":[{"uri":"x"}]}"#, "ReadResourceResult"),
            (#"{"messages":[{"role":"me","content":{"type":"text","text":""}}]}"#, "GetPromptResult"),
            (#"{"jsonrpc":"2.0","id":null,"error":{"code":1,"message":"x"}}"#, "JSONRPCErrorResponse"),
            (#"{"jsonrpc":"2.0","id":1,"error":{"code":1.5,"message":"x"}}"#, "JSONRPCErrorResponse"),
            (#"{"jsonrpc":"2.1","id":1,"result":{}}"#, "JSONRPCResultResponse"),
        ])
    func validator(_ text: String, _ definition: String) throws {
        let schema = try Self.schema("schema-2025-11-25.json", isClosed: true)
        let value = try #require(JSONValue(Array(text.utf8)))
        #expect(!schema.problems(value, as: definition).isEmpty)
    }
}
