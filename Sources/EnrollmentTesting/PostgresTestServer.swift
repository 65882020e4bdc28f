import Foundation

/// A real PostgreSQL server for tests: a cluster of its own in a temporary directory, on a free port of the loopback address.
///
/// A guardian, a shell that reads from a pipe of ours, stops the server and removes the directory when the pipe closes: also when the
/// tests crash.
package final class PostgresTestServer: Sendable {
    /// What went wrong with one of the server's programs, with its output.
    package struct Failure: Error, CustomStringConvertible {
        package let description: String

        init(_ description: String) { self.description = description }
    }

    package let port: UInt16
    private let synced: Bool
    private let directory: String
    private let lifeline: Int32

    private static let programs = "/usr/lib/postgresql/15/bin"

    /// The server that the tests of this process share.
    package static let shared = Result { try PostgresTestServer() }

    /// Makes a cluster and starts it.
    ///
    /// Needs Debian's `postgresql-15`.
    ///
    /// - Parameter synced: whether commits are synced to the disk. Tests do without: they end servers, but not the operating system.
    package init(synced: Bool = false) throws {
        self.synced = synced
        directory = "/tmp/gosset-postgres-\(UUID().uuidString)"
        port = try FreePort.find()
        var pipe: [Int32] = [-1, -1]
        guard Foundation.pipe(&pipe) == 0, fcntl(pipe[1], F_SETFD, FD_CLOEXEC) == 0 else {
            throw Failure("There is no pipe: \(String(cString: strerror(errno)))")
        }
        lifeline = pipe[1]
        defer { close(pipe[0]) }
        try FileManager.default.createDirectory(atPath: directory, withIntermediateDirectories: true)
        if geteuid() == 0 { try Self.run(["chown", "postgres", directory]) }
        let script = #"cat; "$@"; rm -rf "$0""#
        _ = try Spawn(["/bin/sh", "-c", script, directory] + Self.stopping(directory), input: pipe[0]).start()
        try Self.run(
            Self.asPostgres([
                Self.programs + "/initdb", "--pgdata", directory + "/data", "--username", "gosset", "--auth", "trust", "--encoding", "UTF8",
                "--locale", "C", "--no-sync",
            ]))
        try start()
    }

    deinit { close(lifeline) }

    /// Makes an empty database and gives its address.
    package func makeDatabase() throws -> String {
        let name = "d" + UUID().uuidString.replacing("-", with: "").lowercased()
        try Self.run([Self.programs + "/createdb", "--host", "127.0.0.1", "--port", "\(port)", "--username", "gosset", name])
        return "postgres://gosset@127.0.0.1:\(port)/\(name)"
    }

    /// Runs SQL in a database of this server and gives what `psql` prints, one row a line.
    @discardableResult
    package func run(_ sql: String, in database: String) throws -> String {
        try Self.run([
            Self.programs + "/psql", "--no-psqlrc", "--tuples-only", "--no-align", "--set", "ON_ERROR_STOP=1", "--command", sql, database,
        ])
    }

    /// Starts the server, and returns when it accepts connections.
    package func start() throws {
        let options = [
            "listen_addresses=127.0.0.1", "port=\(port)", "unix_socket_directories=\(directory)", "max_connections=50",
            "fsync=\(synced ? "on" : "off")",
        ].map { "-c \($0)" }.joined(separator: " ")
        try Self.run(
            Self.asPostgres([
                Self.programs + "/pg_ctl", "start", "--wait", "--pgdata", directory + "/data", "--log", directory + "/log", "--options",
                options,
            ]))
    }

    /// Ends the server at once, as a crash would: what was not committed is lost.
    package func stop() throws { try Self.run(Self.stopping(directory)) }

    private static func stopping(_ directory: String) -> [String] {
        asPostgres([programs + "/pg_ctl", "stop", "--wait", "--mode", "immediate", "--pgdata", directory + "/data"])
    }

    /// The server's programs refuse to run as root, and want a directory that they may read.
    private static func asPostgres(_ command: [String]) -> [String] {
        let prefix = ["setpriv", "--reuid", "postgres", "--regid", "postgres", "--init-groups", "env", "--chdir", "/"]
        return geteuid() == 0 ? prefix + command : command
    }

    @discardableResult
    private static func run(_ command: [String]) throws -> String {
        // A file and not a pipe, which a server that goes on running would keep open.
        let output = "/tmp/gosset-output-\(UUID().uuidString)"
        defer { unlink(output) }
        var spawn = Spawn(command)
        (spawn.output, spawn.errors) = (output, output)
        let status = try spawn.run()
        let text = String(decoding: FileManager.default.contents(atPath: output) ?? Data(), as: UTF8.self)
            .trimmingCharacters(in: .whitespacesAndNewlines)
        guard status == 0 else { throw Failure("\(command.joined(separator: " ")): \(text)") }
        return text
    }
}
