import Credentials
import Foundation
import HTTP
import LanguageModels
import TestSupport
import Testing

@testable import ModelProviders

@Suite struct LocalModelTests {
    let exchange = ModelExchange(client: HTTPClient(userAgent: "ccmem-test"), patience: FakeTime().patience(100_000))

    func openAI(_ body: String, credential: Credential? = nil) throws -> (ModelAnswer, LoopbackServer.Request) {
        let server = try LoopbackServer([.respond(200, [], body)])
        defer { server.stop() }
        let model = try OpenAIModel(exchange, address: try #require(HTTPURL(server.address + "/v1/")), credential)
        let answer = try model.answer(Sample.request)
        return (answer, server.requests[0])
    }

    @Test func anOpenAIServerFillsInAFunction() throws {
        let body = #"""
            {"choices":[{"finish_reason":"tool_calls","message":{"content":null,"tool_calls":[{"type":"function","function":
            {"name":"keep","arguments":"{\"kept\": [2]}"}}]}}],
            "usage":{"prompt_tokens":30,"completion_tokens":7,"prompt_tokens_details":{"cached_tokens":20}}}
            """#
        let (answer, request) = try openAI(body)
        #expect(
            answer
                == ModelAnswer(
                    form: #"{"kept": [2]}"#, usage: ModelUsage(input: 10, output: 7, cacheRead: 20, cacheWritten: 0)))
        #expect(request.head.hasPrefix("POST /v1/chat/completions "))
        #expect(request.header("authorization") == nil)
    }

    @Test func aServerWithoutToolsWritesTheFormAsText() throws {
        let body = #"{"choices":[{"message":{"content":"Sure:\n```json\n{\"kept\": []}\n```"}}]}"#
        let (answer, request) = try openAI(body, credential: try Sample.credential(.bearer))
        #expect(answer.form == #"{"kept": []}"# && answer.usage == .none)
        #expect(request.header("authorization") == "Bearer " + secretText)
    }

    @Test(
        "What is no answer is unusable",
        arguments: [
            "", "{}", #"{"choices":[]}"#, #"{"choices":[{"message":{"content":"no form"}}]}"#,
            #"{"choices":[{"message":{}}]}"#,
            #"{"choices":[{"finish_reason":"length","message":{"content":"{\"kept\":[]}"}}]}"#,
            #"{"choices":[{"message":{"tool_calls":[{"function":{"name":"keep","arguments":"{\"kept\":"}}]}}]}"#,
        ])
    func unusable(_ body: String) throws {
        guard case .unusable = try failure({ try openAI(body).0 }) else {
            Issue.record()
            return
        }
    }

    @Test func ollamaGetsTheSchemaAndTheWholeContext() throws {
        let server = try LoopbackServer([
            .respond(
                200, [],
                #"{"message":{"role":"assistant","content":"{\"kept\":[1]}"},"done":true,"prompt_eval_count":12,"eval_count":5}"#
            )
        ])
        defer { server.stop() }
        let answer = try OllamaModel(exchange, address: try #require(HTTPURL(server.address))).answer(Sample.request)
        #expect(
            answer
                == ModelAnswer(
                    form: #"{"kept":[1]}"#, usage: ModelUsage(input: 12, output: 5, cacheRead: 0, cacheWritten: 0)))
        let sent = try #require(
            try JSONSerialization.jsonObject(with: Data(server.requests[0].body.utf8)) as? [String: Any])
        #expect((sent["format"] as? [String: Any])?["type"] as? String == "object")
        #expect((sent["options"] as? [String: Any])?["num_ctx"] as? Int == 16_384)
        #expect(sent["stream"] as? Bool == false)
        #expect(server.requests[0].head.hasPrefix("POST /api/chat "))
    }
}
