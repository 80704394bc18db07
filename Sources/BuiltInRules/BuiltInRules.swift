/// The shipped packs and weights, as the bytes that stand in `Rules/`.
///
/// `Packs` in this folder is a link to the project's `Rules/`, so that the files that a user reads are the files that are
/// embedded.
public enum BuiltInRules {
    /// File name and bytes of each pack, in the order in which their rules are asked.
    public static var packs: [(file: String, bytes: [UInt8])] {
        [
            ("constraints.yaml", PackageResources.constraints_yaml),
            ("decisions.yaml", PackageResources.decisions_yaml),
            ("bugs.yaml", PackageResources.bugs_yaml),
            ("results.yaml", PackageResources.results_yaml),
        ]
    }

    /// The phrases and weights of the importance scorer.
    public static var scoring: (file: String, bytes: [UInt8]) { ("scoring.yaml", PackageResources.scoring_yaml) }
}
