/// A pack of the product for one trade or one language that is off until somebody switches it on.
public enum DomainPackName: String, CaseIterable, Sendable {
    case machineLearning = "ml"
    case web
    case embedded
    case data
    case operations = "ops"
    case spanish = "es"
}
