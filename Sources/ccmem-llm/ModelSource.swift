import Commands
import Credentials
import LanguageModels
import ModelProviders
import Projects

/// The model that may be asked in a project, and since when.
struct ModelSource {
    /// For a whole run, in milliseconds.
    static let deadline = 300_000

    let model: any LanguageModel
    /// By its vendor's name.
    let name: String
    /// When the person agreed; ISO 8601.
    let since: String
    private let patience = Patience(milliseconds: deadline)

    /// No call begins any more.
    var isOutOfTime: Bool { patience.left == 0 }

    /// - Parameter isQuiet: Whether nobody is told why there is none.
    /// - Returns: Nil where the work has to go on without a model.
    /// - Throws: `CommandError` when the mode is `require` and there is none.
    static func find(_ options: ModelOptions, _ context: ProjectContext, isQuiet: Bool) throws -> ModelSource? {
        guard let settings = context.active?.settings,
            let opened = try options.open(settings, isQuiet: isQuiet, deadline: deadline)
        else { return nil }
        let consent = ConsentFile(.current())?.read()
        return ModelSource(model: opened.model, name: opened.name, since: consent?.since ?? "")
    }
}
