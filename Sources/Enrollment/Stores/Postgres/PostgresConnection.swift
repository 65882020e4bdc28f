import CPostgres
import Foundation

/// A statement that a connection prepares when it is first used.
///
/// The text is a literal, so that nothing from outside can get in.
struct PostgresStatement {
    let name: String
    let sql: StaticString

    init(_ name: String, _ sql: StaticString) {
        self.name = name
        self.sql = sql
    }
}

/// One connection to a server; closed with the object.
///
/// Nothing it does takes longer than the deadline.
///
/// The server's `statement_timeout` ends what takes too long, but a server that hangs or is cut off will not say so; therefore the
/// connection does not block, and waits for the socket only until its own deadline.
final class PostgresConnection {
    private let handle: OpaquePointer
    private let patience: Duration
    private var prepared: Set<String> = []

    /// Connects to `postgres://user@host:port/database?option=value`, or whatever else libpq understands.
    init(uri: String, patience: Duration) throws(StoreError) {
        self.patience = patience
        // What comes before dbname can be overridden by the address.
        let parameters = [
            ("application_name", "gosset"), ("connect_timeout", "5"), ("tcp_user_timeout", "5000"), ("keepalives_idle", "5"),
            ("keepalives_interval", "2"), ("keepalives_count", "3"), ("dbname", uri),
        ]
        let names = parameters.map { strdup($0.0) } + [nil]
        let values = parameters.map { strdup($0.1) } + [nil]
        defer { (names + values).forEach { free($0) } }
        let opened = PQconnectdbParams(names.map { UnsafePointer($0) }, values.map { UnsafePointer($0) }, 1)
        guard let opened else { throw StoreError(.inputOutput, "libpq could not be started") }
        handle = opened
        guard PQstatus(handle) == CONNECTION_OK else {
            throw StoreError(.disconnected, "Cannot connect to PostgreSQL", cause: Self.oneLine(String(cString: PQerrorMessage(handle))))
        }
        PQsetnonblocking(handle, 1)
        // Notices would go to standard error; what matters comes as a result.
        PQsetNoticeProcessor(handle, { _, _ in }, nil)
    }

    deinit { PQfinish(handle) }

    /// Runs statements that take no values, as one transaction unless they say otherwise.
    func execute(_ sql: StaticString) throws(StoreError) {
        try sent(PQsendQuery(handle, sql.description))
        try finish()
    }

    /// Runs one statement.
    func query(_ statement: PostgresStatement, _ values: [PostgresValue] = []) throws(StoreError) -> PostgresResult {
        try prepare(statement)
        try send(statement, values)
        return try finish()
    }

    /// Sends statements together and reads their results together: one round trip.
    ///
    /// The first failure ends them all.
    func pipeline(_ steps: [(statement: PostgresStatement, values: [PostgresValue])]) throws(StoreError) -> [PostgresResult] {
        for step in steps { try prepare(step.statement) }
        try sent(PQenterPipelineMode(handle))
        for step in steps { try send(step.statement, step.values) }
        try sent(PQpipelineSync(handle))
        var results: [PostgresResult] = []
        for _ in steps { results.append(try finish()) }
        // The sync is answered when everything before it is done.
        guard try nextResult()?.status == PGRES_PIPELINE_SYNC else { throw failure(nil) }
        try sent(PQexitPipelineMode(handle))
        return results
    }

    // MARK: Sending and receiving

    private func prepare(_ statement: PostgresStatement) throws(StoreError) {
        guard !prepared.contains(statement.name) else { return }
        try sent(PQsendPrepare(handle, statement.name, statement.sql.description, 0, nil))
        try finish()
        prepared.insert(statement.name)
    }

    private func send(_ statement: PostgresStatement, _ values: [PostgresValue]) throws(StoreError) {
        try sent(
            PostgresValues(values).withPointers { count, pointers, lengths, formats in
                PQsendQueryPrepared(handle, statement.name, count, pointers, lengths, formats, 1)
            })
    }

    private func sent(_ accepted: Int32) throws(StoreError) {
        guard accepted == 1 else { throw failure(nil) }
    }

    /// Reads the results of one statement to their end, and gives the last.
    @discardableResult
    private func finish() throws(StoreError) -> PostgresResult {
        var last: PostgresResult?
        while let result = try nextResult() {
            guard result.status == PGRES_COMMAND_OK || result.status == PGRES_TUPLES_OK else { throw failure(result) }
            last = result
        }
        guard let last else { throw failure(nil) }
        return last
    }

    private func nextResult() throws(StoreError) -> PostgresResult? {
        try wait()
        return PQgetResult(handle).map(PostgresResult.init)
    }

    /// Waits until a result, or the end of them, can be read without blocking.
    private func wait() throws(StoreError) {
        let deadline = ContinuousClock.now + patience
        while true {
            let unsent = PQflush(handle)
            guard unsent >= 0 else { throw failure(nil) }
            if unsent == 0, PQisBusy(handle) == 0 { return }
            let left = (deadline - ContinuousClock.now) / .milliseconds(1)
            guard left > 0 else { throw StoreError(.timeout, "PostgreSQL did not answer within \(patience)") }
            var socket = pollfd(fd: PQsocket(handle), events: Int16(POLLIN | (unsent > 0 ? POLLOUT : 0)), revents: 0)
            guard poll(&socket, 1, Int32(left.rounded(.up))) >= 0 || errno == EINTR else { throw failure(nil) }
            if socket.revents != 0, PQconsumeInput(handle) == 0 { throw failure(nil) }
        }
    }

    // MARK: Failures

    private func failure(_ result: PostgresResult?) -> StoreError {
        let state = result?.state ?? ""
        let text = result?.message ?? String(cString: PQerrorMessage(handle))
        let cause = Self.oneLine(text) + (state.isEmpty ? "" : " (SQLSTATE \(state))")
        let code = PQstatus(handle) == CONNECTION_OK ? Self.code(of: state) : .disconnected
        return StoreError(code, "The registry's database failed", cause: cause)
    }

    /// Source: PostgreSQL documentation, appendix A.
    private static func code(of state: String) -> StoreError.Code {
        switch state {
        case "53100", "53200": .full
        case "25006", "42501": .readOnly
        case "57014", "55P03", "25P03": .timeout
        case "57P01", "57P02", "57P03", "53300": .disconnected
        case "58030": .inputOutput
        case "XX001", "XX002", "23505", "23514": .corrupt
        default: state.hasPrefix("08") ? .disconnected : .rejected
        }
    }

    private static func oneLine(_ text: String) -> String {
        text.split(whereSeparator: \.isNewline).map { $0.trimmingCharacters(in: .whitespaces) }.joined(separator: "; ")
    }
}
