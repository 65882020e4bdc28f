internal import Foundation

/// Where the shared library of a driver lies.
struct DriverLibrary {
    /// The name in addresses and folders: `duckdb`.
    let name: String
    /// The variable of the environment that gives it: `GOSSET_DUCKDB`.
    let variable: String
    /// What its file may be called when it stands among the system's libraries.
    let systemName: String

    static let duckDB = DriverLibrary(name: "duckdb", variable: "GOSSET_DUCKDB", systemName: "libduckdb.so")
    static let chDB = DriverLibrary(name: "chdb", variable: "GOSSET_CHDB", systemName: "libchdb.so")
    static let postgreSQL = DriverLibrary(
        name: "postgresql", variable: "GOSSET_ADBC_POSTGRESQL", systemName: "libadbc_driver_postgresql.so")

    /// What to do when it is missing.
    var advice: String {
        "run scripts/bootstrap\(self.name == "duckdb" ? "" : " test") in the checkout, or give the library's path in \(variable)"
    }

    /// The library of the environment; else that which `scripts/bootstrap` fetched into the checkout the program stands in, or which lies in
    /// `lib/gosset` beside its folder; else the system's.
    func path(environment: [String: String], program: String) -> String {
        if let path = environment[variable], !path.isEmpty { return path }
        var folder = URL(filePath: program).resolvingSymlinksInPath().deletingLastPathComponent()
        for _ in 0..<8 {
            for candidate in [".drivers/\(name)", "lib/gosset/\(name)"] {
                let files = (try? FileManager.default.subpathsOfDirectory(atPath: folder.appending(path: candidate).path)) ?? []
                if let file = files.filter({ $0.hasSuffix(".so") && !$0.contains(".libs/") }).sorted().first {
                    return folder.appending(path: candidate).appending(path: file).path
                }
            }
            guard folder.path != "/" else { break }
            folder.deleteLastPathComponent()
        }
        return systemName
    }
}
