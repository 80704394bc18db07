import Memories

/// Puts packs on top of each other, lowest first. Each pack must be sound on what lies below it.
struct LayerMerger {
    private(set) var packs: [RulePack] = []
    private(set) var drafts: [RuleDraft] = []
    private(set) var notices: [RuleNotice] = []
    private var indices: [String: Int] = [:]
    private var dormant: [DormantPack] = []

    /// - Throws: Everything that is wrong with this pack here.
    mutating func add(_ pack: RulePack) throws(RulePackErrors) {
        if let pack = pack.dormant {
            dormant.append(pack)
            return
        }
        let problems = Problems()
        if let other = packs.first(where: { $0.identity.name == pack.identity.name }), pack.isTrusted {
            problems.add(
                .duplicateName(pack.identity.name, of: .pack, firstDefinedAt: other.location), at: pack.location)
        }
        for pin in pack.pins { check(pin, problems) }
        var changed: [Int: SourceLocation] = [:]
        for override in pack.overrides { apply(override, of: pack, &changed, problems) }
        guard problems.all.isEmpty else { throw RulePackErrors(problems.all) }
        for (index, location) in changed.sorted(by: { $0.key < $1.key }) { read(index, location, problems) }
        for var draft in pack.drafts {
            if let below = indices[draft.id] {
                problems.add(
                    .ruleExistsBelow(id: draft.id, definedAt: drafts[below].mapping.location),
                    at: draft.mapping.location)
                continue
            }
            draft.pack = packs.count
            indices[draft.id] = drafts.count
            drafts.append(draft)
        }
        guard problems.all.isEmpty else { throw RulePackErrors(problems.all) }
        packs.append(pack)
    }

    /// A deprecated rule whose successor is nowhere, in all packs together.
    func checkSuccessors() throws(RulePackErrors) {
        var found: [RulePackError] = []
        for draft in drafts {
            guard case .inForce(let rule) = draft.outcome, let successor = rule.replacedBy, indices[successor] == nil
            else { continue }
            let nearest = nearestName(to: successor, in: drafts.map(\.id))
            found.append(
                RulePackError(
                    .unknownName(successor, of: .rule, allowed: [], nearest: nearest),
                    at: rule.origins(of: "replaced_by").last?.location ?? rule.location))
        }
        guard found.isEmpty else { throw RulePackErrors(found) }
    }

    // MARK: -

    private mutating func check(_ pin: PackPin, _ problems: Problems) {
        guard let below = packs.first(where: { $0.identity.name == pin.pack }) else {
            if !isDormant(.pack(pin.pack)) { unknownPack(pin.pack, at: pin.location, problems) }
            return
        }
        guard below.identity.version != pin.version else { return }
        notices.append(
            RuleNotice(
                code: .pinDiffers(pack: pin.pack, pinned: pin.version, found: below.identity.version),
                location: pin.location))
    }

    private func unknownPack(_ name: String, at location: SourceLocation, _ problems: Problems) {
        let names = packs.map(\.identity.name)
        problems.add(
            .unknownName(name, of: .pack, allowed: names, nearest: nearestName(to: name, in: names)), at: location)
    }

    private mutating func apply(
        _ override: RuleOverride, of pack: RulePack, _ changed: inout [Int: SourceLocation], _ problems: Problems
    ) {
        guard let targets = targets(of: override, in: pack, pack.isTrusted ? problems : Problems()) else { return }
        // Of a group it is enough that one rule has what is removed.
        var missing: RuleDraft.Missing?
        for index in targets {
            let left = drafts[index].apply(override, of: pack, to: packs[drafts[index].pack])
            missing =
                missing.map { known in
                    known.filter { one in left.contains { $0.entry.location == one.entry.location } }
                } ?? left
            changed[index] = override.location
        }
        for (entry, isKey, nearest) in missing ?? [] {
            let text = (try? entry.text()) ?? ""
            problems.add(
                isKey ? .noKeyToRemove(text) : .nothingToRemove(text, nearest: nearest),
                at: entry.location)
        }
    }

    /// Nil when there are none; the problem has been told.
    private func targets(of override: RuleOverride, in pack: RulePack, _ problems: Problems) -> [Int]? {
        switch override.target {
        case .rule(let id):
            if let index = indices[id] { return [index] }
            if isDormant(override.target) { return nil }
            if pack.drafts.contains(where: { $0.id == id }) {
                problems.add(.overridesOwnRule(id), at: override.targetLocation)
            } else {
                let nearest = nearestName(to: id, in: drafts.map(\.id))
                problems.add(
                    .unknownName(id, of: .rule, allowed: [], nearest: nearest), at: override.targetLocation)
            }
        case .group(let glob):
            let found = drafts.indices.filter { RuleOverride.fits(drafts[$0].id, glob) }
            if !found.isEmpty || isDormant(override.target) { return found }
            let nearest = nearestName(to: glob, in: groups)
            problems.add(.emptyGroup(glob, nearest: nearest), at: override.targetLocation)
        case .pack(let name):
            let found = drafts.indices.filter { packs[drafts[$0].pack].identity.name == name }
            if !found.isEmpty || isDormant(override.target) { return found }
            unknownPack(name, at: override.targetLocation, problems)
        }
        return nil
    }

    /// Whether it names a pack of the product, or rules of one, that is not switched on.
    private func isDormant(_ target: RuleOverride.Target) -> Bool { dormant.contains { $0.holds(target) } }

    /// What comes before a point in ids, as globs.
    private var groups: [String] {
        var groups: [String] = []
        for id in drafts.map(\.id) {
            let parts = id.split(separator: ".")
            for count in 1..<max(2, parts.count) {
                let group = parts.prefix(count).joined(separator: ".") + ".*"
                if !groups.contains(group) { groups.append(group) }
            }
        }
        return groups
    }

    /// Reads a changed rule again. What is wrong now is the fault of the change, wherever it shows.
    private mutating func read(_ index: Int, _ location: SourceLocation, _ problems: Problems) {
        let draft = drafts[index]
        let base = packs[draft.pack]
        let found = Problems()
        let reader = RuleReader(
            pack: base.identity, layer: base.layer, fragments: base.fragments,
            packExceptions: base.exceptions.filter { !draft.withoutPackExceptions.contains($0.why) },
            strictness: .user, problems: found, libraries: draft.libraries)
        let outcome = reader.rule(draft.mapping)
        for problem in found.all {
            problems.add(problem.code, at: problem.location.file == location.file ? problem.location : location)
        }
        guard found.all.isEmpty, var outcome else { return }
        if case .inForce(var rule) = outcome {
            rule.origins = draft.origins
            rule.changedAt = draft.changedAt
            outcome = .inForce(rule)
        }
        drafts[index].outcome = outcome
    }
}
