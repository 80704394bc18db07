import Commands
import Credentials
import Memories
import Projects

/// The line that offers a language model to whoever installs ccmem. It looks for a credential and asks nobody.
enum ModelOffer {
    /// Nil where a model is on, was refused, or can't be asked at all.
    static var words: String? {
        let environment = Environment.current(with: CredentialSearch.all)
        let settings = Settings(environment)
        guard Files.beside(ModelProgram.name) != nil,
            ModelSwitch(environment, settings, isOwnCall: false) == .off(.neverEnabled)
        else { return nil }
        let found = CredentialSearch(environment, settings, now: Clock.system.milliseconds()).findings(.look)
            .first { $0.isPromising || $0.isRenewed }
        let ending = found.map { ", with \($0.source.words)" } ?? ""
        return
            "No language model is asked. `ccmem auth enable` would have one refine what is kept\(ending); it says first what is sent."
    }
}
