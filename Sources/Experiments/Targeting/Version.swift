/// A version as programs have it: numbers with dots between them, and perhaps a name of what came before the release.
///
/// `4.10` comes after `4.9`, `4.2` is `4.2.0`, and `4.2.0-beta.2` comes before `4.2.0`. What follows a plus does not count. Source: Semantic
/// Versioning 2.0.0, section 11, for any number of numbers.
package struct Version: Hashable, Sendable, Comparable {
    private let numbers: [UInt64]
    private let before: [Substring]

    /// Reads a version; nil for a text that is none.
    package init?(_ text: String) {
        let released = text.prefix { $0 != "+" }
        let halves = released.split(separator: "-", maxSplits: 1, omittingEmptySubsequences: false)
        guard let core = halves.first else { return nil }
        var numbers: [UInt64] = []
        for part in core.drop(while: { $0 == "v" }).split(separator: ".", omittingEmptySubsequences: false) {
            guard part.utf8.allSatisfy({ (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }), let number = UInt64(part) else {
                return nil
            }
            numbers.append(number)
        }
        // Trailing zeros say nothing.
        while numbers.last == 0 { numbers.removeLast() }
        self.numbers = numbers
        before = halves.count == 2 ? halves[1].split(separator: ".", omittingEmptySubsequences: false) : []
    }

    /// Earlier versions come first.
    package static func < (a: Version, b: Version) -> Bool {
        if a.numbers != b.numbers { return a.numbers.lexicographicallyPrecedes(b.numbers) }
        if a.before.isEmpty || b.before.isEmpty { return !a.before.isEmpty && b.before.isEmpty }
        for (left, right) in zip(a.before, b.before) where left != right {
            switch (UInt64(left), UInt64(right)) {
            case (let left?, let right?): return left < right
            // Numbers come before names.
            case (_?, nil): return true
            case (nil, _?): return false
            case (nil, nil): return left.utf8.lexicographicallyPrecedes(right.utf8)
            }
        }
        return a.before.count < b.before.count
    }
}
