internal import Foundation

/// What a connection may use of this machine.
package struct WarehouseLimits: Hashable, Sendable {
    /// The memory that DuckDB may take; its own choice where it is not given.
    package var memory: MemoryLimit?
    /// Where it puts what does not fit into memory.
    package var temporaryDirectory: String?
    /// How many processors an embedded engine may use at a time; all where it is not given.
    package var threads: Int?
    /// Whether all else that this process does comes before what an embedded engine does.
    package var isInBackground = false
    /// How many bytes an answer may have.
    package var answerBytes = 1 << 30

    /// The engine's own limits.
    package init(memory: MemoryLimit? = nil, temporaryDirectory: String? = nil) {
        self.memory = memory
        self.temporaryDirectory = temporaryDirectory
    }

    /// Of an engine inside a server, whose devices come first: one processor, when nobody else wants it.
    package static var background: WarehouseLimits {
        var limits = WarehouseLimits()
        (limits.threads, limits.isInBackground) = (1, true)
        return limits
    }
}

extension WarehouseAddress {
    /// Connects, loading a driver where one is needed.
    package func connect(
        environment: [String: String] = ProcessInfo.processInfo.environment, limits: WarehouseLimits = WarehouseLimits()
    ) async throws(WarehouseError) -> any Warehouse {
        func driver(_ library: DriverLibrary, _ entryPoint: String, _ options: [String: String]) -> ADBCDriver {
            self.driver(library, entryPoint, options, environment)
        }
        switch self {
        case .duckDB(let file):
            let warehouse = try await ADBCWarehouse(
                duckDBDriver(file: file, environment: environment), dialect: .duckDB, readsFiles: true,
                isInBackground: limits.isInBackground)
            // What a plan does not need is not fetched from anywhere by itself.
            try await warehouse.execute("SET autoinstall_known_extensions = false")
            if let threads = limits.threads { try await warehouse.execute("SET threads = \(value: threads)") }
            if let memory = limits.memory { try await warehouse.execute("SET memory_limit = \(value: memory.text)") }
            if let directory = limits.temporaryDirectory { try await warehouse.execute("SET temp_directory = \(value: directory)") }
            return warehouse
        case .chDB(let folder):
            return try await ADBCWarehouse(
                driver(.chDB, "chdb_adbc_init", folder.map { ["path": $0] } ?? [:]), dialect: .clickHouse, readsFiles: false)
        case .postgreSQL(let address):
            return try await ADBCWarehouse(
                driver(.postgreSQL, "AdbcDriverPostgresqlInit", ["uri": address]), dialect: .postgreSQL, readsFiles: false)
        case .clickHouse(let url):
            let warehouse = try ClickHouseWarehouse(url, limits: limits)
            try await warehouse.greet()
            return warehouse
        case .adbc(let library, let entryPoint, let dialect, let options):
            let advice = "give the full path of a driver for ADBC, and its entry point as ?entrypoint=NAME"
            let driver = ADBCDriver(
                name: library, address: name, library: library, entryPoint: entryPoint, options: options, advice: advice)
            return try await ADBCWarehouse(driver, dialect: dialect, readsFiles: false)
        }
    }

    /// The driver of DuckDB, for a file or for data in memory.
    func duckDBDriver(file: String?, environment: [String: String]) -> ADBCDriver {
        driver(.duckDB, "duckdb_adbc_init", ["path": file ?? ":memory:"], environment)
    }

    private func driver(
        _ library: DriverLibrary, _ entryPoint: String, _ options: [String: String], _ environment: [String: String]
    ) -> ADBCDriver {
        let program = (try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")) ?? CommandLine.arguments[0]
        return ADBCDriver(
            name: library.name, address: name, library: library.path(environment: environment, program: program), entryPoint: entryPoint,
            options: options, advice: library.advice)
    }
}
