/// Customers told apart by how active and how regular they are: what predicts a steady customer does not predict a fickle one.
struct Segments: Sendable {
    /// Bounds of noise relative to level, and of rhythm relative to noise, among customers who nearly always buy.
    private let noises: [Double]
    private let rhythms: [Double]
    private let windows: Int

    /// Segments by what a sample of customers is like.
    init(_ sample: [Habit], windows: Int) {
        self.windows = windows
        let steady = sample.filter { $0.active >= windows - 1 && $0.level > 0 }
        noises = Segments.quantiles(steady.map { $0.noise / $0.level }, [0.1, 0.25, 0.45, 0.7, 0.9])
        rhythms = Segments.quantiles(steady.map(Segments.clarity), [0.5, 0.8])
    }

    /// How many there are.
    var count: Int { 4 + 18 }

    @inline(__always)
    func segment(_ habit: Habit) -> Int {
        if habit.active <= 1 { return habit.active }
        if habit.active < windows - 1 { return 2 * habit.active <= windows ? 2 : 3 }
        let noise = habit.noise / habit.level
        let rhythm = Segments.clarity(habit)
        var (row, column) = (0, 0)
        for bound in noises where noise > bound { row += 1 }
        for bound in rhythms where rhythm > bound { column += 1 }
        return 4 + 3 * row + column
    }

    private static func clarity(_ habit: Habit) -> Double { abs(habit.rhythm) / (habit.noise + 0.02 * habit.level) }

    private static func quantiles(_ values: [Double], _ shares: [Double]) -> [Double] {
        let sorted = values.sorted()
        return shares.map { sorted.isEmpty ? 0 : sorted[min(sorted.count - 1, Int(Double(sorted.count) * $0))] }
    }
}
