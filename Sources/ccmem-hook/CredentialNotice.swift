import Credentials
import Memories
import Projects

/// Tells the user once when a language model was switched on and there is nothing left to ask it with. Where it is not switched on
/// this costs a look for one file; nothing is run and nobody is asked.
enum CredentialNotice {
    /// A sentence; nil when nothing is wrong, or it was told already.
    static func news(_ settings: Settings, dataFolder: String) -> String? {
        let environment = Environment.current(with: CredentialSearch.all)
        guard case .on = ModelSwitch(environment, settings, isOwnCall: false),
            ModelProvider(settings) == .anthropic
        else { return nil }
        let findings = CredentialSearch(environment, settings, now: Clock.system.milliseconds()).findings(.look)
        let told = dataFolder + "/llm/warned"
        // Claude Code renews its own login with the first request of the session.
        if findings.contains(where: { $0.isPromising || $0.isRenewed }) {
            try? Files.removeIfThere(told)
            return nil
        }
        let reasons = findings.compactMap { finding -> String? in
            guard case .unusable(_, let why) = finding.state else { return nil }
            return "\(finding.source.words): \(why)"
        }
        let message =
            "The language model is switched on, and no credential can be used ("
            + (reasons.isEmpty ? "there is none" : reasons.joined(separator: "; "))
            + "); `ccmem auth status` says more."
        let bytes = Array(message.utf8)
        if let before = try? Files.contents(of: told, limit: 1 << 14, followingLinks: false), before == bytes {
            return nil
        }
        // What can't be noted would be told again and again.
        guard (try? Files.write(bytes, to: told)) != nil else { return nil }
        return message
    }
}
