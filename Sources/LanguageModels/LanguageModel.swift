/// A model that fills in a form: it gets instructions and a text, and answers with the input of one tool.
///
/// What is behind it (Anthropic's API, the user's own `claude`, a local server) makes no difference to whoever asks. What comes
/// back is a claim, never a fact: `Refinement` checks it against the transcript.
public protocol LanguageModel: Sendable {
    /// The answer to one request. Throws what went wrong, in words that hold no credential.
    func answer(_ request: ModelRequest) throws(ModelFailure) -> ModelAnswer
}

/// What a model is asked.
public struct ModelRequest: Sendable, Hashable {
    /// The model by the vendor's name, as `claude-haiku-4-5-20251001`.
    public var model: String
    /// What the model is to do; the same for every request of one kind, so that the vendor can cache it.
    public var instructions: String
    /// The material of this request. Redacted before it comes here.
    public var text: String
    /// The form that the answer has.
    public var form: AnswerForm
    /// The most that the model may answer.
    public var maxOutputTokens: Int

    public init(model: String, instructions: String, text: String, form: AnswerForm, maxOutputTokens: Int) {
        self.model = model
        self.instructions = instructions
        self.text = text
        self.form = form
        self.maxOutputTokens = maxOutputTokens
    }
}

/// The form of an answer: a tool that the model must call.
public struct AnswerForm: Sendable, Hashable {
    public var name: String
    public var description: String
    /// The JSON schema of the tool's input, as JSON text.
    public var schema: String

    public init(name: String, description: String, schema: String) {
        self.name = name
        self.description = description
        self.schema = schema
    }
}

/// What a model answered, and what it took.
public struct ModelAnswer: Sendable, Hashable {
    /// The input of the tool as JSON text; it may still lack anything that the schema asks for.
    public var form: String
    public var usage: ModelUsage

    public init(form: String, usage: ModelUsage) {
        self.form = form
        self.usage = usage
    }
}

/// Tokens of one call, as the vendor counts them.
public struct ModelUsage: Sendable, Hashable {
    /// Tokens read that no cache held.
    public var input: Int
    public var output: Int
    /// Tokens read from the vendor's cache, and written to it.
    public var cacheRead: Int
    public var cacheWritten: Int

    public static let none = ModelUsage(input: 0, output: 0, cacheRead: 0, cacheWritten: 0)

    public init(input: Int, output: Int, cacheRead: Int, cacheWritten: Int) {
        self.input = input
        self.output = output
        self.cacheRead = cacheRead
        self.cacheWritten = cacheWritten
    }

    /// All tokens of the call, which is what a budget counts.
    public var total: Int { input + output + cacheRead + cacheWritten }
}

/// Why a model gave no answer.
public enum ModelFailure: Error, Sendable, Hashable {
    /// The credential was refused (401, 403): the reason in the vendor's words, shortened.
    case refused(String)
    /// Too many requests, or too busy (429, 529, 5xx), also after all retries.
    case busy(status: Int)
    /// The request was wrong (any other 4xx).
    case rejected(status: Int, String)
    /// No connection, no TLS, a redirect elsewhere, a hang.
    case unreachable(String)
    /// The deadline of the whole run has come.
    case outOfTime
    /// An answer that could not be read, or one without the form.
    case unusable(String, ModelUsage)

    /// A sentence without its end, which holds no credential and no text that was sent.
    public var words: String {
        switch self {
        case .refused(let reason): "the credential was refused: \(reason)"
        case .busy(let status): "the vendor is too busy (\(status)), also after several tries"
        case .rejected(let status, let reason): "the request was rejected (\(status)): \(reason)"
        case .unreachable(let reason): reason
        case .outOfTime: "the time for the whole run is over"
        case .unusable(let reason, _): "the answer can't be used: \(reason)"
        }
    }
}
