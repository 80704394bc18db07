/// The shipped packs and weights, as the bytes that stand in `Rules/`.
///
/// `Packs` in this folder is a link to the project's `Rules/`, so that the files a user reads are the files that are embedded.
public enum BuiltInRules {
}
