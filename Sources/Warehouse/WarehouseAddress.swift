package import Foundation

/// Where the data live: `duckdb:`, `duckdb:FILE`, `postgres://…`, `clickhouse://HOST:8123/DATABASE`, `chdb:`, or any ADBC driver.
package enum WarehouseAddress: Hashable, Sendable {
    /// DuckDB inside the program, in memory or in a file.
    case duckDB(file: String?)
    /// ClickHouse inside the program, in memory or in a folder.
    case chDB(folder: String?)
    /// PostgreSQL, by the address that libpq takes.
    case postgreSQL(String)
    /// ClickHouse over HTTP.
    case clickHouse(URL)
    /// Any driver, by its library and entry point, with the SQL of the database behind it and the options it takes.
    case adbc(library: String, entryPoint: String, dialect: Dialect, options: [String: String])

    /// Reads an address.
    package init(_ text: String) throws(WarehouseError) {
        let expected =
            "duckdb:, duckdb:FILE, postgres://USER@HOST/DATABASE, clickhouse://HOST:8123/DATABASE, clickhouse+https://…, chdb:, "
            + "or adbc:LIBRARY?entrypoint=NAME&dialect=duckdb, postgresql, clickhouse or standard&OPTION=VALUE"
        guard let colon = text.firstIndex(of: ":") else { throw .address(text, expected: expected) }
        let (scheme, rest) = (text[..<colon].lowercased(), String(text[text.index(after: colon)...]))
        switch scheme {
        case "duckdb": self = .duckDB(file: rest.isEmpty || rest == ":memory:" ? nil : rest)
        case "chdb": self = .chDB(folder: rest.isEmpty ? nil : rest)
        case "postgres", "postgresql": self = .postgreSQL(text)
        case "clickhouse", "clickhouse+http", "clickhouse+https", "clickhouses":
            let http = scheme.hasSuffix("https") || scheme == "clickhouses" ? "https" : "http"
            guard var parts = URLComponents(string: http + ":" + rest), let host = parts.host, !host.isEmpty else {
                throw .address(WarehouseAddress.withoutPassword(text), expected: expected)
            }
            parts.port = parts.port ?? (http == "https" ? 8443 : 8123)
            guard let url = parts.url else { throw .address(WarehouseAddress.withoutPassword(text), expected: expected) }
            self = .clickHouse(url)
        case "adbc":
            guard let parts = URLComponents(string: rest), !parts.path.isEmpty else { throw .address(text, expected: expected) }
            var options: [String: String] = [:]
            for item in parts.queryItems ?? [] { options[item.name] = item.value ?? "" }
            let entryPoint = options.removeValue(forKey: "entrypoint") ?? "AdbcDriverInit"
            let named = options.removeValue(forKey: "dialect") ?? ""
            guard let dialect = named.isEmpty ? WarehouseAddress.dialect(of: entryPoint) : WarehouseAddress.dialects[named.lowercased()]
            else { throw .address("dialect=" + named, expected: expected) }
            self = .adbc(library: parts.path, entryPoint: entryPoint, dialect: dialect, options: options)
        default: throw .address(WarehouseAddress.withoutPassword(text), expected: expected)
        }
    }

    /// What is connected to, without its password.
    package var name: String {
        switch self {
        case .duckDB(let file): "duckdb:" + (file ?? "")
        case .chDB(let folder): "chdb:" + (folder ?? "")
        case .postgreSQL(let address): WarehouseAddress.withoutPassword(address)
        case .clickHouse(let url): "clickhouse://\(url.host() ?? ""):\(url.port ?? 0)\(url.path)"
        case .adbc(let library, _, _, _): "adbc:" + library
        }
    }

    private static let dialects: [String: Dialect] = [
        "duckdb": .duckDB, "postgresql": .postgreSQL, "clickhouse": .clickHouse, "standard": .standard,
    ]

    /// What is likely behind a driver.
    private static func dialect(of entryPoint: String) -> Dialect {
        let name = entryPoint.lowercased()
        if name.contains("duckdb") { return .duckDB }
        if name.contains("postgres") { return .postgreSQL }
        if name.contains("chdb") || name.contains("clickhouse") { return .clickHouse }
        return .standard
    }

    static func withoutPassword(_ address: String) -> String {
        guard var parts = URLComponents(string: address), parts.password != nil else { return address }
        parts.password = nil
        return parts.string ?? address
    }
}
