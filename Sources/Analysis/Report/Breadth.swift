import Experiments

/// How much of a report is told at most where metrics times variants are many: figures of all of them always, what takes many points of each
/// only of so many.
///
/// With fifty variants and a hundred metrics there are 4,900 comparisons; with a course of forty points, and fifty bars for each variant, they
/// made a page of more than a hundred megabytes that nobody could read.
package enum Breadth {
    /// The comparisons of which it is told how they went.
    package static let courses = 100
    /// The comparisons within segments, of all metrics together.
    package static let segments = 2_500
    /// The variants of which it is told how values are spread; more cannot be told apart in a chart.
    package static let spreads = 12

    /// The places that are told: the metric that decides first, then the others in the plan's order while there is room.
    ///
    /// - Parameter size: how much of the room a place takes.
    static func fitting(_ places: [Int], of plan: Plan, room: Int, _ size: (Int) -> Int) -> [Int] {
        let decisive = places.first { plan.metrics[$0].name.text == plan.decision.metric }
        var left = room
        let others = places.filter { $0 != decisive }
        var fitting: [Int] = []
        if let decisive, size(decisive) <= left {
            fitting.append(decisive)
            left -= size(decisive)
        }
        for place in others {
            guard size(place) <= left else { break }
            left -= size(place)
            fitting.append(place)
        }
        return fitting.sorted()
    }
}
