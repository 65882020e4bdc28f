import Warehouse

/// How large and how small a number may be that an event adds to its unit, so that sums, squares and products of such numbers are
/// doubles whatever they are of.
///
/// PostgreSQL ends a statement that computes a number which no double holds, also one that is too small, where other databases go on; and
/// anybody may tell an event.
enum ValueLimits {
    /// What is beyond counts as this, and makes what it is part of too large to be computed with.
    static let greatest = 1e120
    /// What is nearer to nothing is nothing.
    static let least = 1e-100

    static func isWithin(_ number: SQL) -> SQL { "\(number) >= \(value: -greatest) AND \(number) <= \(value: greatest)" }

    static func kept(_ number: SQL) -> SQL {
        """
        CASE WHEN \(number) > \(value: greatest) THEN \(value: greatest) WHEN \(number) < \(value: -greatest) THEN \(value: -greatest) \
        WHEN \(number) > \(value: -least) AND \(number) < \(value: least) THEN \(value: 0.0) ELSE \(number) END
        """
    }

    /// The multiples of a column that may be taken out of another: of what measures the same things in other units.
    static let multiples = 1e-20...1e20
}
