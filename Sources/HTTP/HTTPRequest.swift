/// One request, and how long its answer may take.
public struct HTTPRequest: Sendable {
    public enum Method: String, Sendable { case get = "GET", post = "POST" }

    /// A header; its value may be a secret.
    public struct Header: Sendable {
        public var name: String
        public var value: String

        public init(_ name: String, _ value: String) {
            self.name = name
            self.value = value
        }
    }

    public var method: Method
    public var url: HTTPURL
    public var headers: [Header]
    public var body: [UInt8]
    /// Whether a header holds a credential: such a request goes over TLS, or not beyond this machine.
    public var isSecret: Bool
    /// Until the connection stands, in milliseconds.
    public var connectDeadline = 10_000
    /// In all, in milliseconds.
    public var deadline: Int
    /// Longer answers are refused, in bytes.
    public var largestAnswer = 4 << 20

    public init(
        _ method: Method, _ url: HTTPURL, headers: [Header] = [], body: [UInt8] = [], isSecret: Bool, deadline: Int
    ) {
        self.method = method
        self.url = url
        self.headers = headers
        self.body = body
        self.isSecret = isSecret
        self.deadline = deadline
    }
}

/// What came back, whatever its status.
public struct HTTPResponse: Sendable {
    public var status: Int
    public var body: [UInt8]
    /// What the server asks to wait, in seconds; nil when it does not say, or gives a date.
    public var retryAfter: Int?
    /// What the server says of another try (`x-should-retry`); nil when it says nothing.
    public var shouldRetry: Bool?

    public init(status: Int, body: [UInt8], retryAfter: Int? = nil, shouldRetry: Bool? = nil) {
        self.status = status
        self.body = body
        self.retryAfter = retryAfter
        self.shouldRetry = shouldRetry
    }
}

/// Why there is no answer. Holds no header and no byte of what was sent or received, but for a certificate's own words.
public enum HTTPError: Error, Sendable, Hashable {
    /// No name, no connection, no TLS, or an end before the end: the words are libcurl's.
    case failed(host: String, String)
    /// The certificate is not vouched for, or another host's: libcurl's words, which may quote it, in printable ASCII.
    case mistrusted(host: String, String)
    case timedOut(host: String)
    /// Longer than the request allows.
    case tooLong(host: String)
    /// A redirect to another host, or one too many.
    case redirected(host: String, to: String)
    /// A credential would go over the network unencrypted.
    case unencrypted(host: String)
    /// A header that would end early.
    case malformedHeader(name: String)

    /// A sentence without its end.
    public var words: String {
        switch self {
        case .failed(let host, let words): "\(host) can't be reached: \(words)"
        case .mistrusted(let host, let words):
            "\(host) is not trusted: \(words); where a proxy of yours answers for it, `SSL_CERT_FILE` names the file of its certificates"
        case .timedOut(let host): "\(host) did not answer in time"
        case .tooLong(let host): "the answer of \(host) is too long"
        case .redirected(let host, let target): "\(host) points to \(target), which is not followed"
        case .unencrypted(let host): "a credential goes to \(host) over https only"
        case .malformedHeader(let name): "the value of `\(name)` holds a line break"
        }
    }
}
