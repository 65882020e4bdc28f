/// What is seen of a customer before the pilot: level, two-window rhythm and trend, and how regularly they are kept.
///
/// A least-squares fit of `level + rhythm · ±1 + trend · time` to the windows; the sign alternates, because spending follows a rhythm of
/// two windows.
package struct Habit {
    /// The mean of the windows.
    package var level = 0.0
    /// What the fit expects of the pilot's window.
    package var expected = 0.0
    /// The standard deviation of the windows around the fit.
    package var noise = 0.0
    /// Half the difference between the windows of either kind.
    package var rhythm = 0.0
    /// Windows in which something was bought.
    package var active = 0

    /// How windows enter the fit; the same for all customers.
    package struct Design: Sendable {
        let windows: Int
        /// Three rows that give level, rhythm and trend from the windows.
        let solution: [Double]
        private let columns: [Double]

        /// How so many windows enter it; at least four.
        package init(windows: Int) {
            self.windows = windows
            let middle = Double(windows - 1) / 2
            // The rhythm's sign is +1 in the pilot's own window.
            let rows = (0..<windows).map { [1, (windows - $0).isMultiple(of: 2) ? 1.0 : -1, Double($0) - middle] }
            columns = rows.flatMap { $0 }
            solution = Design.leastSquares(rows)
        }

        /// (XᵀX)⁻¹Xᵀ, by Gauss and Jordan.
        private static func leastSquares(_ rows: [[Double]]) -> [Double] {
            var work = (0..<3).map { i in
                (0..<3).map { j in rows.reduce(0) { $0 + $1[i] * $1[j] } } + rows.map { $0[i] }
            }
            for pivot in 0..<3 {
                let scale = work[pivot][pivot]
                for column in work[pivot].indices { work[pivot][column] /= scale }
                for other in 0..<3 where other != pivot {
                    let factor = work[other][pivot]
                    for column in work[other].indices { work[other][column] -= factor * work[pivot][column] }
                }
            }
            return work.flatMap { $0.dropFirst(3) }
        }

        /// The habit of a customer who spent these sums.
        @inline(__always)
        package func habit(_ spent: UnsafePointer<Double>) -> Habit {
            var habit = Habit()
            var (intercept, rhythm, trend) = (0.0, 0.0, 0.0)
            solution.withUnsafeBufferPointer { solution in
                for window in 0..<windows {
                    let sum = spent[window]
                    habit.level += sum
                    if sum > 0 { habit.active += 1 }
                    intercept += solution[window] * sum
                    rhythm += solution[windows + window] * sum
                    trend += solution[2 * windows + window] * sum
                }
            }
            habit.level /= Double(windows)
            var squares = 0.0
            columns.withUnsafeBufferPointer { columns in
                for window in 0..<windows {
                    let fit = intercept + rhythm * columns[3 * window + 1] + trend * columns[3 * window + 2]
                    squares += (spent[window] - fit) * (spent[window] - fit)
                }
            }
            habit.noise = (squares / Double(windows - 3)).squareRoot()
            habit.rhythm = rhythm
            habit.expected = intercept + rhythm + trend * (Double(windows) - Double(windows - 1) / 2)
            return habit
        }
    }
}
