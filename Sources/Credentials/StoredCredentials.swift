import JSON
public import Projects

/// What `ccmem auth set` keeps: `credentials.json` in the user's configuration folder, for its owner alone, one entry a
/// provider.
public struct StoredCredentials: Sendable {
    public struct Entry: Sendable {
        public var kind: CredentialKind
        public var secret: Secret

        public init(kind: CredentialKind, secret: Secret) {
            self.kind = kind
            self.secret = secret
        }
    }

    /// Why the file is not used.
    public struct Problem: Error, Sendable {
        /// A clause.
        public var words: String
    }

    public let path: String

    /// Nil without a home.
    public init?(_ environment: Environment) {
        guard let folder = environment.configFolder else { return nil }
        path = folder + "/credentials.json"
    }

    /// The entry of a provider; nil when there is none.
    public func read(_ provider: ModelProvider) throws(Problem) -> Entry? { try entries()[provider] }

    /// Puts an entry in place of the one before; nil takes it away.
    public func write(_ entry: Entry?, for provider: ModelProvider) throws(FileFailure) {
        var entries: [ModelProvider: Entry] = [:]
        // What can't be read is written anew.
        do throws(Problem) { entries = try self.entries() } catch {}
        entries[provider] = entry
        guard !entries.isEmpty else { return try Files.removeIfThere(path) }
        var writer = JSONWriter()
        writer.beginObject()
        for provider in ModelProvider.allCases {
            guard let entry = entries[provider] else { continue }
            writer.key(provider.rawValue)
            writer.beginObject()
            writer.key("kind")
            writer.string(entry.kind.rawValue)
            writer.key("secret")
            writer.string(entry.secret.revealed)
            writer.endObject()
        }
        writer.endObject()
        writer.newline()
        try Files.makeFolder(String(path[..<(path.lastIndex(of: "/") ?? path.startIndex)]))
        try Files.write(writer.bytes, to: path)
    }

    private func entries() throws(Problem) -> [ModelProvider: Entry] {
        guard let status = Files.status(of: path) else { return [:] }
        guard status.kind == .file, status.permissions & 0o077 == 0 else {
            throw Problem(words: "others may read it; `chmod 600 \(path)`, or set it again")
        }
        let bytes: [UInt8]
        do throws(FileFailure) {
            bytes = try Files.contents(of: path, limit: 1 << 16, followingLinks: false)
        } catch {
            throw Problem(words: "it can't be read: \(error.reason)")
        }
        return try entries(in: bytes)
    }

    private func entries(in bytes: [UInt8]) throws(Problem) -> [ModelProvider: Entry] {
        guard let document = try? JSONDocument(parsing: bytes) else {
            throw Problem(words: "it is not as ccmem wrote it; set it again")
        }
        var entries: [ModelProvider: Entry] = [:]
        for provider in ModelProvider.allCases {
            guard let value = document.root.value[provider.rawValue] else { continue }
            guard let kind = value["kind"]?.text.flatMap({ CredentialKind(rawValue: $0) }),
                let secret = value["secret"]?.text.flatMap({ Secret($0) })
            else { throw Problem(words: "it is not as ccmem wrote it; set it again") }
            entries[provider] = Entry(kind: kind, secret: secret)
        }
        return entries
    }
}
