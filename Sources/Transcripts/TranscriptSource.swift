#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#elseif canImport(Darwin)
    import Darwin
#endif

/// Why a transcript cannot be opened.
public struct TranscriptSourceError: Error, Sendable, Equatable {
    public enum Code: Sendable, Equatable {
        case notFound
        case isADirectory
        case unreadable
        /// Any other error number.
        case system(Int32)
    }
    public var code: Code
    public var path: String

    public init(_ code: Code, path: String) {
        self.code = code
        self.path = path
    }
}

/// The bytes of a transcript: a file, standard input, or a buffer.
///
/// Files are read, never mapped: a file that is truncated meanwhile just ends earlier.
public struct TranscriptSource: ~Copyable {
    private enum Storage {
        case file(Int32)
        case stream(Int32)
        case bytes([UInt8])
    }
    private let storage: Storage
    private let ownsDescriptor: Bool
    /// In bytes, at the time of opening; nil for a stream.
    public let size: Int?

    /// Opens a file; a FIFO is read as a stream.
    public init(path: String) throws(TranscriptSourceError) {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else {
            switch errno {
            case ENOENT, ENOTDIR: throw TranscriptSourceError(.notFound, path: path)
            case EACCES, EPERM: throw TranscriptSourceError(.unreadable, path: path)
            default: throw TranscriptSourceError(.system(errno), path: path)
            }
        }
        var info = stat()
        guard fstat(descriptor, &info) == 0 else {
            let code = errno
            close(descriptor)
            throw TranscriptSourceError(.system(code), path: path)
        }
        switch info.st_mode & S_IFMT {
        case S_IFDIR:
            close(descriptor)
            throw TranscriptSourceError(.isADirectory, path: path)
        case S_IFREG:
            storage = .file(descriptor)
            size = Int(info.st_size)
        default:
            storage = .stream(descriptor)
            size = nil
        }
        ownsDescriptor = true
    }

    /// A buffer in memory.
    public init(bytes: [UInt8]) {
        storage = .bytes(bytes)
        size = bytes.count
        ownsDescriptor = false
    }

    private init(stream descriptor: Int32) {
        storage = .stream(descriptor)
        size = nil
        ownsDescriptor = false
    }

    /// Standard input. An offset to start from is skipped by reading.
    public static var standardInput: TranscriptSource { TranscriptSource(stream: STDIN_FILENO) }

    deinit {
        guard ownsDescriptor else { return }
        switch storage {
        case .file(let descriptor), .stream(let descriptor): close(descriptor)
        case .bytes: break
        }
    }

    /// Whether any offset can be read at any time.
    package var isSeekable: Bool { size != nil }

    /// Reads up to `count` bytes; a stream ignores the offset and goes on where it is.
    ///
    /// - Returns: how many bytes came, 0 at the end, or an error number below zero.
    package func read(into buffer: UnsafeMutablePointer<UInt8>, count: Int, at offset: Int) -> Int {
        while true {
            let result: Int
            switch storage {
            case .file(let descriptor): result = pread(descriptor, buffer, count, off_t(offset))
            case .stream(let descriptor): result = systemRead(descriptor, buffer, count)
            case .bytes(let bytes):
                guard offset < bytes.count else { return 0 }
                let end = min(bytes.count, offset + count)
                bytes.withUnsafeBufferPointer { all in
                    if let base = all.baseAddress { buffer.update(from: base + offset, count: end - offset) }
                }
                return end - offset
            }
            if result >= 0 { return result }
            if errno != EINTR { return -Int(errno) }
        }
    }
}

/// The system call, by a name that no method hides.
private func systemRead(_ descriptor: Int32, _ buffer: UnsafeMutablePointer<UInt8>, _ count: Int) -> Int {
    read(descriptor, buffer, count)
}
