public import Projects

/// What becomes of a run without a language model.
public enum ModelMode: String, Sendable, Hashable, CaseIterable {
    case off
    /// Goes on without one.
    case auto
    /// Fails.
    case require
}

/// Whether a language model may be asked here and now; credentials are another question.
public enum ModelSwitch: Sendable, Equatable {
    /// Why not.
    public enum Reason: Sendable, Equatable {
        /// Nobody said `ccmem auth enable`.
        case neverEnabled
        /// By the mode, and where that was set.
        case mode(from: String)
        /// `CI` is set, and nothing asks for a model all the same.
        case continuousIntegration
        /// Texts would go elsewhere than the person agreed to.
        case otherDestination(agreed: ModelDestination, now: ModelDestination)
        /// This runs inside a call of our own.
        case ownCall
        /// The mode is no mode.
        case unknownMode(String, from: String)
    }

    case on(ModelMode, Consent)
    case off(Reason)

    /// Looks at the command line, `CCMEM_LLM`, the settings and the consent, and at nothing else.
    ///
    /// - Parameters:
    ///   - commandLine: The mode as it was given there.
    ///   - isOwnCall: Whether the guard of our own calls is set.
    public init(
        _ environment: Environment, _ settings: Settings, commandLine: ModelMode? = nil, isOwnCall: Bool
    ) {
        let (mode, place) = ModelSwitch.mode(environment, settings, commandLine)
        guard let mode else {
            self = .off(.unknownMode(environment.variables["CCMEM_LLM"] ?? "", from: place))
            return
        }
        let destination = ModelDestination(environment, settings)
        if isOwnCall {
            self = .off(.ownCall)
        } else if mode == .off {
            self = .off(.mode(from: place))
        } else if ModelSwitch.isCI(environment), commandLine == nil {
            self = .off(.continuousIntegration)
        } else if let consent = ConsentFile(environment)?.read() {
            self =
                consent.destination == destination
                ? .on(mode, consent) : .off(.otherDestination(agreed: consent.destination, now: destination))
        } else {
            self = .off(.neverEnabled)
        }
    }

    /// The mode that counts, and where it was set; nil for a word that is none.
    public static func mode(
        _ environment: Environment, _ settings: Settings, _ commandLine: ModelMode?
    ) -> (mode: ModelMode?, place: String) {
        if let commandLine { return (commandLine, "the command line") }
        if let text = environment.variables["CCMEM_LLM"], !text.isEmpty {
            return (ModelMode(rawValue: text), "CCMEM_LLM")
        }
        let mode = settings.text(.llmMode).flatMap { ModelMode(rawValue: $0) }
        return (mode ?? .off, settings[.llmMode].origin.words)
    }

    private static func isCI(_ environment: Environment) -> Bool {
        guard let value = environment.variables["CI"] else { return false }
        return !["", "0", "false"].contains(value.lowercased())
    }

    /// A sentence: whether it is on, and why.
    public var words: String {
        switch self {
        case .on(let mode, let consent):
            "On since \(consent.since.prefix(10)), mode `\(mode.rawValue)`: texts go to \(consent.destination.address)."
        case .off(.neverEnabled): "Off: nobody has switched it on; `ccmem auth enable` does."
        case .off(.mode(let place)): "Off by the mode `off` (\(place))."
        case .off(.continuousIntegration): "Off: `CI` is set."
        case .off(.otherDestination(let agreed, let now)):
            "Off: you agreed to \(agreed.address), and texts would go to \(now.address) now; `ccmem auth enable` agrees to that."
        case .off(.ownCall): "Off: this is a call that ccmem itself makes."
        case .off(.unknownMode(let text, let place)):
            "Off: `\(text)` (\(place)) is none of `off`, `auto` and `require`."
        }
    }
}
