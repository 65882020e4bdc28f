import Foundation
import HTTPServerTesting
import Testing

// A `gosset serve` that runs for a test, on a free port.
final class GossetProcess: Sendable {
    struct Failure: Error, CustomStringConvertible { let description: String }

    let program: Program
    let port: Int
    // The administrator's token, where one was made or given.
    let adminToken: String
    let client: LiveClient

    // The program lies beside the tests, for both are built into one directory.
    static let path: String = {
        let own = (try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")) ?? CommandLine.arguments[0]
        return URL(fileURLWithPath: own).deletingLastPathComponent().path + "/gosset"
    }()

    // Starts the server and returns when it says that it serves.
    init(
        data: String? = nil, _ flags: [String] = [], environment: [String: String] = [:], adminToken: String? = nil, ignoring: Int32? = nil
    ) async throws {
        var environment = environment
        environment["GOSSET_ADMIN_TOKEN"] = adminToken
        let command = [GossetProcess.path, "serve", "--port", "0"] + (data.map { ["--data", $0] } ?? []) + flags
        let program = try Program(command, environment: environment, ignoring: ignoring)
        let welcome = try await eventually("gosset to serve", within: 60, every: .milliseconds(2)) {
            if let ending = program.endingSoFar { throw Failure(description: "gosset ended at once, \(ending): \(program.errors)") }
            let output = program.output
            return output.contains("\nTry: ") && output.hasSuffix("\n") ? output : nil
        }
        guard let address = welcome.firstMatch(of: #/serves http://[^ ]*:(\d+)\n/#), let port = Int(address.1) else {
            throw Failure(description: "gosset did not say where it serves: \(welcome)")
        }
        self.program = program
        self.port = port
        self.adminToken = adminToken ?? welcome.firstMatch(of: #/admin token (gosset_\S+)/#).map { String($0.1) } ?? ""
        client = LiveClient(port: port)
    }

    // Runs a command of the program that ends by itself.
    static func run(
        _ arguments: [String], environment: [String: String] = [:]
    ) async throws -> (ending: Ending, output: String, errors: String) {
        let program = try Program([path] + arguments, environment: environment)
        let ending = try await program.end(within: 60)
        return (ending, program.output, program.errors)
    }

    // What it has logged so far.
    var log: String { program.errors }

    // Asks it to stop, and expects that it does so cleanly.
    func stop(sourceLocation: SourceLocation = #_sourceLocation) async throws {
        program.signal(SIGTERM)
        let ending = try await program.end()
        #expect(ending == .exited(0), "\(log.suffix(2000))", sourceLocation: sourceLocation)
    }

    // Ends it as a power cut would.
    func kill() async throws {
        program.signal(SIGKILL)
        _ = try await program.end()
    }

    func connect(patienceSeconds: Double = 30) throws -> LiveConnection {
        try LiveConnection(port: port, patienceSeconds: patienceSeconds)
    }
}
