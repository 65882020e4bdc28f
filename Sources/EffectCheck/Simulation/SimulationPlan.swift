/// What an invented shop and its tests are to be like.
package struct SimulationPlan: Sendable {
    /// How the shop's customers behave.
    package enum Shape: String, Sendable, CaseIterable {
        /// Most spend about the same every two weeks, each with a regularity of their own, as in the sample of a real shop.
        case regular
        /// Purchases come in bursts, habits wander, and a few sums are enormous.
        case bursty
        /// Purchases come at a steady rate and differ little.
        case plain
    }

    /// What an effect does.
    package enum Kind: String, Sendable, CaseIterable {
        case price
        case frequency
        case conversion
        /// Every buyer spends the same amount more.
        case basket
    }

    package var users = 1_000_000
    package var seed: UInt64 = 1
    package var shape = Shape.regular
    package var tests = 1000
    /// Customers in a group; each group's own number lies between.
    package var groupSize = 300...800
    /// The size of a typical effect, as a share of revenue per person; each test's own lies between 0.4 and 1.6 of it.
    package var lift: Double?
    package var kinds = Kind.allCases
    /// The share of tests whose group B differs from A in gender and age.
    package var unbalanced = 1 / 3.0
    /// Whether any pilot has an effect.
    package var hasEffects = true

    package init() {}

    /// The typical effect, chosen so that a plain t-test scores two or three.
    var typicalLift: Double { lift ?? shape.lift }
}

extension SimulationPlan.Shape {
    var lift: Double {
        switch self {
        case .regular: 0.038
        case .bursty: 0.13
        case .plain: 0.08
        }
    }
}
