import Credentials
public import HTTP
import JSON
import LanguageModels

/// One call of a vendor, with the tries that it is worth: what is busy is asked again a few times, what is refused never.
public struct ModelExchange: Sendable {
    /// Tries of one call, the first among them.
    static let tries = 3
    /// Before the second and the third, in milliseconds, where the vendor names no time.
    static let pauses = [1_000, 4_000]
    /// A longer wait than this is not worth it, in milliseconds.
    static let longestPause = 60_000
    /// Of one try, in milliseconds.
    static let longestTry = 120_000

    private let client: HTTPClient
    public let patience: Patience

    public init(client: HTTPClient, patience: Patience) {
        self.client = client
        self.patience = patience
    }

    /// What a call is made of.
    struct Call {
        var method = HTTPRequest.Method.post
        var url: HTTPURL
        var headers: [HTTPRequest.Header]
        var body: [UInt8] = []
        /// Taken out of whatever the vendor says.
        var secret: Secret?
    }

    /// The body of an answer with a status of success.
    func answer(to call: Call) throws(ModelFailure) -> [UInt8] {
        var attempt = 0
        while true {
            attempt += 1
            let response = try send(call)
            switch response.status {
            case 200..<300: return response.body
            case 401, 403: throw .refused(VendorWords.of(response, without: call.secret))
            case 408, 429, 500...599:
                guard attempt < ModelExchange.tries, response.shouldRetry != false else {
                    throw .busy(status: response.status)
                }
                let pause = response.retryAfter.map { min($0, 86_400) * 1_000 } ?? ModelExchange.pauses[attempt - 1]
                guard pause <= ModelExchange.longestPause, patience.wait(milliseconds: pause) else {
                    throw .busy(status: response.status)
                }
            default:
                throw .rejected(status: response.status, VendorWords.of(response, without: call.secret))
            }
        }
    }

    /// One try.
    func send(_ call: Call) throws(ModelFailure) -> HTTPResponse {
        let left = patience.left
        guard left > 0 else { throw .outOfTime }
        var request = HTTPRequest(
            call.method, call.url, headers: call.headers, body: call.body, isSecret: call.secret != nil,
            deadline: min(left, ModelExchange.longestTry))
        request.headers.append(.init("content-type", "application/json"))
        do throws(HTTPError) {
            return try client.send(request)
        } catch {
            if case .timedOut = error, patience.left == 0 { throw .outOfTime }
            throw .unreachable(error.words)
        }
    }
}

/// What a vendor says of a failure, cut short, on one line, without the credential in it.
enum VendorWords {
    /// In characters.
    static let longest = 200

    static func of(_ response: HTTPResponse, without secret: Secret?) -> String {
        let value = (try? JSONDocument(parsing: response.body))?.root.value
        let message = value?["error"]?["message"]?.text ?? value?["error"]?.text ?? value?["message"]?.text
        return cut(message ?? "status \(response.status)", without: secret)
    }

    static func cut(_ message: String, without secret: Secret?) -> String {
        // The secret goes before anything is cut: half of it is too much.
        let words = (secret?.removed(from: message) ?? message).unicodeScalars.map { scalar in
            scalar.properties.generalCategory == .control || scalar.properties.generalCategory == .format
                ? " " : Character(scalar)
        }
        let line = String(words).split(separator: " ", omittingEmptySubsequences: true).joined(separator: " ")
        // A sentence goes on behind it.
        let clause = line.hasSuffix(".") ? String(line.dropLast()) : line
        return clause.count <= longest ? clause : clause.prefix(longest) + "…"
    }
}
