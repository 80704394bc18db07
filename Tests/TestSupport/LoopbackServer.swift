import Foundation
import Synchronization

#if canImport(Glibc)
    import Glibc
#endif

/// A server of HTTP on 127.0.0.1 that answers one request a connection, each with the next of its answers.
public final class LoopbackServer: Sendable {
    public enum Answer: Sendable {
        /// Status, further header lines, body.
        case respond(Int, [String] = [], String = "")
        /// Reads the request and says nothing until the connection is closed.
        case hang
        /// Announces so many bytes and sends fewer.
        case truncated(announced: Int, sent: String)
        /// One byte each so many milliseconds, without end.
        case drip(milliseconds: Int)
        /// A body of so many bytes.
        case flood(Int)
        /// Bytes as they are.
        case raw(String)
        /// Closes the connection at once.
        case close
    }

    public struct Request: Sendable {
        /// The first line and the headers.
        public var head: String
        public var body: String

        /// The value of a header; nil without it.
        public func header(_ name: String) -> String? {
            head.split(separator: "\r\n").dropFirst().first { $0.lowercased().hasPrefix(name.lowercased() + ":") }
                .map { $0.drop { $0 != ":" }.dropFirst().trimmingCharacters(in: .whitespaces) }
        }
    }

    public let port: Int
    public var address: String { "http://127.0.0.1:\(port)" }
    private let listener: Int32
    private let state: Mutex<(answers: [Answer], requests: [Request], isStopped: Bool)>

    /// - Parameter answers: The last one is given again and again.
    public init(_ answers: [Answer]) throws {
        #if canImport(Glibc)
            listener = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        #else
            listener = socket(AF_INET, SOCK_STREAM, 0)
        #endif
        state = Mutex((answers, [], false))
        var place = sockaddr_in()
        place.sin_family = sa_family_t(AF_INET)
        place.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
        var length = socklen_t(MemoryLayout<sockaddr_in>.size)
        let listener = listener
        let isOpen = withUnsafeMutablePointer(to: &place) { place in
            place.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                bind(listener, $0, length) == 0 && listen(listener, 16) == 0 && getsockname(listener, $0, &length) == 0
            }
        }
        guard isOpen else { throw POSIXError(.EADDRNOTAVAIL) }
        port = Int(UInt16(bigEndian: place.sin_port))
        Thread.detachNewThread { [self] in
            while true {
                let connection = accept(listener, nil, nil)
                guard connection >= 0 else {
                    // Here and not in `stop`: the number may be another server's by then.
                    close(listener)
                    return
                }
                Thread.detachNewThread { [self] in serve(connection) }
            }
        }
    }

    /// Ends it; the connections that hang end with it.
    public func stop() {
        guard
            state.withLock({ state in
                defer { state.isStopped = true }
                return !state.isStopped
            })
        else { return }
        shutdown(listener, Int32(SHUT_RDWR))
    }

    /// What was asked so far.
    public var requests: [Request] { state.withLock { $0.requests } }

    private func serve(_ connection: Int32) {
        defer { close(connection) }
        #if !canImport(Glibc)
            var on: Int32 = 1
            setsockopt(connection, SOL_SOCKET, SO_NOSIGPIPE, &on, 4)
        #endif
        guard let request = read(connection) else { return }
        let answer = state.withLock { state in
            state.requests.append(request)
            return state.answers.count > 1 ? state.answers.removeFirst() : state.answers[0]
        }
        switch answer {
        case .respond(let status, let headers, let body):
            let lines =
                ["HTTP/1.1 \(status) Status", "content-length: \(body.utf8.count)", "connection: close"] + headers
            write(connection, lines.joined(separator: "\r\n") + "\r\n\r\n" + body)
        case .hang: _ = read(connection)
        case .truncated(let announced, let sent):
            write(connection, "HTTP/1.1 200 OK\r\ncontent-length: \(announced)\r\n\r\n" + sent)
        case .drip(let milliseconds):
            guard write(connection, "HTTP/1.1 200 OK\r\ncontent-length: 100000\r\n\r\n") else { return }
            while write(connection, "x") { usleep(UInt32(milliseconds) * 1_000) }
        case .flood(let count):
            guard write(connection, "HTTP/1.1 200 OK\r\ncontent-length: \(count)\r\n\r\n") else { return }
            let piece = String(repeating: "y", count: 65_536)
            for _ in 0..<(count / 65_536 + 1) where !write(connection, piece) { return }
        case .raw(let text): write(connection, text)
        case .close: return
        }
    }

    /// A whole request; nil when the other side has gone.
    private func read(_ connection: Int32) -> Request? {
        var bytes: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 65_536)
        while true {
            let count = recv(connection, &buffer, buffer.count, 0)
            guard count > 0 else { return nil }
            bytes += buffer[..<count]
            guard let end = Data(bytes).range(of: Data("\r\n\r\n".utf8)) else { continue }
            var request = Request(head: String(decoding: bytes[..<end.lowerBound], as: UTF8.self), body: "")
            let length = request.header("content-length").flatMap { Int($0) } ?? 0
            guard bytes.count >= end.upperBound + length else { continue }
            request.body = String(decoding: bytes[end.upperBound..<(end.upperBound + length)], as: UTF8.self)
            return request
        }
    }

    @discardableResult
    private func write(_ connection: Int32, _ text: String) -> Bool {
        var bytes = Array(text.utf8)[...]
        while !bytes.isEmpty {
            let sent = bytes.withUnsafeBytes { send(connection, $0.baseAddress, $0.count, flags) }
            guard sent > 0 else { return false }
            bytes = bytes.dropFirst(sent)
        }
        return true
    }

    #if canImport(Glibc)
        private let flags = Int32(MSG_NOSIGNAL)
    #else
        private let flags: Int32 = 0
    #endif
}
