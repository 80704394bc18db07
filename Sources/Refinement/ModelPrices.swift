public import LanguageModels

/// What models cost, to tell a person: the vendor's bill is what counts.
///
/// Source: https://platform.claude.com/docs/en/about-claude/pricing, November 2026: base prices, cache writes for five minutes
/// (1.25 times the input), cache reads (a tenth of it). A model that is not named here has no known price.
public enum ModelPrices {
    /// Hundredths of a dollar for a million tokens.
    private struct Price {
        var input: Int
        var output: Int
    }

    /// By the beginning of the model's name; the longest that fits counts.
    private static let prices: [(name: String, price: Price)] = [
        ("claude-haiku-4-5", Price(input: 100, output: 500)),
        ("claude-sonnet-4", Price(input: 300, output: 1_500)),
        ("claude-opus-4-5", Price(input: 500, output: 2_500)),
        ("claude-opus-4-6", Price(input: 500, output: 2_500)),
        ("claude-opus-4-7", Price(input: 500, output: 2_500)),
        ("claude-opus-4-8", Price(input: 500, output: 2_500)),
    ]

    /// Millionths of a dollar, rounded up; nil when the price is not known.
    public static func cost(of usage: ModelUsage, model: String) -> Int? {
        guard
            let price = prices.filter({ model.hasPrefix($0.name) }).max(by: { $0.name.utf8.count < $1.name.utf8.count }
            )?
            .price
        else { return nil }
        // Cents for a million tokens are hundredths of a millionth of a dollar for one; the factors are in hundredths too.
        let parts =
            usage.input * price.input * 100 + usage.output * price.output * 100 + usage.cacheRead * price.input * 10
            + usage.cacheWritten * price.input * 125
        return (parts + 9_999) / 10_000
    }
}
