import Commands
import Credentials
import HTTP
import LanguageModels
import ModelProviders
import Projects

/// The model that may be asked in a project, and since when.
struct ModelSource {
    /// For a whole run, in milliseconds.
    static let deadline = 300_000

    var model: any LanguageModel
    /// By its vendor's name.
    var name: String
    /// When the person agreed; ISO 8601.
    var since: String
    /// Of the run: no call begins after it.
    var patience: Patience

    /// Nil with the reason where none may be asked and none has to be.
    ///
    /// - Throws: `CommandError` when the mode is `require` and there is none.
    static func find(_ context: ProjectContext) throws -> Result<ModelSource, Missing> {
        guard let settings = context.active?.settings else {
            return .failure(Missing(words: "Memory is at rest here."))
        }
        let environment = Environment.current(with: CredentialSearch.all)
        let patience = Patience(milliseconds: deadline)
        let access = ModelAccess(environment, settings, client: HTTPClient(userAgent: Agent.name))
        switch access.open(isOwnCall: OwnCall.isThis, patience) {
        case .open(let opened):
            let since = ConsentFile(environment)?.read()?.since ?? ""
            return .success(ModelSource(model: opened.model, name: opened.name, since: since, patience: patience))
        case .without(let words): return .failure(Missing(words: words))
        case .missing(let words): throw CommandError(words, .unreadableInput)
        }
    }

    /// Why no model may be asked; a sentence.
    struct Missing: Error { var words: String }
}
