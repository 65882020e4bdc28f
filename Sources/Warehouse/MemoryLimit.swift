/// How much memory DuckDB may take, in its own words: `512MB`, `1.5 GiB`, `80%` of the machine's.
package struct MemoryLimit: Hashable, Sendable {
    /// As DuckDB takes it.
    package let text: String

    /// What a person may write, for messages.
    package static let expected = "a size such as 512MB or 2GB, or a share of the machine's memory such as 80%"

    /// Reads a limit; nil where it is none that DuckDB would take, or is nothing.
    package init?(_ text: String) {
        let words = text.lowercased().split(separator: " ")
        let joined = words.joined()
        let unit = joined.drop { "0123456789.".contains($0) }
        guard (1...2).contains(words.count), words.count == 1 || words[1] == unit, let number = Double(joined.dropLast(unit.count)),
            number > 0, number.isFinite, unit == "%" ? number <= 100 : MemoryLimit.units.contains(String(unit))
        else { return nil }
        self.text = joined
    }

    private static let units: Set<String> = {
        let prefixes = ["k", "m", "g", "t"]
        let names = ["byte", "kilobyte", "megabyte", "gigabyte", "terabyte"]
        return Set(["b"] + prefixes + prefixes.flatMap { [$0 + "b", $0 + "ib"] } + names + names.map { $0 + "s" })
    }()
}
