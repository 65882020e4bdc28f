import HTTPServerTesting
import Testing

// What `/api/v1/statistics` answers, as a client of the API reads it.
struct StatisticsAnswer: Decodable, Equatable, Sendable {
    struct Variant: Decodable, Equatable, Sendable {
        let value: String
        let devices: Int
        let percent: Double?
        let intendedPercent: Double?
        let expectedDevices: Double
    }

    struct Experiment: Decodable, Equatable, Sendable {
        let key: String
        let state: String
        let devices: Int
        let blockSize: Int
        let balanced: Bool
        let imbalance: String?
        let variants: [Variant]

        // The devices of each value, in the order of the variants.
        var counts: [Int] { variants.map(\.devices) }
    }

    let devices: Int
    let experiments: [Experiment]
    let alarm: String?

    subscript(key: String) -> Experiment? { experiments.first { $0.key == key } }
}

extension StatisticsAnswer.Experiment {
    // Expects what permuted blocks make certain while the weights have not changed: whole blocks are exact, and the block under way has not
    // dealt more of a value than a block has.
    func expectWholeBlocks(sourceLocation: SourceLocation = #_sourceLocation) {
        #expect(balanced, sourceLocation: sourceLocation)
        #expect(variants.reduce(0) { $0 + $1.devices } == devices, sourceLocation: sourceLocation)
        let blocks = devices / blockSize
        for variant in variants {
            let share = Int(((variant.intendedPercent ?? 0) / 100 * Double(blockSize)).rounded())
            let most = devices % blockSize == 0 ? blocks * share : (blocks + 1) * share
            #expect((blocks * share...most).contains(variant.devices), "\(key): \(variant) of \(devices)", sourceLocation: sourceLocation)
        }
    }
}

extension GossetProcess {
    func statistics() async throws -> StatisticsAnswer { try await client.get("/api/v1/statistics").json() }

    // The statistics of one experiment, which must be among them.
    func statistics(of key: String) async throws -> StatisticsAnswer.Experiment { try #require(try await statistics()[key]) }
}
