#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#elseif canImport(Darwin)
    import Darwin
#endif

/// The pages of a database and of the log beside it, read without SQLite: a file that SQLite refuses may hold whole pages yet.
///
/// Nothing in the file is believed: each place is compared with its size before it is read
/// (https://sqlite.org/fileformat2.html).
final class DamagedFile {
    let pageSize: Int
    /// Without what a page reserves at its end.
    let usableSize: Int
    /// Pages are counted from 1.
    let pageCount: Int

    private let file: FileBytes
    private let log: DamagedLog?

    /// - Returns: Nil when there is no file, or less than a page of it.
    init?(path: String) {
        guard let file = FileBytes(path: path) else { return nil }
        self.file = file
        let log = DamagedLog(path: path + "-wal")
        self.log = log
        let first = log?.place(of: 1).flatMap { log?.file.bytes(at: $0, count: 100) } ?? file.bytes(at: 0, count: 100)
        if let header = first.flatMap(FileHeader.init) {
            pageSize = header.pageSize
            usableSize = header.pageSize - header.reserved
            // The log knows best; a count in the header that says more than the file has is wrong.
            let inFile = file.count / header.pageSize
            pageCount = log?.pageCount ?? (1...max(1, inFile) ~= header.pageCount ? header.pageCount : inFile)
        } else {
            pageSize = log?.pageSize ?? DamagedFile.likelyPageSize(file)
            usableSize = pageSize
            pageCount = log?.pageCount ?? file.count / pageSize
        }
        guard pageCount > 0 else { return nil }
    }

    /// As the last finished transaction left it; nil when there is no such page.
    func page(_ number: Int) -> [UInt8]? {
        guard number >= 1, number <= pageCount else { return nil }
        if let log, let place = log.place(of: number) { return log.file.bytes(at: place, count: pageSize) }
        return file.bytes(at: (number - 1) * pageSize, count: pageSize)
    }

    /// Pages that nothing uses: what stands in them yet was deleted. Empty when the first page is gone, which names them.
    func freePages() -> Set<Int> {
        guard let header = page(1), FileHeader(header) != nil else { return [] }
        var free: Set<Int> = []
        var trunk = header.bigEndian(at: 32, count: 4)
        while trunk > 1, free.insert(trunk).inserted, let page = page(trunk) {
            let count = page.bigEndian(at: 4, count: 4)
            guard count <= usableSize / 4 - 2 else { break }
            for index in 0..<count { free.insert(page.bigEndian(at: 8 + 4 * index, count: 4)) }
            trunk = page.bigEndian(at: 0, count: 4)
        }
        return free
    }

    /// The size with which most pages look like pages, when the one that tells it is gone. The usual one comes first.
    private static func likelyPageSize(_ file: FileBytes) -> Int {
        var best = (size: 4096, count: 0)
        for size in [4096, 1024, 2048, 8192, 16384, 32768, 65536, 512] {
            let count = (1..<max(2, min(400, file.count / size))).count { index in
                guard let bytes = file.bytes(at: index * size, count: size) else { return false }
                return TreePage(bytes, number: index + 1, usableSize: size)?.cells.isEmpty == false
            }
            if count > best.count { best = (size, count) }
        }
        return best.size
    }
}

/// What the first hundred bytes of a database say, when they can be true.
private struct FileHeader {
    var pageSize: Int
    var reserved: Int
    var pageCount: Int

    init?(_ bytes: [UInt8]) {
        guard bytes.count >= 100, bytes.starts(with: Array("SQLite format 3\0".utf8)) else { return nil }
        let size = bytes.bigEndian(at: 16, count: 2)
        pageSize = size == 1 ? 65536 : size
        guard (512...65536).contains(pageSize), pageSize & (pageSize - 1) == 0 else { return nil }
        reserved = Int(bytes[20])
        guard pageSize - reserved >= 480 else { return nil }
        // The count holds only when whoever wrote last wrote it too.
        pageCount = bytes[24..<28] == bytes[92..<96] ? bytes.bigEndian(at: 28, count: 4) : 0
    }
}

/// The pages in a write-ahead log that belong to finished transactions.
private final class DamagedLog {
    let file: FileBytes
    let pageSize: Int
    /// Pages of the database after the last of them.
    private(set) var pageCount = 0
    private var places: [Int: Int] = [:]

    private static let headerSize = 32
    private static let frameHeaderSize = 24

    /// - Returns: Nil when there is no log, or nothing in it that counts.
    init?(path: String) {
        guard let file = FileBytes(path: path), let header = file.bytes(at: 0, count: Self.headerSize) else {
            return nil
        }
        let magic = header.bigEndian(at: 0, count: 4)
        pageSize = header.bigEndian(at: 8, count: 4)
        guard magic == 0x377F_0682 || magic == 0x377F_0683, (512...65536).contains(pageSize),
            pageSize & (pageSize - 1) == 0
        else { return nil }
        self.file = file
        var sum = LogChecksum(isBigEndian: magic & 1 == 1)
        sum.add(header[0..<24])
        guard sum.matches(header[24..<32]) else { return nil }
        read(salt: header[16..<24], &sum)
        guard !places.isEmpty else { return nil }
    }

    func place(of page: Int) -> Int? { places[page] }

    /// Frame by frame until one is not of this log or was not written to its end, as SQLite does.
    private func read(salt: ArraySlice<UInt8>, _ sum: inout LogChecksum) {
        var unfinished: [Int: Int] = [:]
        var start = Self.headerSize
        while let header = file.bytes(at: start, count: Self.frameHeaderSize),
            let page = file.bytes(at: start + Self.frameHeaderSize, count: pageSize), header[8..<16] == salt
        {
            sum.add(header[0..<8])
            sum.add(page[...])
            guard sum.matches(header[16..<24]) else { return }
            let number = header.bigEndian(at: 0, count: 4)
            if number > 0 { unfinished[number] = start + Self.frameHeaderSize }
            let size = header.bigEndian(at: 4, count: 4)
            if size > 0 {
                places.merge(unfinished) { $1 }
                unfinished = [:]
                pageCount = size
            }
            start += Self.frameHeaderSize + pageSize
        }
    }
}

/// The checksum of a log, over words of four bytes (https://sqlite.org/fileformat2.html#checksum_algorithm).
private struct LogChecksum {
    var isBigEndian: Bool
    private var first: UInt32 = 0
    private var second: UInt32 = 0

    init(isBigEndian: Bool) { self.isBigEndian = isBigEndian }

    /// - Parameter bytes: A multiple of eight.
    mutating func add(_ bytes: ArraySlice<UInt8>) {
        var place = bytes.startIndex
        while place + 8 <= bytes.endIndex {
            first &+= word(bytes, place) &+ second
            second &+= word(bytes, place + 4) &+ first
            place += 8
        }
    }

    func matches(_ bytes: ArraySlice<UInt8>) -> Bool {
        let written = Array(bytes)
        return written.bigEndian(at: 0, count: 4) == Int(first) && written.bigEndian(at: 4, count: 4) == Int(second)
    }

    private func word(_ bytes: ArraySlice<UInt8>, _ place: Int) -> UInt32 {
        let word =
            UInt32(bytes[place]) << 24 | UInt32(bytes[place + 1]) << 16 | UInt32(bytes[place + 2]) << 8
            | UInt32(bytes[place + 3])
        return isBigEndian ? word : word.byteSwapped
    }
}

/// A file that is read from the places asked for.
private final class FileBytes {
    let count: Int
    private let descriptor: Int32

    init?(path: String) {
        descriptor = open(path, O_RDONLY | O_NOFOLLOW | O_CLOEXEC)
        guard descriptor >= 0 else { return nil }
        count = Int(lseek(descriptor, 0, SEEK_END))
    }

    deinit {
        if descriptor >= 0 { close(descriptor) }
    }

    /// All of them, or nil.
    func bytes(at place: Int, count: Int) -> [UInt8]? {
        guard place >= 0, count > 0, place <= self.count, count <= self.count - place else { return nil }
        let bytes = [UInt8](unsafeUninitializedCapacity: count) { buffer, read in
            while read < count {
                let step = pread(descriptor, buffer.baseAddress.map { $0 + read }, count - read, off_t(place + read))
                if step < 0, errno == EINTR { continue }
                guard step > 0 else { break }
                read += step
            }
        }
        return bytes.count == count ? bytes : nil
    }
}

extension Array where Element == UInt8 {
    /// A number of at most seven bytes; the caller has compared the place with the size.
    func bigEndian(at place: Int, count: Int) -> Int {
        self[place..<place + count].reduce(0) { $0 << 8 | Int($1) }
    }
}
