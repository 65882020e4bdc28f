internal import Glibc

/// A quantile of n draws, with replacement, of n sorted values.
///
/// The draws themselves are not needed: how many fall into the lower half of the values is binomial, and halving goes on where the wanted
/// order statistic lies, so O(log n) numbers give it exactly the distribution that it has in a full resample.
struct ResampledQuantile: Sendable {
    private let sample: SortedSample
    private let place: (index: Int, part: Double)

    init(_ sample: SortedSample, _ probability: Double) {
        self.sample = sample
        place = SortedSample.place(probability, sample.values.count)
    }

    func draw(_ stream: inout RandomStream) -> Double {
        let (low, high) = neighbors(&stream)
        return SortedSample.between(sample.values[low], sample.values[high], place.part)
    }

    /// The places among the values of the order statistic wanted and the one after it.
    private func neighbors(_ stream: inout RandomStream) -> (Int, Int) {
        var (start, count, draws, rank) = (0, sample.values.count, sample.values.count, place.index)
        while count > 1 {
            let half = count / 2
            let left = stream.binomial(draws, Double(half) / Double(count))
            if rank >= left {
                (start, count, draws, rank) = (start + half, count - half, draws - left, rank - left)
            } else if rank + 1 < left || left == draws {
                // The next one is here too, or there is none.
                (count, draws) = (half, left)
            } else {
                // The greatest of the left draws and the least of the right ones.
                let below = Self.greatest(of: left, among: half, &stream)
                let above = count - half - 1 - Self.greatest(of: draws - left, among: count - half, &stream)
                return (start + below, start + half + above)
            }
        }
        return (start, start)
    }

    private static func greatest(of draws: Int, among count: Int, _ stream: inout RandomStream) -> Int {
        min(count - 1, Int(Double(count) * pow(stream.uniform(), 1 / Double(draws))))
    }
}
