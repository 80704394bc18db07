import Credentials
import HTTP
import JSON
import LanguageModels

/// A server that speaks OpenAI's chat completions, as most local ones do.
struct OpenAIModel: LanguageModel {
    private let exchange: ModelExchange
    private let url: HTTPURL
    private let credential: Credential?

    /// - Parameter address: As `http://localhost:8080/v1`.
    init(_ exchange: ModelExchange, address: HTTPURL, _ credential: Credential?) throws(ModelFailure) {
        guard let url = address.appending("/chat/completions") else { throw .unreachable("the address can't be used") }
        self.exchange = exchange
        self.url = url
        self.credential = credential
    }

    func answer(_ request: ModelRequest) throws(ModelFailure) -> ModelAnswer {
        let headers = credential.map { [HTTPRequest.Header("authorization", "Bearer \($0.secret.revealed)")] } ?? []
        let body = try exchange.answer(
            to: .init(url: url, headers: headers, body: OpenAIModel.body(request), secret: credential?.secret))
        return try OpenAIModel.answer(in: body, request.form)
    }

    static func body(_ request: ModelRequest) -> [UInt8] {
        var writer = JSONWriter()
        writer.beginObject()
        writer.key("model")
        writer.string(request.model)
        writer.key("max_tokens")
        writer.int(request.maxOutputTokens)
        ChatMessages.write(request.instructions, request.text, &writer)
        writer.key("tools")
        writer.beginArray()
        writer.beginObject()
        writer.key("type")
        writer.string("function")
        writer.key("function")
        writer.beginObject()
        writer.key("name")
        writer.string(request.form.name)
        writer.key("description")
        writer.string(request.form.description)
        writer.key("parameters")
        writer.json(request.form.schema)
        writer.endObject()
        writer.endObject()
        writer.endArray()
        writer.key("tool_choice")
        writer.beginObject()
        writer.key("type")
        writer.string("function")
        writer.key("function")
        writer.beginObject()
        writer.key("name")
        writer.string(request.form.name)
        writer.endObject()
        writer.endObject()
        writer.endObject()
        return writer.bytes
    }

    static func answer(in body: [UInt8], _ form: AnswerForm) throws(ModelFailure) -> ModelAnswer {
        guard let root = (try? JSONDocument(parsing: body))?.root.value, root.isObject else {
            throw .unusable(body.isEmpty ? "it is empty" : "it is no JSON", .none)
        }
        let counted = root["usage"]
        let prompt = counted?.tokens("prompt_tokens") ?? 0
        let cached = min(prompt, counted?["prompt_tokens_details"]?.tokens("cached_tokens") ?? 0)
        let usage = ModelUsage(
            input: prompt - cached, output: counted?.tokens("completion_tokens") ?? 0, cacheRead: cached,
            cacheWritten: 0)
        guard let choice = root["choices"]?.elements.first, let message = choice["message"] else {
            throw .unusable("it has no message", usage)
        }
        if choice["finish_reason"]?.text == "length" { throw .unusable("it was cut at its longest length", usage) }
        let calls = message["tool_calls"]?.elements.compactMap { $0["function"] } ?? []
        // Servers without tools write the form as their text.
        let filled = calls.first { $0["name"]?.text == form.name }?["arguments"]?.text ?? message["content"]?.text
        guard let filled else { throw .unusable("the form was not filled in", usage) }
        return try FormCheck.answer(in: filled, form, usage)
    }
}

/// Ollama's chat, whose answers follow a schema.
struct OllamaModel: LanguageModel {
    /// Tokens that the model may see; Ollama's own default would cut the text.
    static let context = 16_384

    private let exchange: ModelExchange
    private let url: HTTPURL

    /// - Parameter address: As `http://localhost:11434`.
    init(_ exchange: ModelExchange, address: HTTPURL) throws(ModelFailure) {
        guard let url = address.appending("/api/chat") else { throw .unreachable("the address can't be used") }
        self.exchange = exchange
        self.url = url
    }

    func answer(_ request: ModelRequest) throws(ModelFailure) -> ModelAnswer {
        let body = try exchange.answer(to: .init(url: url, headers: [], body: OllamaModel.body(request)))
        return try OllamaModel.answer(in: body, request.form)
    }

    static func body(_ request: ModelRequest) -> [UInt8] {
        var writer = JSONWriter()
        writer.beginObject()
        writer.key("model")
        writer.string(request.model)
        writer.key("stream")
        writer.bool(false)
        ChatMessages.write(FormCheck.instructions(request), request.text, &writer)
        writer.key("format")
        writer.json(request.form.schema)
        writer.key("options")
        writer.beginObject()
        writer.key("temperature")
        writer.int(0)
        writer.key("num_ctx")
        writer.int(context)
        writer.key("num_predict")
        writer.int(request.maxOutputTokens)
        writer.endObject()
        writer.endObject()
        return writer.bytes
    }

    static func answer(in body: [UInt8], _ form: AnswerForm) throws(ModelFailure) -> ModelAnswer {
        guard let root = (try? JSONDocument(parsing: body))?.root.value, root.isObject else {
            throw .unusable(body.isEmpty ? "it is empty" : "it is no JSON", .none)
        }
        let usage = ModelUsage(
            input: root.tokens("prompt_eval_count"), output: root.tokens("eval_count"), cacheRead: 0, cacheWritten: 0)
        if root["done_reason"]?.text == "length" { throw .unusable("it was cut at its longest length", usage) }
        guard let filled = root["message"]?["content"]?.text else { throw .unusable("it has no message", usage) }
        return try FormCheck.answer(in: filled, form, usage)
    }
}

/// Instructions and text as two messages.
private enum ChatMessages {
    static func write(_ instructions: String, _ text: String, _ writer: inout JSONWriter) {
        writer.key("messages")
        writer.beginArray()
        for (role, content) in [("system", instructions), ("user", text)] {
            writer.beginObject()
            writer.key("role")
            writer.string(role)
            writer.key("content")
            writer.string(content)
            writer.endObject()
        }
        writer.endArray()
    }
}
