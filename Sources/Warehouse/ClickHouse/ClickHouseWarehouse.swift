package import Foundation
internal import HTTPClient
internal import Synchronization

/// A ClickHouse server or cluster, over HTTP.
///
/// All statements belong to one session of the server, in which temporary tables live.
package final class ClickHouseWarehouse: Warehouse {
    package let dialect = Dialect.clickHouse
    package let readsFiles = false
    private let address: URL
    /// As it was given.
    private let given: URL
    /// Seconds after which the server forgets a session that is not used.
    private let sessionTimeout: Int
    private let name: String
    private let user: (name: String, password: String)?
    /// Where tables are that are named without a database; nil for the server's own choice.
    private let database: String?
    private let client: HTTPClient
    private let sessionID = UUID().uuidString
    private let limits: WarehouseLimits
    private let running = Mutex<String?>(nil)
    private let hasAnswered = Mutex(false)
    private let supportsCancelling = Mutex(false)
    /// When the session was used last in which the database was chosen.
    private let lastUse = Mutex<ContinuousClock.Instant?>(nil)

    /// A setting that a server of 2018 does not know: a query whose client is gone is ended.
    private static let cancelling = "cancel_http_readonly_queries_on_client_close"

    /// A server by its address, `http://user:password@host:8123/database`.
    package convenience init(_ address: URL, limits: WarehouseLimits = WarehouseLimits()) throws(WarehouseError) {
        try self.init(address, limits: limits, sessionTimeout: 3600)
    }

    private init(_ address: URL, limits: WarehouseLimits, sessionTimeout: Int) throws(WarehouseError) {
        self.sessionTimeout = sessionTimeout
        name = "ClickHouse at \(address.host() ?? ""):\(address.port ?? 0)"
        self.limits = limits
        given = address
        guard var parts = URLComponents(url: address, resolvingAgainstBaseURL: false) else {
            throw .address(address.absoluteString, expected: "clickhouse://HOST:8123/DATABASE")
        }
        user = parts.user.map { ($0, parts.password ?? "") }
        let database = String(parts.path.drop { $0 == "/" })
        self.database = database.isEmpty ? nil : database
        (parts.user, parts.password, parts.path) = (nil, nil, "/")
        parts.queryItems = (parts.queryItems ?? []) + (database.isEmpty ? [] : [URLQueryItem(name: "database", value: database)])
        guard let url = parts.url else { throw .address(address.absoluteString, expected: "clickhouse://HOST:8123/DATABASE") }
        self.address = url
        // One statement at a time, which may take long.
        client = HTTPClient(connections: 1, patienceSeconds: 3600, mostBytes: limits.answerBytes)
    }

    /// Sees whether the server answers, and what it knows.
    func greet() async throws(WarehouseError) {
        let found = try await query("SELECT count() AS n FROM system.settings WHERE name = \(value: ClickHouseWarehouse.cancelling)")
        let isKnown = try found.counts("n").first == 1
        supportsCancelling.withLock { $0 = isKnown }
    }

    /// Runs a query and gives its rows.
    package func query(_ sql: SQL) async throws(WarehouseError) -> ResultTable {
        let text = try dialect.text(sql)
        return try TabSeparated.table(await send(text + "\nFORMAT TabSeparatedWithNamesAndTypes"))
    }

    /// Runs a statement that gives no rows.
    package func execute(_ sql: SQL) async throws(WarehouseError) { _ = try await send(dialect.text(sql)) }

    /// A session of its own with the same server.
    package func another() async throws(WarehouseError) -> any Warehouse {
        // There may be many, one after the other, each for one purpose.
        let other = try ClickHouseWarehouse(given, limits: limits, sessionTimeout: 60)
        let isKnown = supportsCancelling.withLock { $0 }
        other.supportsCancelling.withLock { $0 = isKnown }
        return other
    }

    /// Asks the server to end what runs; it also ends a query whose client is gone.
    package func cancel() {
        guard let id = running.withLock({ $0 }) else { return }
        // Over a connection of its own: the other one is taken.
        _ = try? HTTPConnection(patienceSeconds: 2).send(call("KILL QUERY WHERE query_id = '\(id)' ASYNC", inSession: false))
    }

    private func call(_ text: String, inSession: Bool = true, id: String? = nil) -> HTTPCall {
        var items = [
            // A join's missing side is missing, and not 0 or an empty text.
            URLQueryItem(name: "join_use_nulls", value: "1"),
            // An error in the middle of an answer must not look like its end.
            URLQueryItem(name: "wait_end_of_query", value: "1"),
        ]
        if inSession {
            items += [
                URLQueryItem(name: "session_id", value: sessionID), URLQueryItem(name: "session_timeout", value: "\(sessionTimeout)"),
            ]
        }
        if let id { items.append(URLQueryItem(name: "query_id", value: id)) }
        let headers = user.map { [("X-ClickHouse-User", $0.name), ("X-ClickHouse-Key", $0.password)] } ?? []
        return HTTPCall("POST", address.appending(queryItems: items).absoluteString, headers: headers, body: Array(text.utf8))
    }

    /// Runs a statement of the session, in its database.
    private func send(_ text: String) async throws(WarehouseError) -> [UInt8] {
        try await chooseDatabase()
        let answer = try await answer(to: text)
        lastUse.withLock { $0 = .now }
        return answer
    }

    /// Has names mean the tables of the database in all of a statement.
    ///
    /// A server of 2018 looks in the database of the address for some of them only, and for those inside of queries in its own, unless the session
    /// says `USE`; a session that has not been used for long is forgotten, and what it said with it.
    private func chooseDatabase() async throws(WarehouseError) {
        guard let database else { return }
        let isFresh = lastUse.withLock { $0.map { ContinuousClock.now - $0 < .seconds(sessionTimeout / 2) } ?? false }
        if !isFresh { _ = try await answer(to: dialect.text("USE \(column: database)")) }
    }

    private func answer(to text: String) async throws(WarehouseError) -> [UInt8] {
        let id = UUID().uuidString
        running.withLock { $0 = id }
        defer { running.withLock { $0 = nil } }
        let answer: HTTPAnswer
        do throws(HTTPFailure) {
            answer = try await client.send(call(text, id: id))
        } catch {
            switch error.cause {
            case .tooLarge: throw .tooLarge(bytes: limits.answerBytes)
            case .calledOff: throw .cancelled
            case .broken: throw .lost(name, reason: "the server ended it, or is gone")
            // A request whose connection was closed before it came is sent once more by libcurl, and then finds nobody.
            case .unreachable where hasAnswered.withLock({ $0 }): throw .lost(name, reason: "the server is gone")
            case .unreachable:
                throw .connection(name, reason: "nothing answers there; is the server running, and is this its HTTP port?")
            default:
                if hasAnswered.withLock({ $0 }) { throw .lost(name, reason: error.description) }
                throw .connection(name, reason: error.description)
            }
        }
        hasAnswered.withLock { $0 = true }
        guard answer.status == 200 else {
            let said = String(decoding: answer.body.prefix(2000), as: UTF8.self).prefix { !$0.isNewline }.description
            if said.contains("Code: 394") { throw .cancelled }
            if [401, 403].contains(answer.status) || ["Code: 193", "Code: 192", "Code: 516"].contains(where: said.contains) {
                throw .connection(name, reason: "the user or the password is wrong: \(said)")
            }
            // Not enough space on the disk, or memory limit exceeded.
            if said.contains("Code: 243") || said.contains("Code: 241") { throw .exhausted(name, reason: Self.shortened(said)) }
            throw .refused(reason: said.isEmpty ? "HTTP status \(answer.status)" : Self.shortened(said))
        }
        return answer.body
    }

    /// What the server says, without its class names and its stack.
    private static func shortened(_ text: String) -> String {
        var text = text.replacing("DB::Exception: ", with: "")
        for mark in [", Stack trace", ", e.what()"] {
            if let range = text.firstRange(of: mark) { text = String(text[..<range.lowerBound]) }
        }
        return text.replacing("e.displayText() = ", with: "")
    }
}
