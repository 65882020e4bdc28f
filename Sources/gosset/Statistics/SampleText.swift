import Statistics

/// Samples as a command line gives them: `360,40,9802` or `25000/40000`, with a name before a `=` if wanted.
enum SampleText {
    static func summaries(_ texts: [String]) throws -> [(name: String, summary: Summary)] {
        try texts.enumerated().map { index, text in
            let (name, rest) = named(text, index)
            let parts = rest.split(separator: ",", omittingEmptySubsequences: false)
            guard parts.count == 3, let mean = Double(parts[0]), let deviation = Double(parts[1]), let count = Int(parts[2]) else {
                throw UsageError("--summary must be MEAN,SD,N, such as 360,40,9802, not '\(text)'")
            }
            do throws(StatisticsError) {
                return (name, try Summary(mean: mean, standardDeviation: deviation, count: count))
            } catch {
                throw UsageError("--summary '\(text)': \(error.text(StatisticsError.sampleNames))")
            }
        }
    }

    /// Whether arguments look like counts and not like a file.
    static func areCounts(_ texts: [String]) -> Bool {
        texts.count > 1
            || texts.allSatisfy { text in
                let parts = named(text, 0).rest.split(separator: "/", omittingEmptySubsequences: false)
                return parts.count == 2 && parts.allSatisfy { Int($0) != nil }
            }
    }

    /// Whether arguments are whole numbers and no file.
    static func areSizes(_ texts: [String]) -> Bool { texts.count > 1 || texts.allSatisfy { Int(named($0, 0).rest) != nil } }

    static func sizes(_ texts: [String]) throws -> [(name: String, size: Int)] {
        try texts.enumerated().map { index, text in
            let (name, rest) = named(text, index)
            guard let size = Int(rest), size >= 0 else { throw UsageError("sizes must be whole numbers such as 5000, not '\(text)'") }
            return (name, size)
        }
    }

    static func counts(_ texts: [String]) throws -> [(name: String, proportion: Proportion)] {
        try texts.enumerated().map { index, text in
            let (name, rest) = named(text, index)
            let parts = rest.split(separator: "/", omittingEmptySubsequences: false)
            guard parts.count == 2, let successes = Int(parts[0]), let trials = Int(parts[1]) else {
                throw UsageError("counts must be SUCCESSES/TRIALS, such as 120/4000, not '\(text)'")
            }
            do throws(StatisticsError) {
                return (name, try Proportion(successes: successes, trials: trials))
            } catch {
                throw UsageError("'\(text)': \(error.text(StatisticsError.sampleNames))")
            }
        }
    }

    static func rates(_ texts: [String]) throws -> [(name: String, rate: EventRate)] {
        try texts.enumerated().map { index, text in
            let (name, rest) = named(text, index)
            let parts = rest.split(separator: "/", omittingEmptySubsequences: false)
            guard parts.count == 2, let events = Int(parts[0]), let exposure = Double(parts[1]) else {
                throw UsageError("rates must be EVENTS/EXPOSURE, such as 120/30.5, not '\(text)'")
            }
            do throws(StatisticsError) {
                return (name, try EventRate(events: events, exposure: exposure))
            } catch {
                throw UsageError("'\(text)': \(error.text(StatisticsError.sampleNames))")
            }
        }
    }

    /// The name before a `=`; without one, samples are called A, B, C and so on.
    private static func named(_ text: String, _ index: Int) -> (name: String, rest: Substring) {
        named(text, index < 26 ? String(UnicodeScalar(UInt8(65 + index))) : "sample \(index + 1)")
    }

    /// The name before a `=`, or another where there is none.
    static func named(_ text: String, _ fallback: String) -> (name: String, rest: Substring) {
        if let mark = text.firstIndex(of: "="), mark != text.startIndex { return (String(text[..<mark]), text[text.index(after: mark)...]) }
        return (fallback, text[...])
    }
}
