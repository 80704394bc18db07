/// How a request that ccmem itself makes to a model is known again, should it ever come back as a conversation.
public enum OwnRequest {
    /// With what its text begins.
    public static let mark = "[ccmem-llm"
}
