import Statistics
import Text

/// What is wrong with samples, in the names that they have in the data.
package enum SampleProblem: Error, Hashable, Sendable {
    case doesNotVary(String)
    case tooFew(String, count: Int, needed: Int)
    /// Of so few values the quantile may lie beyond them all.
    case fewForQuantile(String, count: Int, needed: Int, quantile: String)
    /// Of several samples all values are the same 0 or 1.
    case allAlike([String])
    /// Covariates foretell every value of several samples.
    case foretold([String])
    /// More units than an exact test goes through.
    case tooManyUnits(String, count: Int, limit: Int)
    case zeroMean(String)
    case tooLarge(String)
    case nothingBelow(column: String, String)
    case uselessCovariate(String, group: String?)
    case fewClusters(String, count: Int, needed: Int)
    case sharedCluster(String, [String])
    case smallGroup(String, Int)
    case tooManyGroups(String, Int)
    case weights(Int, groups: [String])
    case noGroup(String, groups: [String])

    /// That of several samples none varies.
    static func nothingVaries(_ names: [String]) -> SampleProblem { .doesNotVary(names.joined(separator: " and ")) }

    /// Carries something out, and names the samples in what may go wrong.
    ///
    /// - Parameter columns: what further columns are called.
    package static func naming<Result>(_ names: [String], columns: [String] = [], _ body: () throws -> Result) throws -> Result {
        do {
            return try body()
        } catch let error as StatisticsError {
            throw SampleProblem(error, names, columns) ?? error
        }
    }

    /// Why there is nothing to be measured by, where that is what is wrong: other samples can still be compared.
    var reasonOfOnePair: String? {
        switch self {
        case .doesNotVary, .foretold: description
        default: nil
        }
    }

    private init?(_ error: StatisticsError, _ names: [String], _ columns: [String]) {
        switch error {
        case .noVariance(let argument), .collinear(let argument):
            if let column = SampleProblem.column(argument, columns) {
                self = .uselessCovariate(column, group: SampleProblem.name(argument, names))
                return
            }
            let pooled = argument.hasPrefix("statistic") ? names.joined(separator: " and ") : nil
            guard let name = pooled ?? SampleProblem.name(argument, names) else { return nil }
            self = .doesNotVary(name)
        case .tooFew("clusters", let count, let needed):
            self = .fewClusters(names.joined(separator: " and "), count: count, needed: needed)
        case .tooFew(let argument, let count, let needed):
            guard let name = SampleProblem.name(argument, names) else { return nil }
            self = .tooFew(name, count: count, needed: needed)
        case .tooMany(let argument, let count, let limit):
            guard let name = SampleProblem.name(argument, names) else { return nil }
            self = .tooManyUnits(name, count: count, limit: limit)
        case .outOfRange("control", 0, _), .outOfRange("control.mean", 0, _):
            self = .zeroMean(names.first ?? "the control")
        case .outOfRange(let argument, 0, _)
        where columns.count == 1 && (argument.hasPrefix("mean of column") || argument.hasPrefix("moments.means")):
            self = .nothingBelow(column: columns[0], names.joined(separator: " and "))
        case .outOfRange(let argument, _, _), .infinite(let argument, _), .notANumber(let argument, _):
            // What is wrong with an option is said of that; of values nothing but their size can be wrong.
            guard let name = SampleProblem.derived(argument, names) ?? SampleProblem.name(argument, names) else { return nil }
            self = .tooLarge(name)
        default: return nil
        }
    }

    /// The samples, if an argument of the library stands for something worked out from all of them.
    private static func derived(_ argument: String, _ names: [String]) -> String? {
        let whole = argument.prefix { $0 != "[" && $0 != "." }
        let words = ["columns", "covariances", "difference", "means", "response", "sample", "segments", "values", "variance"]
        let starts = ["difference within", "statistic", "standard error"]
        return words.contains { $0 == whole } || starts.contains { argument.hasPrefix($0) } ? names.joined(separator: " and ") : nil
    }

    /// The further column that an argument of the library stands for.
    private static func column(_ argument: String, _ columns: [String]) -> String? {
        columns.indices.first { argument == "covariates[\($0)]" || argument.hasSuffix(".covariates[\($0)]") }.map { columns[$0] }
    }

    /// The sample that an argument of the library stands for.
    private static func name(_ argument: String, _ names: [String]) -> String? {
        switch argument.prefix(while: { $0 != "." }) {
        case "first", "control", "sample", "values", "groups[0]": names.first
        case "second", "treatment", "groups[1]": names.count > 1 ? names[1] : names.first
        case "first and second", "treatment and control", "groups", "blocks", "samples", "units", "moments":
            names.joined(separator: " and ")
        default:
            names.indices.first { argument == "groups[\($0)]" || argument == "samples[\($0)]" }.map { names[$0] }
        }
    }
}

extension SampleProblem: CustomStringConvertible {
    package var description: String {
        switch self {
        case .doesNotVary(let name): "the values of \(name) do not vary, so there is nothing to measure a difference by"
        case .allAlike(let names):
            "\(SampleProblem.nothingVaries(names)); where each says whether a unit did something, --conversion compares the shares"
        case .tooFew(let name, let count, let needed):
            "\(name) has \(count) value\(count == 1 ? "" : "s"), at least \(needed) are needed"
        case .fewForQuantile(let name, let count, let needed, let quantile):
            "\(SampleProblem.tooFew(name, count: count, needed: needed)) for an interval of the \(quantile)"
        case .foretold(let names):
            "the covariates foretell every value of \(names.joined(separator: " and ")), so there is nothing left to measure a difference by: "
                + "leave out what is a copy of the values"
        case .tooManyUnits(let name, let count, let limit):
            "\(name) has \(Figures.count(count)) units, and this test goes through the tables of \(Figures.count(limit)) a group at most; "
                + "'gosset test fisher' is exact for more, and 'gosset test proportions' is for many events"
        case .zeroMean(let name): "the mean of \(name) is 0, and nothing is a share of that; test the difference instead"
        case .tooLarge(let name): "the values of \(name) are too large to be computed with"
        case .nothingBelow(let column, let name): "the values of '\(column)' in \(name) come to 0, by which nothing can be divided"
        case .uselessCovariate(let column, let group):
            "'\(column)' is the same for every unit\(group.map { " of \($0)" } ?? "")"
                + " or follows from other covariates: leave it out"
        case .fewClusters(let name, let count, let needed):
            "\(name) has \(count) cluster\(count == 1 ? "" : "s"), at least \(needed) are needed"
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
