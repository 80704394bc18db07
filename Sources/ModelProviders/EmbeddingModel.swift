import HTTP
import JSON
public import LanguageModels

/// A model that turns texts into vectors, behind Ollama or a server that speaks OpenAI's embeddings.
public struct EmbeddingModel: Sendable {
    public enum Provider: String, Sendable { case ollama, openai }

    /// What a text is for: some models are told so by words before it.
    public enum Purpose: Sendable { case stored, asked }

    public let name: String
    private let provider: Provider
    private let url: HTTPURL
    private let key: String?

    static let usualEndpoint = "http://127.0.0.1:11434"
    /// Of a longer text the beginning is sent, in bytes: models read some thousand tokens.
    public static let longestText = 6 << 10

    /// - Parameters:
    ///   - endpoint: Empty for Ollama on this machine.
    ///   - key: Sent as a bearer token; nil for none.
    /// - Returns: Nil when the endpoint is no address, or there is none.
    public init?(_ provider: Provider, name: String, endpoint: String, key: String?) {
        let text = endpoint.isEmpty && provider == .ollama ? EmbeddingModel.usualEndpoint : endpoint
        guard let base = HTTPURL(text) else { return nil }
        let path: String
        switch provider {
        case .ollama: path = "/api/embed"
        case .openai: path = base.path.isEmpty || base.path == "/" ? "/v1/embeddings" : "/embeddings"
        }
        guard let url = base.appending(path) else { return nil }
        (self.provider, self.name, self.url, self.key) = (provider, name, url, key)
    }

    /// One vector for each text, all of one dimension.
    ///
    /// - Parameter deadline: In milliseconds.
    public func vectors(
        of texts: [String], for purpose: Purpose, deadline: Int
    ) throws(ModelFailure) -> [[Float]] {
        guard !texts.isEmpty else { return [] }
        var headers = [HTTPRequest.Header("Content-Type", "application/json")]
        if let key { headers.append(.init("Authorization", "Bearer \(key)")) }
        var request = HTTPRequest(
            .post, url, headers: headers, body: body(texts.map { prepared($0, purpose) }), isSecret: key != nil,
            deadline: deadline)
        request.largestAnswer = 64 << 20
        let response: HTTPResponse
        do throws(HTTPError) {
            response = try HTTPClient(userAgent: "ccmem").send(request)
        } catch {
            if case .timedOut = error { throw .outOfTime }
            throw .unreachable(error.words)
        }
        switch response.status {
        case 200..<300: break
        case 401, 403: throw .refused("status \(response.status)")
        case 429, 500...: throw .busy(status: response.status)
        default: throw .rejected(status: response.status, EmbeddingAnswer.message(response.body))
        }
        let vectors = EmbeddingAnswer.vectors(response.body)
        guard vectors.count == texts.count, let dimension = vectors.first?.count, (1...16_384).contains(dimension),
            vectors.allSatisfy({ $0.count == dimension && $0.allSatisfy(\.isFinite) })
        else { throw .unusable("\(vectors.count) vectors for \(texts.count) texts, or not of one length", .none) }
        return vectors
    }

    /// Both take a list of texts by these names.
    private func body(_ texts: [String]) -> [UInt8] {
        var writer = JSONWriter()
        writer.beginObject()
        writer.key("model")
        writer.string(name)
        writer.key("input")
        writer.beginArray()
        for text in texts { writer.string(text) }
        writer.endArray()
        if provider == .ollama {
            writer.key("truncate")
            writer.bool(true)
        }
        writer.endObject()
        return writer.bytes
    }

    /// Cut, and with the words by which nomic-embed-text is told what a text is for (its model card).
    private func prepared(_ text: String, _ purpose: Purpose) -> String {
        let cut = String(decoding: text.utf8.prefix(EmbeddingModel.longestText), as: UTF8.self)
        guard name.hasPrefix("nomic-embed-text") else { return cut }
        return (purpose == .stored ? "search_document: " : "search_query: ") + cut
    }
}

/// What servers of embeddings answer: `{"embeddings": [[…], …]}` of Ollama, `{"data": [{"index": 0, "embedding": […]}, …]}` of
/// OpenAI's.
enum EmbeddingAnswer {
    static func vectors(_ body: [UInt8]) -> [[Float]] {
        body.withUnsafeBufferPointer { bytes in
            var scanner = JSONScanner(bytes)
            var plain: [[Float]] = []
            var numbered: [(index: Int, vector: [Float])] = []
            do throws(JSONError) {
                guard try scanner.enterObject() else { return [] }
                while let key = try scanner.nextKey() {
                    switch key.text() {
                    case "embeddings":
                        guard try scanner.enterArray() else { continue }
                        while try scanner.nextElement() { plain.append(try vector(&scanner, bytes)) }
                    case "data":
                        guard try scanner.enterArray() else { continue }
                        while try scanner.nextElement() {
                            numbered.append(try item(&scanner, bytes, numbered.count))
                        }
                    default: try scanner.skip()
                    }
                }
            } catch { return [] }
            guard plain.isEmpty else { return plain }
            numbered.sort { $0.index < $1.index }
            // Each number once, from 0.
            return numbered.indices.allSatisfy { numbered[$0].index == $0 } ? numbered.map(\.vector) : []
        }
    }

    /// What a server says is wrong, shortened.
    static func message(_ body: [UInt8]) -> String {
        String(decoding: body.prefix(200), as: UTF8.self)
            .map { $0.isNewline || $0 == "\0" ? " " : String($0) }.joined()
    }

    private static func item(
        _ scanner: inout JSONScanner, _ bytes: UnsafeBufferPointer<UInt8>, _ position: Int
    ) throws(JSONError) -> (Int, [Float]) {
        var (index, values) = (position, [Float]())
        guard try scanner.enterObject() else { return (index, values) }
        while let key = try scanner.nextKey() {
            switch key.text() {
            case "index": index = try scanner.int() ?? position
            case "embedding": values = try vector(&scanner, bytes)
            default: try scanner.skip()
            }
        }
        return (index, values)
    }

    private static func vector(
        _ scanner: inout JSONScanner, _ bytes: UnsafeBufferPointer<UInt8>
    ) throws(JSONError) -> [Float] {
        guard try scanner.enterArray() else { return [] }
        var values: [Float] = []
        while try scanner.nextElement() {
            let range = try scanner.skip()
            values.append(Float(String(decoding: bytes[range], as: UTF8.self)) ?? .nan)
        }
        return values
    }
}
