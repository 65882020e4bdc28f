/// Tests in a file, one JSON object in a line; a line may say by `label` whether there is a positive effect (1) or not (0).
package struct TestFile: Sendable {
    package struct Line: Sendable {
        package let test: EffectTest
        package let label: Int?
        /// The line itself.
        package let bytes: [UInt8]
    }

    package let lines: [Line]

    /// Why a file of tests cannot be used.
    package struct Flaw: Error, CustomStringConvertible {
        package let description: String
    }

    /// - Throws: the first line that is no test.
    package init(path: String) throws {
        let file = try RandomAccessFile(path: path)
        var bytes = [UInt8](repeating: 0, count: file.size)
        let count = try bytes.withUnsafeMutableBytes { room in try file.read(into: room, at: 0) }
        var lines: [Line] = []
        for (number, line) in bytes[..<count].split(separator: 0x0A, omittingEmptySubsequences: false).enumerated() {
            if line.allSatisfy({ $0 <= 0x20 }) { continue }
            do throws(EffectTestError) {
                let (test, label) = try TestScanner.readLabelled(Array(line))
                lines.append(Line(test: test, label: label, bytes: Array(line)))
            } catch {
                throw Flaw(description: "\(path), line \(number + 1): \(error)")
            }
        }
        guard !lines.isEmpty else { throw Flaw(description: "\(path), line 1: there are no tests") }
        self.lines = lines
    }
}

/// How often answers to labelled tests were right.
package struct TestScore: Sendable, Hashable {
    package private(set) var truePositives = 0
    package private(set) var falsePositives = 0
    package private(set) var trueNegatives = 0
    package private(set) var falseNegatives = 0

    package init() {}

    package mutating func add(label: Int, hasEffect: Bool) {
        switch (label > 0, hasEffect) {
        case (true, true): truePositives += 1
        case (true, false): falseNegatives += 1
        case (false, true): falsePositives += 1
        case (false, false): trueNegatives += 1
        }
    }

    package var count: Int { truePositives + falsePositives + trueNegatives + falseNegatives }

    /// From 0 to 10: right alarms less wrong ones, in fiftieths, for a thousand tests; other numbers of tests are scaled to that.
    package var score: Int {
        guard count > 0 else { return 0 }
        let (gain, all) = ((truePositives - falsePositives) * 1000, count * 50)
        return gain <= 0 ? 0 : (gain + all - 1) / all
    }

    package var text: String {
        "TP \(truePositives), FP \(falsePositives), FN \(falseNegatives), TN \(trueNegatives): score \(score)"
    }
}
