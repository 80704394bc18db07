import Foundation
import Projects

@testable import Credentials

/// A home of its own, which goes with it.
final class Home {
    let path: String
    var variables: [String: String]

    init() throws {
        path = NSTemporaryDirectory() + "ccmem-\(UUID().uuidString)"
        variables = ["HOME": path]
        try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
    }

    deinit { try? FileManager.default.removeItem(atPath: path) }

    var environment: Environment { Environment(variables: variables, workingDirectory: path) }
    var settings: Settings { Settings(environment) }

    func write(_ text: String, to name: String, mode: Int = 0o600) throws {
        let file = path + "/" + name
        try FileManager.default.createDirectory(
            atPath: (file as NSString).deletingLastPathComponent, withIntermediateDirectories: true)
        try Data(text.utf8).write(to: URL(fileURLWithPath: file))
        try FileManager.default.setAttributes([.posixPermissions: mode], ofItemAtPath: file)
    }

    func mode(_ name: String) -> Int? {
        (try? FileManager.default.attributesOfItem(atPath: path + "/" + name))?[.posixPermissions] as? Int
    }

    func read(_ name: String) -> String? { try? String(contentsOfFile: path + "/" + name, encoding: .utf8) }

    /// A login of Claude Code.
    func logIn(
        expiresAt: Int?, scopes: String = #"["user:inference","user:profile"]"#, token: String = "sk-ant-oat01-TOKEN"
    ) throws {
        let end = expiresAt.map { #","expiresAt":\#($0)"# } ?? ""
        try write(
            #"{"claudeAiOauth":{"accessToken":"\#(token)","refreshToken":"r"\#(end),"scopes":\#(scopes)}}"#,
            to: ".claude/.credentials.json")
    }

    func findings(_ depth: CredentialSearch.Depth = .use, now: Int = 1_000_000) -> [CredentialFinding] {
        CredentialSearch(environment, settings, now: now).findings(depth)
    }
}
