/// Least squares for each segment of customers, in two folds, each leaning a little on all customers together.
///
/// Every customer belongs to one fold and is forecast by what the other fold taught, so that no customer's own pilot week is in the
/// forecast that it is compared with.
struct SegmentedRegression {
    static let folds = 2
    /// So many average customers of the whole shop are mixed into each segment: small segments lean on them, large ones do not notice.
    private static let borrowed = 50.0

    private var sums: [NormalEquations]
    let size: Int
    let answers: Int
    private let segments: Int

    init(segments: Int, size: Int, answers: Int = 1) {
        self.segments = segments
        self.size = size
        self.answers = answers
        sums = Array(repeating: NormalEquations(size: size, answers: answers), count: segments * Self.folds)
    }

    @inline(__always)
    mutating func add(_ x: UnsafePointer<Double>, segment: Int, fold: Int, weight: Double) {
        sums[segment * Self.folds + fold].add(x, weight: weight)
    }

    mutating func add(_ other: SegmentedRegression) {
        for each in sums.indices { sums[each].add(other.sums[each]) }
    }

    /// The coefficients that customers of each segment and fold are forecast with.
    func solved() -> Coefficients {
        var coefficients = Coefficients(size: size, answers: answers)
        for segment in 0..<segments {
            for fold in 0..<Self.folds {
                var mixed = learnt(segment, for: fold)
                var all = NormalEquations(size: size, answers: answers)
                for other in 0..<segments { all.add(learnt(other, for: fold)) }
                if all.rows > 0 { mixed.add(all, share: min(1, Self.borrowed / all.rows)) }
                for answer in mixed.solved() { coefficients.values += answer }
            }
        }
        return coefficients
    }

    private func learnt(_ segment: Int, for fold: Int) -> NormalEquations {
        var result = NormalEquations(size: size, answers: answers)
        for other in 0..<Self.folds where other != fold { result.add(sums[segment * Self.folds + other]) }
        return result
    }

    /// Coefficients for each segment and fold.
    struct Coefficients: Sendable {
        let size: Int
        let answers: Int
        fileprivate(set) var values: [Double] = []

        init(size: Int, answers: Int) {
            self.size = size
            self.answers = answers
        }

        /// The forecast of an answer for a customer with these features.
        @inline(__always)
        func forecast(_ x: UnsafePointer<Double>, segment: Int, fold: Int, answer: Int = 0) -> Double {
            let first = ((segment * SegmentedRegression.folds + fold) * answers + answer) * size
            return values.withUnsafeBufferPointer { values in
                var sum = 0.0
                for i in 0..<size { sum += values[first + i] * x[i] }
                return sum
            }
        }

        /// One coefficient.
        func value(_ column: Int, segment: Int = 0, fold: Int) -> Double {
            values[(segment * SegmentedRegression.folds + fold) * answers * size + column]
        }
    }
}
