import JSON
public import Projects

/// What was last learned of credentials by asking the vendor: kept with its time, in a file for its owner alone that holds a
/// digest of each credential and never the credential.
public struct ProbeCache: Sendable {
    public enum Outcome: String, Sendable { case valid, refused }

    public struct Probe: Sendable, Equatable {
        public var outcome: Outcome
        /// Milliseconds since 1970.
        public var at: Int

        public init(outcome: Outcome, at: Int) {
            self.outcome = outcome
            self.at = at
        }
    }

    /// So long a credential is taken for valid, and for refused, in milliseconds.
    static let validFor = 24 * 3_600_000
    static let refusedFor = 3_600_000
    private static let most = 8

    private let path: String

    /// Nil without a home.
    public init?(_ environment: Environment) {
        guard let folder = environment.dataFolder else { return nil }
        path = folder + "/llm/probes.json"
    }

    /// The last probe of a credential at an address; nil without one.
    public func last(of credential: Credential, at address: String) -> Probe? {
        let mark = credential.secret.mark(for: address)
        return entries().first { $0.mark == mark }?.probe
    }

    /// The same while it counts. A probe of the future is no probe: a clock was wrong.
    public func current(of credential: Credential, at address: String, now: Int) -> Outcome? {
        guard let probe = last(of: credential, at: address), probe.at <= now else { return nil }
        let length = probe.outcome == .valid ? ProbeCache.validFor : ProbeCache.refusedFor
        return now - probe.at < length ? probe.outcome : nil
    }

    /// Keeps a probe. Where nothing can be written it is only asked again.
    public func note(_ probe: Probe, of credential: Credential, at address: String) {
        let mark = credential.secret.mark(for: address)
        let kept = [(mark: mark, probe: probe)] + entries().filter { $0.mark != mark }
        var writer = JSONWriter()
        writer.beginArray()
        for entry in kept.prefix(ProbeCache.most) {
            writer.beginObject()
            writer.key("credential")
            writer.string(entry.mark)
            writer.key("outcome")
            writer.string(entry.probe.outcome.rawValue)
            writer.key("at")
            writer.int(entry.probe.at)
            writer.endObject()
        }
        writer.endArray()
        writer.newline()
        guard let slash = path.lastIndex(of: "/"), (try? Files.makeFolder(String(path[..<slash]))) != nil else {
            return
        }
        try? Files.write(writer.bytes, to: path)
    }

    private func entries() -> [(mark: String, probe: Probe)] {
        guard let bytes = try? Files.contents(of: path, limit: 1 << 16, followingLinks: false),
            let document = try? JSONDocument(parsing: bytes)
        else { return [] }
        return document.root.value.elements.compactMap { value in
            guard let mark = value["credential"]?.text, let at = value["at"]?.integer,
                let outcome = value["outcome"]?.text.flatMap({ Outcome(rawValue: $0) })
            else { return nil }
            return (mark: mark, probe: Probe(outcome: outcome, at: at))
        }
    }
}
