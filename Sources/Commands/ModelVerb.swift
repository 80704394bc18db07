/// The verbs that may ask a language model. They are in a program of their own, `ccmem-llm`, since nothing else of these can
/// reach the network; `ccmem` lists and starts them.
public enum ModelVerb: String, CaseIterable, Sendable {
    case auth, refine, tidy, embed, cost

    /// What the verb does, in one line of the overview.
    public var abstract: String {
        switch self {
        case .auth: "Switch the language model on or off, look after its credential."
        case .refine: "Have a language model refine what the rules kept."
        case .tidy: "Propose what is garbage, said twice or out of date."
        case .embed: "Compute what search by meaning needs."
        case .cost: "Tell what the language model has used."
        }
    }

    /// The verb that a command line asks for, or for whose help it asks.
    public init?(asked arguments: ArraySlice<String>) {
        let names = arguments.first == "help" ? arguments.dropFirst() : arguments
        guard let name = names.first, let verb = ModelVerb(rawValue: name) else { return nil }
        self = verb
    }
}
