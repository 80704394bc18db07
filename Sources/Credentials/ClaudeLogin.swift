import JSON
import Memories
import Projects

/// The login of Claude Code for a subscription, which it keeps in `.credentials.json`: read, never written, never renewed.
enum ClaudeLogin {
    /// So long before its end a token counts as expired, in milliseconds: clocks differ, and a call takes its time.
    static let margin = 5 * 60_000
    /// What a token must be allowed to do.
    static let neededScope = "user:inference"
    /// A longer file is no such file, in bytes.
    static let longest = 1 << 20

    /// Nil when there is no such file, or no login for a subscription in it.
    static func finding(_ environment: Environment, now: Int) -> CredentialFinding? {
        guard let folder = environment.claudeDirectory else { return nil }
        let path = folder + "/.credentials.json"
        do throws(FileFailure) {
            return finding(in: try Files.contents(of: path, limit: longest), .claudeFile(path: path), now: now)
        } catch {
            if error.isMissing { return nil }
            return .init(
                source: .claudeFile(path: path),
                state: .unusable(kind: .subscription, "it can't be read: \(error.reason)"))
        }
    }

    static func finding(in bytes: [UInt8], _ source: CredentialSource, now: Int) -> CredentialFinding? {
        func unusable(_ words: String) -> CredentialFinding {
            .init(source: source, state: .unusable(kind: .subscription, words))
        }
        guard let document = try? JSONDocument(parsing: bytes) else {
            return unusable("it is no JSON; log in again with `claude`")
        }
        guard let login = document.root.value["claudeAiOauth"], login.isObject else { return nil }
        guard let secret = login["accessToken"]?.text.flatMap({ Secret($0) }) else {
            return unusable("it holds no token; log in again with `claude`")
        }
        guard login["scopes"]?.elements.contains(where: { $0.text == neededScope }) == true else {
            return unusable("its token may not ask a model (it lacks `\(neededScope)`); log in again with `claude`")
        }
        let expiresAt = login["expiresAt"]?.integer
        if let expiresAt, expiresAt < now + margin {
            let time = String(Clock.timestamp(expiresAt).prefix(16).map { $0 == "T" ? " " : $0 })
            var finding = unusable(
                expiresAt < now
                    ? "its token expired at \(time) UTC; Claude Code renews it when it is used next"
                    : "its token expires at \(time) UTC, in less than 5 minutes; Claude Code renews it")
            finding.isRenewed = login["refreshToken"]?.text?.isEmpty == false
            return finding
        }
        return .init(
            source: source,
            state: .usable(Credential(source: source, kind: .subscription, secret: secret, expiresAt: expiresAt)))
    }
}

#if os(macOS)
    /// The same login in the keychain, where Claude Code keeps it on macOS.
    enum ClaudeKeychain {
        private static let tool = "/usr/bin/security"
        private static let query = ["find-generic-password", "-s", "Claude Code-credentials"]

        static func finding(_ depth: CredentialSearch.Depth, now: Int) -> CredentialFinding? {
            // To ask for the entry shows no dialog; to ask for its text may.
            let arguments = depth == .use ? query + ["-w"] : query
            guard let output = Program.output(of: tool, arguments, environment: nil, milliseconds: 20_000) else {
                return nil
            }
            guard depth == .use else { return .init(source: .keychain, state: .unread) }
            return ClaudeLogin.finding(in: Array(output.utf8), .keychain, now: now)
        }
    }
#endif
