import Commands
import Credentials
import JSON
import Memories
import Projects

/// What `ccmem auth status` says: whether a language model may be asked, with what, and why. Asks nobody.
struct AuthReport {
    let state: ModelSwitch
    let destination: ModelDestination
    let findings: [CredentialFinding]
    private let settings: Settings
    private let probes: ProbeCache?
    private let now: Int

    init(_ environment: Environment, clock: Clock) {
        now = clock.milliseconds()
        settings = Settings(environment)
        state = ModelSwitch(environment, settings, isOwnCall: OwnCall.isThis)
        destination = ModelDestination(environment, settings)
        findings = CredentialSearch(environment, settings, now: now).findings(.look)
        probes = ProbeCache(environment)
    }

    private var isOn: Bool { if case .on = state { true } else { false } }
    private var needsCredential: Bool { destination.provider == .anthropic }

    /// The one that will be tried first.
    private var best: CredentialFinding? { findings.first { $0.isPromising } }

    /// Whether a run would ask a model, as far as can be seen from here.
    var isReady: Bool { isOn && (best != nil || !needsCredential) }

    var text: String {
        var lines = [state.words]
        lines.append(
            "Model: \(settings.text(.llmModel) ?? ""), \(destination.provider.words) at \(destination.address).")
        if findings.isEmpty {
            lines.append(
                needsCredential
                    ? "Credential: none. Looked for: `ccmem auth set`, `llm.key-command`, \(CredentialSearch.variables.joined(separator: ", ")), the login of Claude Code."
                    : "Credential: none, and none is needed by a server of your own.")
        }
        for (index, finding) in findings.enumerated() {
            lines.append("\(index == 0 ? "Credential" : "Then"): \(words(of: finding)).")
        }
        return lines.joined(separator: "\n") + "\n"
    }

    private func words(of finding: CredentialFinding) -> String {
        switch finding.state {
        case .unread: return "\(finding.source.words); not asked for now"
        case .unusable(let kind, let why):
            return (kind.map { "\($0.words) of " } ?? "") + "\(finding.source.words), which can't be used: \(why)"
        case .usable(let credential):
            var words = "\(credential.kind.words) of \(finding.source.words)"
            if credential.kind == .subscription {
                words += settings.text(.llmSubscription) == "direct" ? ", used directly" : ", used by your own `claude`"
            }
            if let end = credential.expiresAt { words += ", valid until \(AuthReport.time(end))" }
            guard let probe = probes?.last(of: credential, at: destination.address) else {
                return words + ", never probed"
            }
            return words + ", \(probe.outcome == .valid ? "found good" : "refused") at \(AuthReport.time(probe.at))"
        }
    }

    /// What somebody sees who is asked to switch it on.
    var offer: String {
        let text = """
            A language model would read what the rules found: after each session their candidates, the sentences around them and a \
            condensed transcript, 12,000 characters at most, without secrets and without private text. It goes to
              \(destination.address) (\(destination.provider.words)), model \(settings.text(.llmModel) ?? ""),
            within \(settings.integer(.llmDailyTokens) ?? 0) tokens a day (`llm.daily-tokens`).

            """
        guard let best else {
            return text + (needsCredential ? "No credential was found; until there is one, nothing is sent.\n" : "")
        }
        return text + "Credential: \(words(of: best)).\n"
    }

    var json: [UInt8] {
        MemoryJSON.document { writer in
            writer.field("enabled", isOn)
            writer.field("ready", isReady)
            writer.field("why", state.words)
            if case .on(let mode, let consent) = state {
                writer.field("mode", mode.rawValue)
                writer.field("since", consent.since)
            }
            writer.field("provider", destination.provider.rawValue)
            writer.field("address", destination.address)
            writer.field("model", settings.text(.llmModel))
            writer.array("credentials", findings) { finding, writer in
                writer.object { writer in
                    writer.field("source", finding.source.name)
                    switch finding.state {
                    case .unread: writer.field("state", "unread")
                    case .unusable(let kind, let why):
                        writer.field("state", "unusable")
                        writer.field("kind", kind?.rawValue)
                        writer.field("why", why)
                    case .usable(let credential):
                        writer.field("state", "usable")
                        writer.field("kind", credential.kind.rawValue)
                        writer.field("expires_at", credential.expiresAt.map { Clock.timestamp($0) })
                        let probe = probes?.last(of: credential, at: destination.address)
                        writer.field("probe", probe?.outcome.rawValue)
                        writer.field("probed_at", probe.map { Clock.timestamp($0.at) })
                    }
                }
            }
        }
    }

    private static func time(_ milliseconds: Int) -> String {
        String(Clock.timestamp(milliseconds).prefix(16).map { $0 == "T" ? " " : $0 }) + " UTC"
    }
}
