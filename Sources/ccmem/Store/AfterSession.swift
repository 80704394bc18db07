import Commands
import Credentials
import Projects

/// What follows when a session has ended and is stored: a language model refines it, where a person has switched one on.
enum AfterSession {
    /// Takes the place of this process, which nobody waits for; returns where no model may be asked.
    static func refine(_ project: ProjectOptions, _ boundary: String) {
        guard Files.beside(ModelProgram.name) != nil, let context = try? ProjectContext.find(project),
            let settings = context.active?.settings
        else { return }
        let environment = Environment.current(with: CredentialSearch.all)
        guard case .on = ModelSwitch(environment, settings, isOwnCall: OwnCall.isThis) else { return }
        let arguments = ["refine", "--pending", "--boundary", boundary, "--project", context.root]
        try? ModelProgram.execute(arguments[...], for: .refine)
    }
}
