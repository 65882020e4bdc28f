extension Catalogue {
    /// The two experiments that a new registry starts with, running from its first device on.
    package static func examples(now: Timestamp) throws(ExperimentError) -> Catalogue {
        var colors = Experiment(
            key: try ExperimentKey("button_color"), summary: "Which colour of the button makes people press it?",
            allocation: try Allocation(["#FF0000", "#00FF00", "#0000FF"].map { Variant($0, weight: 33.3) }),
            created: now)
        var prices = Experiment(
            key: try ExperimentKey("price"), summary: "Which price earns the most, without losing trust?",
            allocation: try Allocation([("10", 75), ("20", 10), ("50", 5), ("5", 10)].map { Variant($0, weight: $1) }),
            created: now)
        try colors.start(at: 0, now: now)
        try prices.start(at: 0, now: now)
        return try Catalogue([colors, prices])
    }
}
