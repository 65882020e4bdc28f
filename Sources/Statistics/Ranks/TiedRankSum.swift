/// The exact distribution of the Mann-Whitney statistic given the ties: every way of dealing out the values is equally likely.
///
/// Values that are equal form a class; classes are taken in one after the other. B. Streitberg and J. Röhmel, "Exact distributions for
/// permutation and rank tests", Statistical Software Newsletter 12 (1986).
struct TiedRankSum: RankLaw {
    /// P(2 U = k).
    private let masses: [Double]

    /// The sizes of the classes, in ascending order of their values; `first` is how many values the first sample has.
    ///
    /// Takes ``steps(classes:first:)`` steps: O(n² m N) for samples of n and m values, the smaller being n, and N of both.
    init(classes: [Int], first: Int) {
        let total = classes.reduce(0, +)
        let few = min(first, total - first)
        let width = 2 * few * (total - few) + 1
        // Entry i·width + k: the ways to have dealt i of the values so far to the smaller sample, with 2 U = k against those of the larger.
        var table = [Double](repeating: 0, count: (few + 1) * width)
        table[0] = 1
        table.withUnsafeMutableBufferPointer { table in
            Self.walk(classes, few) { source, drawn, gain, reached, ways in
                let (from, to) = (source * width, (source + drawn) * width + gain)
                for k in 0...reached { table[to + k] += ways * table[from + k] }
            }
        }
        let ways = table[(few * width)...]
        let all = ways.reduce(0, +)
        // What the larger sample has is what the smaller one has not.
        masses = first == few ? ways.map { $0 / all } : ways.reversed().map { $0 / all }
    }

    /// How many additions it takes, for memory of at most some tens of megabytes; `nil` where it takes more than that.
    static func steps(classes: [Int], first: Int) -> Double? {
        let total = classes.reduce(0, +)
        let few = Double(min(first, total - first))
        guard (few + 1) * (2 * few * (Double(total) - few) + 1) <= 4_000_000 else { return nil }
        var steps = 0.0
        walk(classes, Int(few)) { _, _, _, reached, _ in steps += Double(reached + 1) }
        return steps
    }

    /// Every way in which some of a class go to the smaller sample, in an order in which no row is read once it is written for this class.
    ///
    /// - Parameter visit: is told how many the smaller sample has before, how many it gets, what that adds to 2 U, how far 2 U has come
    ///   before, and in how many ways so many can be chosen.
    private static func walk(
        _ classes: [Int], _ few: Int, _ visit: (_ source: Int, _ drawn: Int, _ gain: Int, _ reached: Int, _ ways: Double) -> Void
    ) {
        let many = classes.reduce(0, +) - few
        var dealt = 0
        for size in classes {
            let sources = max(0, dealt - many)...min(few, dealt)
            for target in stride(from: min(few, dealt + size), through: max(0, dealt + size - many), by: -1) {
                var ways = 1.0
                for drawn in stride(from: 1, through: min(size, target), by: 1) {
                    ways = ways * Double(size - drawn + 1) / Double(drawn)
                    let source = target - drawn
                    guard sources.contains(source) else { continue }
                    // Each of them beats the larger's values dealt before, and ties with those of its own class.
                    visit(source, drawn, drawn * (2 * (dealt - source) + size - drawn), 2 * source * (dealt - source), ways)
                }
            }
            dealt += size
        }
    }

    /// P(U ≤ u).
    func cdf(_ u: Double) -> Double { min(1, masses[...min(masses.count - 1, Int((2 * u).rounded()))].reduce(0, +)) }
    /// P(U ≥ u).
    func upper(_ u: Double) -> Double { min(1, masses[min(masses.count - 1, Int((2 * u).rounded()))...].reduce(0, +)) }
}
