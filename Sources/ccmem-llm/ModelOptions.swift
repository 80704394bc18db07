public import ArgumentParser
import Commands
public import Credentials
import HTTP
import LanguageModels
import ModelProviders
import Projects

extension ModelMode: ExpressibleByArgument {}

/// What every verb takes that may ask a model.
struct ModelOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "Whether a model is asked, in place of `CCMEM_LLM` and `llm.mode`: auto, require or off.", valueName: "mode"
        ))
    var llm: ModelMode?

    /// The model that may be asked here and now; nil when the verb has to go on without one.
    ///
    /// - Parameters:
    ///   - isQuiet: Whether nobody is told why there is none.
    ///   - deadline: For the whole run, in milliseconds.
    /// - Throws: `CommandError` when the mode is `require` and there is none.
    func open(_ settings: Settings, isQuiet: Bool = false, deadline: Int) throws -> OpenedModel? {
        let access = ModelAccess(
            .current(with: CredentialSearch.all), settings, client: HTTPClient(userAgent: Agent.name))
        switch access.open(commandLine: llm, isOwnCall: OwnCall.isThis, Patience(milliseconds: deadline)) {
        case .open(let model): return model
        case .without(let words):
            if !isQuiet { StandardStream.error.write("note: \(words)\n") }
            return nil
        case .missing(let words):
            throw CommandError(words, help: "`ccmem auth status` says what is missing.", .unreadableInput)
        }
    }
}
