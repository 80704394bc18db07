import Commands
import LanguageModels

/// The model that may be asked in a project, and since when.
struct ModelSource {
    var model: any LanguageModel
    /// By its vendor's name.
    var name: String
    /// When the person agreed; ISO 8601.
    var since: String

    /// Nil where it is switched off.
    static func findIfOn(_ context: ProjectContext) throws -> ModelSource? { nil }

    /// - Throws: `CommandError` with the reason when none may be asked, or none can.
    static func find(_ context: ProjectContext) throws -> ModelSource {
        throw CommandError("No language model can be asked yet.", .unreadableInput)
    }
}
