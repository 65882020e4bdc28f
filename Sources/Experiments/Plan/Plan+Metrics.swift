extension Plan {
    /// What units did.
    package struct Fact: Hashable, Sendable {
        package let name: Name
        package let source: Name
        package let unit: Name?
        package let value: Name?
        package let time: Name?
        package let conditions: [Condition]
        /// Seconds since 1970 in UTC.
        package let from: Double?
        package let until: Double?
        package let minimum: Double?
        package let maximum: Double?
        package let id: Name?
    }

    /// Which rows count, by one column.
    package struct Condition: Hashable, Sendable {
        /// What the column is held against.
        package enum Test: Hashable, Sendable {
            case isIn([Scalar])
            case isNotIn([Scalar])
            case compares([Bound])
        }

        package let column: Name
        package let test: Test
    }

    /// A value that a column may have.
    package enum Scalar: Hashable, Sendable {
        case text(String)
        case number(Double)
        case boolean(Bool)
    }

    /// An end of what is allowed.
    package struct Bound: Hashable, Sendable {
        package enum Sign: String, Hashable, Sendable, CaseIterable {
            case atLeast = "at least"
            case moreThan = "more than"
            case atMost = "at most"
            case lessThan = "less than"
        }

        package let sign: Sign
        package let value: Double

        package init(sign: Sign, value: Double) { (self.sign, self.value) = (sign, value) }
    }

    /// Units of which a fact says something.
    package struct Population: Hashable, Sendable {
        package let name: Name
        package let fact: Name
        package let bounds: [Bound]
        /// Whether the fact's value is summed instead of events counted.
        package let sums: Bool
        /// A population of which it is a part.
        package let whole: Name?
    }

    /// What is measured.
    package struct Metric: Hashable, Sendable {
        package enum Kind: String, Hashable, Sendable, CaseIterable {
            /// The share of units with at least one event.
            case conversion
            /// The mean over units of what each did.
            case mean
            /// The sum of one fact over the sum of another.
            case ratio
            /// A quantile over units of what each did.
            case quantile
            /// How many units there are.
            case count
        }

        package enum Test: String, Hashable, Sendable, CaseIterable { case automatic, welch, proportions, ranks }

        package let name: Name
        package let kind: Kind
        package let fact: Name?
        package let denominator: Name?
        package let population: Name?
        /// In seconds after exposure.
        package let window: Double?
        package let cap: Amount?
        package let covariates: [Covariate]
        package let probability: Double
        package let higherIsBetter: Bool
        package let test: Test

        /// The same metric about another population.
        package func among(_ population: Name?) -> Metric {
            Metric(
                name: name, kind: kind, fact: fact, denominator: denominator, population: population, window: window, cap: cap,
                covariates: covariates, probability: probability, higherIsBetter: higherIsBetter, test: test)
        }
    }

    /// What a unit did before the experiment.
    package struct Covariate: Hashable, Sendable {
        package let fact: Name
        /// In seconds before exposure; all that was before if nil.
        package let before: Double?
    }
}
