import Analysis
import Experiments
import Foundation
import Testing
import Warehouse
import WarehouseTesting

// Answers that others computed for the real data; nil where they do not lie beside the package.
enum Oracle {
    // Never changes, and nor does what Foundation makes of JSON.
    nonisolated(unsafe) static let seeds: [String: Any]? = {
        guard let data = TestWarehouses.sharedData("../oracles/seeds.json").flatMap({ FileManager.default.contents(atPath: $0) }) else {
            return nil
        }
        return (try? JSONSerialization.jsonObject(with: data)) as? [String: Any]
    }()

    // A part of them by its path, such as `arppu/CR/x`.
    static func part(_ path: String) throws -> Any {
        var part: Any = try #require(seeds)
        for name in path.split(separator: "/").map(String.init) {
            if let index = Int(name), let list = part as? [Any] {
                part = list[index]
            } else {
                part = try #require((part as? [String: Any])?[name])
            }
        }
        return part
    }

    static func number(_ path: String) throws -> Double { try #require(try part(path) as? Double) }
    static func numbers(_ path: String) throws -> [Double] { try #require(try part(path) as? [Double]) }
}

// Runs a plan that is written in a test.
func analyse(
    _ yaml: String, folder: String = TestWarehouses.package.path, on warehouse: (any Warehouse)? = nil, prefersTables: Bool = false
) async throws -> AnalysisReport {
    let database: any Warehouse
    if let warehouse { database = warehouse } else { database = try await TestWarehouses.connect("duckdb:") }
    return try await Analysis(Plan(yaml: yaml), folder: folder, session: Session(database), prefersTables: prefersTables).run()
}

extension AnalysisReport {
    func metric(_ name: String) throws -> MetricReport { try #require(metrics.first { $0.name == name }) }
    func check(_ name: String) throws -> Check { try #require(checks.first { $0.name == name }) }
}

extension MetricReport {
    func group(_ variant: String) throws -> Group { try #require(groups.first { $0.variant == variant }) }
    func alternative(_ policy: String) throws -> Comparison { try #require(alternatives.first { $0.policy == policy }?.comparisons.first) }
    var first: Comparison { get throws { try #require(comparisons.first) } }
}

// Whether a number is another, but for a rounding; what is no number is the same as another that is none.
func close(_ a: Double?, _ b: Double?, _ tolerance: Double = 1e-9) -> Bool {
    guard let a, let b else { return false }
    return a == b || a.isNaN && b.isNaN || abs(a - b) <= tolerance * max(abs(a), abs(b))
}
