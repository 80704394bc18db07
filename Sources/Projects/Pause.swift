import JSON

/// A pause that the user asked for.
public struct Pause: Sendable, Equatable {
    /// A time as the caller wrote it, in UTC; empty when it can't be read.
    public var since: String
    /// What was called, such as `ccmem pause`; empty when it can't be read.
    public var by: String

    public init(since: String, by: String) {
        self.since = since
        self.by = by
    }

    public enum Extent: Sendable, Equatable {
        case everywhere
        /// The path of its root.
        case project(String)
    }

    /// Stops memory until `resume`. The pause is kept at user level: it needs no store, and none is made.
    public func begin(_ extent: Extent, _ environment: Environment) throws(SetupFailure) {
        guard let data = environment.dataFolder else { throw .refused(.noDataFolder) }
        var writer = JSONWriter()
        writer.beginObject()
        writer.key("since")
        writer.string(since)
        writer.key("by")
        writer.string(by)
        writer.endObject()
        writer.newline()
        do throws(FileFailure) {
            try Files.makeFolder(data + "/paused")
            try Files.write(writer.bytes, to: Self.file(extent, data))
        } catch {
            throw .file(error)
        }
    }

    /// Ends a pause.
    ///
    /// - Returns: False when there was none.
    @discardableResult
    public static func end(_ extent: Extent, _ environment: Environment) throws(SetupFailure) -> Bool {
        guard let data = environment.dataFolder else { throw .refused(.noDataFolder) }
        let file = file(extent, data)
        guard Files.status(of: file) != nil else { return false }
        do throws(FileFailure) { try Files.removeIfThere(file) } catch { throw .file(error) }
        return true
    }

    /// The pause in force; a file that can't be read is one, too.
    static func inForce(_ extent: Extent, dataFolder: String) -> Pause? {
        let file = file(extent, dataFolder)
        guard Files.status(of: file) != nil else { return nil }
        let value = (try? Files.contents(of: file, limit: 1 << 14)).flatMap {
            try? JSONDocument(parsing: $0).root.value
        }
        return Pause(since: value?["since"]?.text ?? "", by: value?["by"]?.text ?? "")
    }

    /// A project that rests does so under its new name, too.
    static func move(from old: String, to new: String, dataFolder: String) throws(FileFailure) {
        let (source, place) = (file(.project(old), dataFolder), file(.project(new), dataFolder))
        guard Files.status(of: source) != nil else { return }
        try Files.rename(source, to: place)
    }

    /// Whether a pause is in force for a project, for work that has begun before it.
    public static func stops(_ location: StoreLocation) -> Bool {
        [Extent.everywhere, .project(location.root.path)].contains {
            inForce($0, dataFolder: location.dataFolder) != nil
        }
    }

    private static func file(_ extent: Extent, _ dataFolder: String) -> String {
        switch extent {
        case .everywhere: dataFolder + "/paused/all.json"
        case .project(let root): "\(dataFolder)/paused/\(StoreLocation.hash(of: root)).json"
        }
    }
}
