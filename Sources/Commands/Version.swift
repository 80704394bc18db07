/// Which version this is.
public enum Version {
    /// Of the programs and the shipped packs.
    public static let text = "0.1.0"
}
