import Statistics
import Testing

// What a question answered: probabilities, and other numbers, none of which may be NaN.
struct Answer {
    var probabilities: [Double] = []
    var numbers: [Double] = []

    init(probabilities: [Double] = [], numbers: [Double] = []) {
        (self.probabilities, self.numbers) = (probabilities, numbers)
    }

    // All that can be asked of any test.
    init(_ test: some HypothesisTest) {
        (probabilities, numbers) = ([test.pValue], [test.statistic, test.logPValue])
        if let test = test as? any DirectionalTest { add(test) }
        if let test = test as? any Estimating { add(test) }
    }

    init(estimate: some Estimating) { add(estimate) }

    mutating func add(_ test: some DirectionalTest) {
        for side in Alternative.allCases {
            probabilities.append(test.pValue(side))
            numbers.append(test.logPValue(side))
        }
    }

    mutating func add(_ estimating: some Estimating) {
        numbers.append(estimating.estimate)
        for side in Alternative.allCases {
            guard let interval = try? estimating.confidenceInterval(level: 0.9, alternative: side) else { continue }
            add(interval)
        }
    }

    mutating func add(_ interval: ConfidenceInterval) { numbers += [interval.low, interval.high] }

    var isSound: Bool { probabilities.allSatisfy { $0 >= 0 && $0 <= 1 } && !numbers.contains { $0.isNaN } }
}

// A way into the library, by two raw samples; those that look at one sample only are given the first.
struct Entry: Sendable, CustomTestStringConvertible {
    let testDescription: String
    let takesTwo: Bool
    let ask: @Sendable ([Double], [Double]) throws -> Answer

    init(_ name: String, _ ask: @escaping @Sendable ([Double], [Double]) throws -> Answer) {
        (testDescription, takesTwo, self.ask) = (name, true, ask)
    }

    init(one name: String, _ ask: @escaping @Sendable ([Double]) throws -> Answer) {
        (testDescription, takesTwo) = (name, false)
        self.ask = { first, _ in try ask(first) }
    }
}
