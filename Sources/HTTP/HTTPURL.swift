/// An address of the web: scheme, host, port, path.
public struct HTTPURL: Sendable, Hashable {
    public enum Scheme: String, Sendable { case http, https }

    public let scheme: Scheme
    /// In lower case; an IPv6 address in brackets.
    public let host: String
    public let port: Int
    /// Begins with `/`, or is empty; with its query.
    public let path: String

    /// Nil for what is no such address, or one that holds a name and password, which would be shown with it.
    public init?(_ text: String) {
        guard text.utf8.allSatisfy({ (0x21..<0x7F).contains($0) && !#""<>\^`{|}"#.utf8.contains($0) }),
            let colon = text.firstIndex(of: ":"), let scheme = Scheme(rawValue: text[..<colon].lowercased()),
            text[colon...].hasPrefix("://")
        else { return nil }
        let rest = text[colon...].dropFirst(3)
        let end = rest.firstIndex { "/?#".contains($0) } ?? rest.endIndex
        let authority = rest[..<end]
        guard !authority.contains("@"), !rest.contains("#") else { return nil }
        var host = authority
        var port = scheme == .https ? 443 : 80
        let afterBracket = authority.lastIndex(of: "]") ?? authority.startIndex
        if let mark = authority[afterBracket...].lastIndex(of: ":") {
            host = authority[..<mark]
            guard let number = Int(authority[mark...].dropFirst()), (1...65_535).contains(number) else { return nil }
            port = number
        }
        guard !host.isEmpty else { return nil }
        self.scheme = scheme
        self.host = host.lowercased()
        self.port = port
        let path = String(rest[end...])
        self.path = path.hasPrefix("?") ? "/" + path : path
    }

    /// The address below this one, whether or not this one ends in `/`.
    public func appending(_ path: String) -> HTTPURL? {
        HTTPURL(base + (self.path.hasSuffix("/") ? String(self.path.dropLast()) : self.path) + path)
    }

    public var text: String { base + path }

    private var base: String { "\(scheme.rawValue)://\(host):\(port)" }

    /// Whether it is this machine, which nothing in between can listen to.
    public var isLoopback: Bool {
        if host == "localhost" || host == "[::1]" { return true }
        let parts = host.split(separator: ".", omittingEmptySubsequences: false).map { UInt8($0) }
        return parts.count == 4 && parts[0] == 127 && !parts.contains(nil)
    }

    func hasSameOrigin(as other: HTTPURL) -> Bool {
        scheme == other.scheme && host == other.host && port == other.port
    }
}
