package import Foundation
package import Warehouse

/// Where the tests find drivers and data.
package enum TestWarehouses {
    /// The folder of the package.
    package static let package = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "../..").standardized

    /// The environment with the drivers that `scripts/bootstrap test` fetches; the test program itself lies elsewhere.
    package static let environment: [String: String] = {
        var environment = ProcessInfo.processInfo.environment
        for (variable, folder) in [("GOSSET_DUCKDB", "duckdb"), ("GOSSET_ADBC_POSTGRESQL", "postgresql"), ("GOSSET_CHDB", "chdb")] {
            let root = package.appending(path: ".drivers").appending(path: folder)
            let files = (try? FileManager.default.subpathsOfDirectory(atPath: root.path)) ?? []
            guard environment[variable] == nil, let file = files.filter({ $0.hasSuffix(".so") && !$0.contains(".libs/") }).min() else {
                continue
            }
            environment[variable] = root.appending(path: file).path
        }
        return environment
    }()

    /// Connects with these drivers.
    package static func connect(_ address: String, limits: WarehouseLimits = WarehouseLimits()) async throws -> any Warehouse {
        try await WarehouseAddress(address).connect(environment: environment, limits: limits)
    }

    /// Real data that lie beside the package in some places: `GOSSET_ORACLES/../data`, or `../shared/data`; nil where they do not.
    package static func sharedData(_ path: String) -> String? {
        let oracles = ProcessInfo.processInfo.environment["GOSSET_ORACLES"].map { URL(filePath: $0).appending(path: "../data") }
        let candidates = [oracles] + ["../shared/data", "../../shared/data"].map { package.appending(path: $0) }
        return candidates.compactMap { $0?.standardized.appending(path: path).path }.first { FileManager.default.fileExists(atPath: $0) }
    }
}
