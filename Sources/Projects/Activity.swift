import Memories

/// A project whose memory may be used, and how.
public struct ActiveProject: Sendable {
    public var location: StoreLocation
    public var settings: Settings
    public var ledger: TrustLedger

    public var root: ProjectRoot { location.root }

    /// Whether sessions in a working directory, or in a transcript, are stored.
    public func stores(sessionsIn path: String) -> Bool { optOut(ofSessionsIn: path) == nil }

    /// The opt-out that covers a working directory or a transcript; nil when its sessions may be stored.
    public func optOut(ofSessionsIn path: String) -> ProjectTranscripts.Refusal? {
        let real = Files.realPath(path) ?? path
        if let pattern = settings.patterns(.excludePaths).covering(path, real) { return .excluded(pattern: pattern) }
        if let pattern = settings.patterns(.excludeProjects).covering(path, real) {
            return .noProject(.optedOut(path, pattern: pattern))
        }
        return nil
    }

    /// The opt-out that covers one of the places of a session that goes on: where it is, where it began, its transcript. Those that
    /// are unknown, or no absolute paths, are covered by none.
    public func optOut(ofSessionAt places: [String?]) -> ProjectTranscripts.Refusal? {
        for case let place? in places where place.hasPrefix("/") {
            if let refusal = optOut(ofSessionsIn: PathText.normalised(place)) { return refusal }
        }
        return nil
    }

    /// The opt-out that covers a transcript that a person named, or the directory that its session began in. Whose project
    /// it belongs to does not matter.
    public func optOut(ofTranscript path: String) -> ProjectTranscripts.Refusal? {
        if let refusal = optOut(ofSessionsIn: path) { return refusal }
        // Without patterns there is nothing to look for in the file.
        guard !settings.patterns(.excludePaths).isEmpty || !settings.patterns(.excludeProjects).isEmpty,
            let directory = ProjectTranscriptSearch.workingDirectory(ofTranscript: path)
        else { return nil }
        return optOut(ofSessionsIn: PathText.normalised(directory))
    }
}

/// Whether memory is at work in a place. Every entry point asks here, and nowhere else.
public enum Activity: Sendable {
    public enum OptOut: Sendable, Equatable {
        /// A pattern of `exclude.projects`.
        case pattern(String, directory: String)
        /// The settings can't be read as they are meant, so they may hold an opt-out.
        case settings(SettingsProblem)
    }

    case active(ActiveProject)
    case paused(Pause, Pause.Extent)
    case optedOut(OptOut)
    /// `enabled` is false.
    case disabled(SettingOrigin)
    /// There is no project, or its memory is not to be used.
    case unavailable(ProjectRefusal)

    /// Looks at settings, opt-outs, pauses and trust for the project of a start. Creates nothing.
    public static func state(
        from start: ProjectStart = .workingDirectory, _ environment: Environment,
        commandLine: [(key: String, value: String)] = []
    ) -> Activity {
        let user = Settings(environment, commandLine: commandLine)
        if let problem = user.closedBy { return .optedOut(.settings(problem)) }
        guard user.bool(.enabled) else { return .disabled(user[.enabled].origin) }
        do throws(ProjectRefusal) {
            let locator = ProjectLocator(environment, optOuts: user.patterns(.excludeProjects))
            let root = try locator.project(from: start)
            let location = try StoreLocation(of: root, environment)
            let ledger = TrustLedger(location)
            // Settings and store are both trusted by it: read once, since hooks ask here.
            let record = location.place == .project ? ledger.read() : nil
            let settings = settings(of: root, user, ledger, record, environment, commandLine)
            if let problem = settings.closedBy { return .optedOut(.settings(problem)) }
            guard settings.bool(.enabled) else { return .disabled(settings[.enabled].origin) }
            for extent in [Pause.Extent.everywhere, .project(root.path)] {
                if let pause = Pause.inForce(extent, dataFolder: location.dataFolder) { return .paused(pause, extent) }
            }
            if location.place == .project { try ledger.checkStore(by: record) }
            return .active(ActiveProject(location: location, settings: settings, ledger: ledger))
        } catch {
            if case .optedOut(let directory, let pattern) = error {
                return .optedOut(.pattern(pattern, directory: directory))
            }
            return .unavailable(error)
        }
    }

    private static func settings(
        of root: ProjectRoot, _ user: Settings, _ ledger: TrustLedger, _ record: TrustRecord?,
        _ environment: Environment,
        _ commandLine: [(key: String, value: String)]
    ) -> Settings {
        guard let file = ConfigFile.project(root) else { return user }
        func closed(_ code: SettingsProblem.Code) -> Settings {
            var settings = user
            settings.report([.init(code: code, place: .path(file.path))])
            return settings
        }
        do throws(FileFailure) {
            if let bytes = try ledger.trustedContents(
                of: "config.json", ownEdits: user.bool(.trustOwnEdits), by: record)
            {
                return Settings(environment, project: (file, bytes), commandLine: commandLine)
            }
        } catch {
            return error.isMissing ? user : closed(.unreadable(error))
        }
        // Switching off needs no trust.
        let entries = file.read(home: environment.home).entries
        if let entry = entries.first(where: { $0.key == .enabled && $0.value == .bool(false) }) {
            var settings = user
            settings.switchOff(at: entry.location)
            return settings
        }
        return closed(.untrusted)
    }

    /// A line for the user; nil when memory is at work.
    public var message: String? {
        switch self {
        case .active: nil
        case .paused(let pause, let extent):
            "Memory is paused" + (extent == .everywhere ? " everywhere" : " in this project")
                + (pause.since.isEmpty ? "" : " since \(pause.since)") + "; `ccmem resume` ends it."
        case .optedOut(.pattern(let pattern, let directory)):
            ProjectRefusal.optedOut(directory, pattern: pattern).message
        case .optedOut(.settings(let problem)):
            problem.message + " Until this is mended, nothing is stored or injected."
        case .disabled(let origin): "Memory is switched off by `enabled` (\(origin.words))."
        case .unavailable(let refusal): refusal.message
        }
    }
}

extension SettingOrigin {
    /// Where to look, as a clause.
    public var words: String {
        switch self {
        case .standard: "default"
        case .user(let location), .project(let location): "\(location.file):\(location.line)"
        case .environment(let name): name
        case .commandLine: "command line"
        }
    }
}
