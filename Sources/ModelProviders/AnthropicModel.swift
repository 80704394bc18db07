import Credentials
import HTTP
import JSON
import LanguageModels

/// Anthropic's Messages API. The instructions come first and are marked for the vendor's cache; the model has to call the one
/// tool that it gets.
struct AnthropicModel: LanguageModel {
    static let version = "2023-06-01"
    static let oauthBeta = "oauth-2025-04-20"

    private let exchange: ModelExchange
    private let url: HTTPURL
    private let credential: Credential

    /// - Parameter address: As `https://api.anthropic.com`.
    init(_ exchange: ModelExchange, address: HTTPURL, _ credential: Credential) throws(ModelFailure) {
        guard let url = address.appending("/v1/messages") else { throw .unreachable("the address can't be used") }
        self.exchange = exchange
        self.url = url
        self.credential = credential
    }

    func answer(_ request: ModelRequest) throws(ModelFailure) -> ModelAnswer {
        let body = try exchange.answer(
            to: .init(
                url: url, headers: AnthropicModel.headers(credential), body: AnthropicModel.body(request),
                secret: credential.secret))
        return try AnthropicModel.answer(in: body, request.form)
    }

    /// How each kind of credential is sent.
    static func headers(_ credential: Credential) -> [HTTPRequest.Header] {
        let version = HTTPRequest.Header("anthropic-version", AnthropicModel.version)
        let secret = credential.secret.revealed
        switch credential.kind {
        case .apiKey: return [version, .init("x-api-key", secret)]
        case .bearer: return [version, .init("authorization", "Bearer \(secret)")]
        case .subscription:
            return [version, .init("authorization", "Bearer \(secret)"), .init("anthropic-beta", oauthBeta)]
        }
    }

    static func body(_ request: ModelRequest) -> [UInt8] {
        var writer = JSONWriter()
        writer.beginObject()
        writer.key("model")
        writer.string(request.model)
        writer.key("max_tokens")
        writer.int(request.maxOutputTokens)
        // The cache holds tools and instructions together, up to the mark.
        writer.key("tools")
        writer.json(
            "[" + tool(request.form) + "]")
        writer.key("tool_choice")
        writer.beginObject()
        writer.key("type")
        writer.string("tool")
        writer.key("name")
        writer.string(request.form.name)
        writer.endObject()
        writer.key("system")
        writer.beginArray()
        writer.beginObject()
        writer.key("type")
        writer.string("text")
        writer.key("text")
        writer.string(request.instructions)
        writer.key("cache_control")
        writer.json(#"{"type":"ephemeral"}"#)
        writer.endObject()
        writer.endArray()
        writer.key("messages")
        writer.beginArray()
        writer.beginObject()
        writer.key("role")
        writer.string("user")
        writer.key("content")
        writer.string(request.text)
        writer.endObject()
        writer.endArray()
        writer.endObject()
        return writer.bytes
    }

    private static func tool(_ form: AnswerForm) -> String {
        var writer = JSONWriter()
        writer.beginObject()
        writer.key("name")
        writer.string(form.name)
        writer.key("description")
        writer.string(form.description)
        writer.key("input_schema")
        writer.json(form.schema)
        writer.endObject()
        return writer.text
    }

    static func answer(in body: [UInt8], _ form: AnswerForm) throws(ModelFailure) -> ModelAnswer {
        guard let document = try? JSONDocument(parsing: body), document.root.value.isObject else {
            throw .unusable(body.isEmpty ? "it is empty" : "it is no JSON", .none)
        }
        let root = document.root.value
        let counted = root["usage"]
        let usage = ModelUsage(
            input: counted?.tokens("input_tokens") ?? 0, output: counted?.tokens("output_tokens") ?? 0,
            cacheRead: counted?.tokens("cache_read_input_tokens") ?? 0,
            cacheWritten: counted?.tokens("cache_creation_input_tokens") ?? 0)
        switch root["stop_reason"]?.text {
        case "max_tokens": throw .unusable("it was cut at its longest length", usage)
        case "refusal": throw .unusable("the model declined", usage)
        default: break
        }
        guard
            let call = root["content"]?.elements.first(where: {
                $0["type"]?.text == "tool_use" && $0["name"]?.text == form.name
            }), let input = call.member("input")
        else { throw .unusable("the form was not filled in", usage) }
        if let problem = FormCheck.problem(in: input.value, form) { throw .unusable(problem, usage) }
        return ModelAnswer(form: String(decoding: document.bytes[input.range], as: UTF8.self), usage: usage)
    }
}

/// Asks a vendor whether it knows a credential, which costs nothing.
struct CredentialProbe {
    let exchange: ModelExchange

    /// - Returns: Nil when the vendor knows no such question, as gateways may not.
    func outcome(_ credential: Credential, at address: HTTPURL) throws(ModelFailure) -> ProbeCache.Outcome? {
        guard let url = address.appending("/v1/models") else { throw .unreachable("the address can't be used") }
        let response = try exchange.send(
            .init(
                method: .get, url: url, headers: AnthropicModel.headers(credential), secret: credential.secret))
        switch response.status {
        case 200..<300: return .valid
        case 401, 403: return .refused
        case 429, 500...599: throw .busy(status: response.status)
        default: return nil
        }
    }
}
