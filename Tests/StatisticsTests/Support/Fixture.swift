import Foundation
import Testing

/// Reference values from a JSON file.
enum Fixture {
    /// A file that is committed beside the tests.
    static func committed<T: Decodable>(_ name: String, as type: T.Type = T.self) throws -> T {
        let url = try #require(Bundle.module.url(forResource: "Fixtures/\(name)", withExtension: "json"))
        return try JSONDecoder().decode(T.self, from: Data(contentsOf: url))
    }

    /// Where reference values of other projects lie: `GOSSET_ORACLES`, or `../shared/oracles` beside the package; `nil` if nowhere.
    static let oracles: URL? = {
        let package = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "../../..").standardized
        let candidates =
            [ProcessInfo.processInfo.environment["GOSSET_ORACLES"].map { URL(filePath: $0) }]
            + ["../shared/oracles", "../../shared/oracles"].map { package.appending(path: $0).standardized }
        return candidates.compactMap { $0 }.first { FileManager.default.fileExists(atPath: $0.path) }
    }()

    static var hasOracles: Bool { oracles != nil }

    static func oracle<T: Decodable>(_ path: String, as type: T.Type = T.self) throws -> T {
        try JSONDecoder().decode(T.self, from: Data(contentsOf: #require(oracles).appending(path: path)))
    }

    static func oracleText(_ path: String) throws -> String {
        try String(contentsOf: #require(oracles).appending(path: path), encoding: .utf8)
    }
}

/// How far `value` is from `reference`, relative to it.
func relativeError(_ value: Double, _ reference: Double) -> Double {
    if value == reference { return 0 }
    if reference == 0 { return abs(value) }
    return abs(value - reference) / abs(reference)
}

/// Whether two numbers agree to a relative tolerance, or to an absolute one near zero.
func close(_ a: Double, _ b: Double, _ tolerance: Double, absolute: Double = 0) -> Bool {
    a == b || abs(a - b) <= max(absolute, tolerance * max(abs(a), abs(b)))
}
