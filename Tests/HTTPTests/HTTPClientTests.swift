import Foundation
import HTTP
import TestSupport
import Testing

@Suite struct HTTPClientTests {
    let client = HTTPClient(userAgent: "ccmem-test")

    func send(
        _ server: LoopbackServer, _ method: HTTPRequest.Method = .post, headers: [HTTPRequest.Header] = [],
        body: String = "{}", deadline: Int = 5_000, largestAnswer: Int = 1 << 20
    ) throws -> HTTPResponse {
        defer { server.stop() }
        let url = try #require(HTTPURL(server.address + "/v1/x"))
        var request = HTTPRequest(
            method, url, headers: headers, body: Array(body.utf8), isSecret: true, deadline: deadline)
        request.largestAnswer = largestAnswer
        return try client.send(request)
    }

    @Test func aRequestArrivesAsItWasGiven() throws {
        let server = try LoopbackServer([.respond(200, [], "fine")])
        let body = String(repeating: "ü", count: 40_000)
        let response = try send(server, headers: [.init("x-api-key", "k")], body: body)
        #expect(response.status == 200 && String(decoding: response.body, as: UTF8.self) == "fine")
        let request = try #require(server.requests.first)
        #expect(request.head.hasPrefix("POST /v1/x HTTP/1.1"))
        #expect(request.header("x-api-key") == "k" && request.header("user-agent") == "ccmem-test")
        #expect(request.body == body)
        #expect(request.header("expect") == nil && request.header("cookie") == nil)
    }

    @Test("Whatever the status, an answer is an answer", arguments: [200, 400, 401, 403, 404, 413, 429, 500, 503, 529])
    func statuses(_ status: Int) throws {
        let response = try send(
            LoopbackServer([.respond(status, ["retry-after: 7", "x-should-retry: false"], "words")]))
        #expect(response.status == status && response.retryAfter == 7 && response.shouldRetry == false)
        #expect(String(decoding: response.body, as: UTF8.self) == "words")
    }

    @Test(
        "A wait that is no number of seconds is none",
        arguments: ["retry-after: soon", "retry-after: -5", "retry-after: Fri, 31 Dec 1999 23:59:59 GMT", "x: y"])
    func waits(_ line: String) throws {
        #expect(try send(LoopbackServer([.respond(429, [line])])).retryAfter == nil)
    }

    @Test func aHangEndsAtTheDeadline() throws {
        let start = Date()
        #expect(throws: HTTPError.timedOut(host: "127.0.0.1")) {
            try send(LoopbackServer([.hang]), deadline: 300)
        }
        #expect(Date().timeIntervalSince(start) < 30)
    }

    @Test func aSlowDripEndsAtTheDeadline() throws {
        #expect(throws: HTTPError.timedOut(host: "127.0.0.1")) {
            try send(LoopbackServer([.drip(milliseconds: 20)]), deadline: 400)
        }
    }

    @Test func aLongAnswerIsRefusedAndNotCut() throws {
        #expect(throws: HTTPError.tooLong(host: "127.0.0.1")) {
            try send(LoopbackServer([.flood(50 << 20)]), largestAnswer: 1 << 20)
        }
        let exact = try send(
            LoopbackServer([.respond(200, [], String(repeating: "z", count: 1_000))]), largestAnswer: 1_000)
        #expect(exact.body.count == 1_000)
    }

    @Test(
        "An answer that ends early is a failure, in words that hold nothing that was sent",
        arguments: [
            LoopbackServer.Answer.truncated(announced: 5_000, sent: "{\"secret\":"), .close, .raw("nonsense\r\n\r\n"),
            .raw(""),
        ])
    func early(_ answer: LoopbackServer.Answer) throws {
        do {
            _ = try send(LoopbackServer([answer]), headers: [.init("x-api-key", "sk-THESECRET")], body: "the text")
            Issue.record("there was an answer")
        } catch let error as HTTPError {
            let words = "\(error) \(error.words)"
            #expect(!words.contains("THESECRET") && !words.contains("the text") && !words.contains("secret"))
            guard case .failed = error else {
                Issue.record("\(error)")
                return
            }
        }
    }

    @Test func nobodyThereIsAFailure() throws {
        let server = try LoopbackServer([.close])
        server.stop()
        let url = try #require(HTTPURL(server.address))
        #expect(throws: HTTPError.self) { try client.send(HTTPRequest(.get, url, isSecret: false, deadline: 2_000)) }
    }

    @Test("A redirect to another host is refused, and nothing is sent there", arguments: [301, 302, 303, 307, 308])
    func elsewhere(_ status: Int) throws {
        let other = try LoopbackServer([.respond(200)])
        defer { other.stop() }
        let server = try LoopbackServer([.respond(status, ["location: http://127.0.0.1:\(other.port)/take"])])
        #expect(throws: HTTPError.redirected(host: "127.0.0.1", to: "127.0.0.1")) {
            try send(server, .get, headers: [.init("x-api-key", "k")])
        }
        #expect(other.requests.isEmpty)
    }

    @Test func aRedirectWithinAHostIsFollowedAFewTimes() throws {
        let server = try LoopbackServer([.respond(307, ["location: /other"]), .respond(200, [], "there")])
        #expect(try send(server).body == Array("there".utf8))
        #expect(server.requests.map { String($0.head.prefix(12)) } == ["POST /v1/x H", "POST /other "])
        #expect(throws: HTTPError.self) { try send(LoopbackServer([.respond(308, ["location: /again"])])) }
    }

    @Test func aCredentialGoesOverTLSOrStaysOnTheMachine() throws {
        let url = try #require(HTTPURL("http://api.example.com/v1"))
        #expect(throws: HTTPError.unencrypted(host: "api.example.com")) {
            try client.send(HTTPRequest(.get, url, isSecret: true, deadline: 1_000))
        }
    }

    @Test func aHeaderThatWouldEndEarlyIsRefused() throws {
        let url = try #require(HTTPURL("http://127.0.0.1:1/"))
        #expect(throws: HTTPError.malformedHeader(name: "x-api-key")) {
            try client.send(
                HTTPRequest(
                    .get, url, headers: [.init("x-api-key", "k\r\nhost: evil")], isSecret: true, deadline: 1_000))
        }
    }

    @Test func aServerWithoutTLSIsRefusedWhereTLSIsAskedFor() throws {
        let server = try LoopbackServer([.raw("HTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n")])
        defer { server.stop() }
        let url = try #require(HTTPURL("https://127.0.0.1:\(server.port)/"))
        #expect(throws: HTTPError.self) { try client.send(HTTPRequest(.get, url, isSecret: true, deadline: 3_000)) }
    }
}
