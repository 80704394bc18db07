import Projects

/// Where Claude Code is told to call ccmem: settings of the user and of the project, and the plugin.
struct DoctorHooks {
    private let folder: String?
    private let root: String?

    /// - Parameter root: Of the project; nil when there is none.
    init(root: String?, _ environment: Environment) {
        folder = environment.claudeDirectory
        self.root = root
    }

    private struct Registration {
        var file: String
        var settings: ClaudeSettings
        var bytes: [UInt8]
        var paths: [String]
        /// Whether it is this person's alone, and no file that a repository shares.
        var isOwn: Bool
    }

    func findings() -> [DoctorFinding] {
        guard let folder else {
            return [finding(.bad, "there is no home directory", "Set `HOME`.")]
        }
        var files = [(path: folder + "/settings.json", isOwn: true)]
        if let root {
            files += [(root + "/.claude/settings.json", false), (root + "/.claude/settings.local.json", true)]
        }
        var found: [DoctorFinding] = []
        var registrations: [Registration] = []
        var plugin: String?
        for file in files {
            guard let bytes = try? Files.contents(of: file.path, limit: 1 << 24) else { continue }
            do throws(ClaudeSettings.Refusal) {
                let settings = try ClaudeSettings(bytes)
                if settings.hasPlugin { plugin = plugin ?? file.path }
                if settings.disablesHooks {
                    found.append(
                        finding(
                            .bad, "\(file.path) switches all hooks off (`disableAllHooks`)",
                            "Nothing is captured and nothing is brought back until it is `false`."))
                }
                guard !settings.hookPaths.isEmpty else { continue }
                registrations.append(
                    Registration(
                        file: file.path, settings: settings, bytes: bytes, paths: settings.hookPaths, isOwn: file.isOwn)
                )
            } catch {
                found.append(
                    finding(
                        .bad, "\(file.path):\(error.line):\(error.column): \(error.reason)",
                        "Mend the file; Claude Code does not read it either."))
            }
        }
        for registration in registrations { found += stale(registration) }
        if registrations.isEmpty, plugin == nil {
            let repair = SettingsFile.hook.map { DoctorRepair.addHooks(file: folder + "/settings.json", hook: $0) }
            return found + [
                finding(
                    .bad, "Claude Code does not call ccmem",
                    "`ccmem install --user` adds the hooks; so does the plugin.",
                    repair)
            ]
        }
        let places = registrations.map(\.file) + [plugin.map { "the plugin, switched on in \($0)" }].compactMap(\.self)
        if places.count > 1 { found.append(double(registrations, hasPlugin: plugin != nil, places)) }
        if found.isEmpty { found.append(finding(.fine, places[0], nil)) }
        return found
    }

    /// Paths that lead nowhere, and events that an older version did not know.
    private func stale(_ registration: Registration) -> [DoctorFinding] {
        let hook = registration.isOwn ? SettingsFile.hook : nil
        let repair = hook.map { DoctorRepair.addHooks(file: registration.file, hook: $0) }
        if let gone = registration.paths.first(where: { $0.hasPrefix("/") && Files.status(of: $0) == nil }) {
            return [
                finding(
                    .bad, "\(registration.file) calls \(gone), which is gone",
                    "`ccmem install` writes the path of today.", repair)
            ]
        }
        guard let path = registration.paths.first, let whole = try? registration.settings.adding(path),
            whole != registration.bytes
        else { return [] }
        return [
            finding(
                .bad, "\(registration.file) does not call ccmem for every event, or twice for one",
                "`ccmem install` adds what is missing.", repair)
        ]
    }

    /// One registration is enough: the plugin's, else the user's.
    private func double(_ registrations: [Registration], hasPlugin: Bool, _ places: [String]) -> DoctorFinding {
        let superfluous = (hasPlugin ? registrations[...] : registrations.dropFirst()).filter(\.isOwn).map(\.file)
        return finding(
            .note, "registered more than once: \(places.joined(separator: "; "))",
            "The second call of an event is silent, so nothing is doubled; `ccmem uninstall` takes one out.",
            superfluous.isEmpty ? nil : .removeHooks(files: superfluous))
    }

    private func finding(
        _ state: DoctorFinding.State, _ words: String, _ remedy: String?, _ repair: DoctorRepair? = nil
    ) -> DoctorFinding {
        DoctorFinding(subject: .hooks, state: state, words: words, remedy: remedy, repair: repair)
    }
}
