import JSON
import Memories
public import Projects

/// That a person said `ccmem auth enable` on this machine, and to whom texts may go since. Without it nothing is ever sent,
/// whatever keys there are; a destination that was not agreed to needs a new consent.
public struct Consent: Sendable, Equatable {
    public var destination: ModelDestination
    /// ISO 8601.
    public var since: String

    public init(destination: ModelDestination, since: String) {
        self.destination = destination
        self.since = since
    }
}

/// Where the consent is kept: in the user's data folder, which no project and no other machine has a part in.
public struct ConsentFile: Sendable {
    public let path: String

    /// Nil without a home.
    public init?(_ environment: Environment) {
        guard let folder = environment.dataFolder else { return nil }
        path = folder + "/llm/consent.json"
    }

    /// Nil when nobody agreed, or what stands there is not what ccmem writes.
    public func read() -> Consent? {
        guard let bytes = try? Files.contents(of: path, limit: 1 << 14, followingLinks: false),
            let value = (try? JSONDocument(parsing: bytes))?.root.value,
            let provider = value["provider"]?.text.flatMap({ ModelProvider(rawValue: $0) }),
            let address = value["address"]?.text, let since = value["since"]?.text
        else { return nil }
        return Consent(destination: ModelDestination(provider: provider, address: address), since: since)
    }

    public func write(_ consent: Consent) throws(FileFailure) {
        var writer = JSONWriter()
        writer.beginObject()
        writer.key("provider")
        writer.string(consent.destination.provider.rawValue)
        writer.key("address")
        writer.string(consent.destination.address)
        writer.key("since")
        writer.string(consent.since)
        writer.endObject()
        writer.newline()
        try Files.makeFolder(String(path[..<(path.lastIndex(of: "/") ?? path.startIndex)]))
        try Files.write(writer.bytes, to: path)
    }

    public func remove() throws(FileFailure) { try Files.removeIfThere(path) }
}
