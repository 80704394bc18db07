import ArgumentParser
import Memories
import Projects

extension DomainPackName {
    static let optionHelp = ArgumentHelp(
        "A pack of the product to switch on, as the setting `packs` does: "
            + allCases.map(\.rawValue).joined(separator: ", ") + "; repeatable.",
        valueName: "name")

    /// - Throws: `ValidationError` with the nearest name.
    @Sendable static func named(_ name: String) throws -> DomainPackName {
        guard let pack = DomainPackName(rawValue: name) else {
            throw ValidationError(SettingsProblem.unknown(name, among: allCases.map(\.rawValue)))
        }
        return pack
    }
}
