import CTransfer

#if canImport(Glibc)
    import Glibc
#elseif canImport(Darwin)
    import Darwin
#endif

/// Sends requests one at a time and waits for each. Certificates are verified; proxies are those of the environment
/// (`https_proxy`, `http_proxy`, `no_proxy`), but for addresses of this machine; a redirect to another host is an error.
public struct HTTPClient: Sendable {
    /// Redirects within one host that are followed.
    static let mostRedirects = 3

    private let userAgent: String
    /// A file of certificates in place of the system's: `CURL_CA_BUNDLE` or `SSL_CERT_FILE`.
    private let certificates: String?

    public init(userAgent: String) {
        let named = ["CURL_CA_BUNDLE", "SSL_CERT_FILE"].map { (name: String) -> String in
            getenv(name).map { String(cString: $0) } ?? ""
        }
        self.init(userAgent: userAgent, certificates: named.first { !$0.isEmpty })
    }

    /// - Parameter certificates: The file of certificates to trust; nil for the system's.
    init(userAgent: String, certificates: String?) {
        self.userAgent = userAgent
        self.certificates = certificates
    }

    /// The answer to a request, of whatever status but a redirect.
    public func send(_ request: HTTPRequest) throws(HTTPError) -> HTTPResponse {
        for header in request.headers where !HTTPClient.isOneLine(header) {
            throw .malformedHeader(name: header.name)
        }
        var request = request
        for _ in 0...HTTPClient.mostRedirects {
            guard !request.isSecret || request.url.scheme == .https || request.url.isLoopback else {
                throw .unencrypted(host: request.url.host)
            }
            let (response, redirect) = try exchange(request)
            guard (300..<400).contains(response.status), let redirect else { return response }
            guard let target = HTTPURL(redirect), target.hasSameOrigin(as: request.url),
                request.method == .get || response.status == 307 || response.status == 308
            else {
                throw .redirected(host: request.url.host, to: HTTPURL(redirect)?.host ?? "another address")
            }
            request.url = target
        }
        throw .redirected(host: request.url.host, to: request.url.host)
    }

    /// The version of libcurl and of its TLS.
    public static var library: String { String(cString: transfer_version()) }

    /// What libcurl says of this very exchange, in printable ASCII: it may quote what the other side sent.
    private static func details(of answer: transfer_answer) -> String {
        withUnsafeBytes(of: answer.details) { bytes in
            String(decoding: bytes.prefix { $0 != 0 }.map { (0x20..<0x7F).contains($0) ? $0 : 0x3F }, as: UTF8.self)
        }
    }

    private static func isOneLine(_ header: HTTPRequest.Header) -> Bool {
        !(header.name + header.value).utf8.contains { $0 == 10 || $0 == 13 || $0 == 0 }
    }

    private func exchange(_ request: HTTPRequest) throws(HTTPError) -> (HTTPResponse, redirect: String?) {
        var answer = transfer_answer()
        let lines = request.headers.map { "\($0.name): \($0.value)" }
        // A proxy is no part of a way that does not leave the machine.
        let isDirect = request.url.isLoopback ? Int32(1) : 0
        withPointers(to: lines) { headers in
            request.body.withUnsafeBufferPointer { body in
                withOptionalPointer(to: certificates) { certificates in
                    request.method.rawValue.withCString { method in
                        request.url.text.withCString { url in
                            userAgent.withCString { userAgent in
                                var sent = transfer_request(
                                    method: method, url: url, headers: headers, body: body.baseAddress,
                                    body_length: body.count, connect_milliseconds: request.connectDeadline,
                                    total_milliseconds: max(1, request.deadline),
                                    largest_answer: request.largestAnswer, is_direct: isDirect,
                                    certificates: certificates, user_agent: userAgent)
                                transfer_perform(&sent, &answer)
                            }
                        }
                    }
                }
            }
        }
        defer { transfer_free(&answer) }
        let host = request.url.host
        switch answer.outcome {
        case TRANSFER_ANSWERED: break
        case TRANSFER_TIMED_OUT: throw .timedOut(host: host)
        case TRANSFER_TOO_LONG: throw .tooLong(host: host)
        case TRANSFER_MISTRUSTED: throw .mistrusted(host: host, HTTPClient.details(of: answer))
        default: throw .failed(host: host, answer.words.map { String(cString: $0) } ?? "unknown")
        }
        let response = HTTPResponse(
            status: answer.status, body: Array(UnsafeBufferPointer(start: answer.body, count: answer.body_length)),
            retryAfter: answer.retry_after < 0 ? nil : answer.retry_after,
            shouldRetry: answer.should_retry < 0 ? nil : answer.should_retry == 1)
        return (response, answer.redirect.map { String(cString: $0) })
    }
}

/// Lends a list of C strings that ends in NULL.
private func withPointers(to texts: [String], _ body: (UnsafePointer<UnsafePointer<CChar>?>?) -> Void) {
    let copies = texts.map { strdup($0) }
    defer { for copy in copies { free(copy) } }
    let pointers = copies.map { UnsafePointer($0) } + [nil]
    pointers.withUnsafeBufferPointer { body($0.baseAddress) }
}

private func withOptionalPointer(to text: String?, _ body: (UnsafePointer<CChar>?) -> Void) {
    guard let text else { return body(nil) }
    text.withCString(body)
}
