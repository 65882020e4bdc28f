/// What to do.
package struct Verdict: Hashable, Sendable {
    package enum Decision: String, Hashable, Sendable {
        case ship
        case doNotShip = "do not ship"
        case keepRunning = "keep running"
        case invalid
    }

    package let decision: Decision
    /// The variant to ship, where one is.
    package let variant: String?
    /// Why, in plain words.
    package let text: String
    /// What would change it.
    package let changes: String
    /// How many more units are needed, all variants together, where it is to keep running.
    package let moreUnits: Int?
    /// How many days that takes at the pace so far.
    package let moreDays: Double?

    package init(decision: Decision, variant: String?, text: String, changes: String, moreUnits: Int?, moreDays: Double?) {
        self.decision = decision
        self.variant = variant
        self.text = text
        self.changes = changes
        self.moreUnits = moreUnits
        self.moreDays = moreDays
    }
}
