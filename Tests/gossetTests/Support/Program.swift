import EnrollmentTesting
import Foundation
import Synchronization

// How a program ended.
enum Ending: Equatable, Sendable {
    case exited(Int32)
    case killed(signal: Int32)
}

// A program that runs for a test. It is killed at the end of the test, whatever becomes of that.
final class Program: Sendable {
    let id: pid_t
    private let directory: TemporaryDirectory
    private let ending = Mutex<Ending?>(nil)
    private let undoing: Int

    init(_ command: [String], environment: [String: String] = [:], ignoring: Int32? = nil) throws {
        directory = try TemporaryDirectory()
        var spawn = Spawn(command)
        spawn.environment.merge(environment) { $1 }
        spawn.output = directory.path + "/output"
        spawn.errors = directory.path + "/errors"
        spawn.ignoring = ignoring
        id = try spawn.start()
        undoing = Guardian.shared.remember("kill -9 -- -\(id)")
    }

    deinit {
        guard ending.withLock({ $0 }) == nil else { return }
        Foundation.kill(-id, SIGKILL)
        var status: Int32 = 0
        while waitpid(id, &status, 0) < 0, errno == EINTR {}
        Guardian.shared.forget(undoing)
    }

    // What it has printed on standard output so far.
    var output: String { directory.text(of: "output") }

    // What it has printed on standard error so far.
    var errors: String { directory.text(of: "errors") }

    func signal(_ number: Int32) { Foundation.kill(id, number) }

    // How it ended, or nil while it runs.
    var endingSoFar: Ending? {
        ending.withLock { ending in
            var status: Int32 = 0
            if ending == nil, waitpid(id, &status, WNOHANG) == id {
                ending = status & 0x7F == 0 ? .exited(status >> 8 & 0xFF) : .killed(signal: status & 0x7F)
                Guardian.shared.forget(undoing)
            }
            return ending
        }
    }

    // Waits for its end.
    func end(within seconds: Double = 30) async throws -> Ending {
        try await eventually("the end of process \(id)", within: seconds, every: .milliseconds(2)) { self.endingSoFar }
    }

    // Memory that it has in use, in bytes.
    var residentBytes: Int {
        let fields = (try? String(contentsOfFile: "/proc/\(id)/statm", encoding: .utf8))?.split(separator: " ") ?? []
        return fields.count > 1 ? (Int(fields[1]) ?? 0) * Int(getpagesize()) : 0
    }

    // Seconds of processors that it has used.
    var processorSeconds: Double {
        let fields =
            (try? String(contentsOfFile: "/proc/\(id)/stat", encoding: .utf8))?.split(separator: ")").last?.split(separator: " ") ?? []
        guard fields.count > 12, let user = Double(fields[11]), let system = Double(fields[12]) else { return 0 }
        return (user + system) / Double(sysconf(Int32(_SC_CLK_TCK)))
    }

    // Descriptors that it has open.
    var openDescriptors: Int { (try? FileManager.default.contentsOfDirectory(atPath: "/proc/\(id)/fd").count) ?? 0 }
}
