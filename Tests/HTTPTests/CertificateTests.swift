import Foundation
import TestSupport
import Testing

@testable import HTTP

/// A real server of TLS, that of the `openssl` command, with a certificate made for the test.
@Suite(.enabled(if: TLSServer.isPossible, "`openssl` is not installed")) struct CertificateTests {
    /// The answer of a server for `localhost`, asked by this name and with these certificates trusted.
    func ask(_ host: String, of server: TLSServer, trusting certificates: String?) throws -> HTTPResponse {
        let url = try #require(HTTPURL("https://\(host):\(server.port)/"))
        return try HTTPClient(userAgent: "ccmem-test", certificates: certificates).send(
            HTTPRequest(.get, url, headers: [.init("x-api-key", "THESECRET")], isSecret: true, deadline: 10_000))
    }

    @Test func aCertificateThatNobodyVouchesForIsRefused() throws {
        let server = try TLSServer(for: "localhost")
        defer { server.stop() }
        let error = #expect(throws: HTTPError.self) { try ask("localhost", of: server, trusting: nil) }
        guard case .mistrusted("localhost", let words) = error else {
            Issue.record("\(String(describing: error))")
            return
        }
        #expect(words.contains("certificate"))
        #expect(error?.words.contains("SSL_CERT_FILE") == true)
    }

    @Test func aCertificateThatIsNamedIsTrusted() throws {
        let server = try TLSServer(for: "localhost")
        defer { server.stop() }
        let response = try ask("localhost", of: server, trusting: server.certificate)
        #expect(response.status == 200)
        #expect(!response.body.isEmpty)
    }

    @Test func aTrustedCertificateOfAnotherHostIsRefused() throws {
        let server = try TLSServer(for: "elsewhere.example")
        defer { server.stop() }
        let error = #expect(throws: HTTPError.self) { try ask("localhost", of: server, trusting: server.certificate) }
        guard case .mistrusted = error else {
            Issue.record("\(String(describing: error))")
            return
        }
    }
}

/// `openssl s_server` on a free port of this machine.
struct TLSServer {
    static let isPossible = (try? openssl(["version"], in: nil)) == 0

    let port: Int
    let certificate: String
    private let server: Program
    private let folder: URL

    init(for host: String) throws {
        folder = FileManager.default.temporaryDirectory.appending(path: "ccmem-tls-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        // A file of settings, since not each `openssl` has `-addext`.
        try """
        [req]
        distinguished_name = name
        x509_extensions = extensions
        prompt = no
        [name]
        CN = \(host)
        [extensions]
        subjectAltName = DNS:\(host)
        """.write(to: folder.appending(path: "settings"), atomically: true, encoding: .utf8)
        let made = try TLSServer.openssl(
            [
                "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-config", "settings", "-keyout", "key",
                "-out", "certificate",
            ], in: folder)
        try #require(made == 0)
        certificate = folder.appending(path: "certificate").path
        // A port that was free a moment ago: `s_server` can't be asked which it took.
        let probe = try LoopbackServer([.close])
        port = probe.port
        probe.stop()
        server = try Program(
            "openssl",
            ["s_server", "-accept", "127.0.0.1:\(port)", "-cert", "certificate", "-key", "key", "-www", "-quiet"],
            directory: folder)
        for _ in 0..<200 where !isListening { usleep(25_000) }
        try #require(isListening)
    }

    func stop() {
        server.send(SIGTERM)
        server.wait()
        try? FileManager.default.removeItem(at: folder)
    }

    private var isListening: Bool {
        (try? TLSServer.openssl(["s_client", "-connect", "127.0.0.1:\(port)"], in: folder)) == 0
    }

    private static func openssl(_ arguments: [String], in folder: URL?) throws -> Int32 {
        try Program("openssl", arguments, directory: folder).wait()
    }
}
