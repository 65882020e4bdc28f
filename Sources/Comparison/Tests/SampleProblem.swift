import Statistics
import Text

/// What is wrong with samples, in the names that they have in the data.
package enum SampleProblem: Error, Hashable, Sendable {
    case doesNotVary(String)
    case tooFew(String, count: Int, needed: Int)
    case zeroMean(String)
    case sharedCluster(String, [String])
    case smallGroup(String, Int)
    case tooManyGroups(String, Int)
    case weights(Int, groups: [String])
    case noGroup(String, groups: [String])

    /// That of several samples none varies.
    static func nothingVaries(_ names: [String]) -> SampleProblem { .doesNotVary(names.joined(separator: " and ")) }

    /// Carries something out, and names the samples in what may go wrong.
    static func naming<Result>(_ names: [String], _ body: () throws -> Result) throws -> Result {
        do {
            return try body()
        } catch let error as StatisticsError {
            throw SampleProblem(error, names) ?? error
        }
    }

    /// Why there is nothing to be measured by, where that is what is wrong: other samples can still be compared.
    var reasonOfOnePair: String? {
        guard case .doesNotVary = self else { return nil }
        return description
    }

    private init?(_ error: StatisticsError, _ names: [String]) {
        switch error {
        case .noVariance(let argument):
            guard let name = SampleProblem.name(argument, names) else { return nil }
            self = .doesNotVary(name)
        case .tooFew(let argument, let count, let needed):
            guard let name = SampleProblem.name(argument, names) else { return nil }
            self = .tooFew(name, count: count, needed: needed)
        case .outOfRange("control", 0, _), .outOfRange("control.mean", 0, _):
            self = .zeroMean(names.first ?? "the control")
        default: return nil
        }
    }

    /// The sample that an argument of the library stands for.
    private static func name(_ argument: String, _ names: [String]) -> String? {
        switch argument {
        case "first", "control", "sample", "values", "groups[0]": names.first
        case "second", "treatment", "groups[1]": names.count > 1 ? names[1] : names.first
        case "first and second", "treatment and control", "groups", "blocks", "samples": names.joined(separator: " and ")
        default:
            names.indices.first { argument == "groups[\($0)]" || argument == "samples[\($0)]" }.map { names[$0] }
        }
    }
}

extension SampleProblem: CustomStringConvertible {
    package var description: String {
        switch self {
        case .doesNotVary(let name): "the values of \(name) do not vary, so there is nothing to measure a difference by"
        case .tooFew(let name, let count, let needed):
            "\(name) has \(count) value\(count == 1 ? "" : "s"), at least \(needed) are needed"
        case .zeroMean(let name): "the mean of \(name) is 0, and nothing is a share of that; test the difference instead"
        case .sharedCluster(let cluster, let names):
            "cluster '\(cluster)' is in \(names.joined(separator: " and in ")); where clusters were randomised, each is in one group"
        case .smallGroup(let name, let count):
            "group \(name) has \(count) value\(count == 1 ? "" : "s"), at least 3 are needed; --where leaves a group out"
        case .tooManyGroups(let column, let count):
            "'\(column)' has \(Figures.count(count)) different values: that is no column of groups; --where keeps some of them"
        case .weights(let count, let groups):
            "--weights has \(count) number\(count == 1 ? "" : "s"), but there are \(groups.count) groups: \(groups.joined(separator: ", "))"
        case .noGroup(let name, let groups):
            "there is no group '\(name)'; "
                + (Spelling.nearest(to: name, among: groups).map { "did you mean '\($0)'?" }
                    ?? "there are \(groups.prefix(12).joined(separator: ", "))")
        }
    }
}
