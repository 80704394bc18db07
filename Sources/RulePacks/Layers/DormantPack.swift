import Memories

/// A pack of the product that nobody has switched on. Packs above may change it for the day when it is: then there is nothing
/// to change yet, and nothing is wrong.
struct DormantPack: Sendable {
    let file: RuleFile

    /// Its name and the ids of its rules. Read only when somebody names what is not there.
    private var names: (pack: String, rules: [String]) {
        guard let root = try? YAMLNode(parsing: file.bytes, file: file.file).mapping() else { return ("", []) }
        let rules = ((try? root["rules"]?.list()) ?? []).compactMap { try? $0.mapping()["id"]?.text() }
        return ((try? root["pack"]?.text()) ?? "", rules)
    }

    /// Whether an override is meant for it.
    func holds(_ target: RuleOverride.Target) -> Bool {
        switch target {
        case .rule(let id): names.rules.contains(id)
        case .group(let glob): names.rules.contains { RuleOverride.fits($0, glob) }
        case .pack(let name): names.pack == name
        }
    }
}
