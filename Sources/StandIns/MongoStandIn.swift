internal import Foundation
internal import Synchronization

/// A server that speaks MongoDB's wire protocol, for tests of the real driver; see `Tests/Support/mongo_server.py`.
///
/// It ends with the object, and with the process that made it, whatever becomes of that: its input ends then.
package final class MongoStandIn: Sendable {
    /// What went wrong with it.
    package struct Failure: Error, CustomStringConvertible { package let description: String }

    private struct Pipes {
        let process: Process
        let input: FileHandle
        let output: FileHandle
        var received: [UInt8] = []
    }

    package let port: Int
    private let pipes: Mutex<Pipes>

    private static let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent()

    /// The interpreter that `scripts/bootstrap test` prepares.
    package static let python = root.appending(path: ".build-python/bin/python3").path

    /// Starts it; with a port, on that.
    package init(port: Int? = nil) throws {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: MongoStandIn.python)
        let script = MongoStandIn.root.appending(path: "Tests/Support/mongo_server.py").path
        process.arguments = [script] + (port.map { ["\($0)"] } ?? [])
        let (input, output) = (Pipe(), Pipe())
        process.standardInput = input
        process.standardOutput = output
        try process.run()
        var pipes = Pipes(process: process, input: input.fileHandleForWriting, output: output.fileHandleForReading)
        guard let first = Self.line(&pipes), let port = Int(first) else {
            throw Failure(description: "the stand-in for MongoDB did not start; run scripts/bootstrap test")
        }
        self.port = port
        self.pipes = Mutex(pipes)
    }

    deinit { stop() }

    /// Its address, with the database `shop`; options as in a connection string.
    package func uri(_ options: String = "") -> String { "mongodb://127.0.0.1:\(port)/shop?\(options)" }

    /// Tells it how to behave, or asks it something; see the script.
    @discardableResult
    package func tell(_ line: String) throws -> String {
        try pipes.withLock { pipes in
            try pipes.input.write(contentsOf: Data((line + "\n").utf8))
            guard let answer = Self.line(&pipes) else { throw Failure(description: "the stand-in for MongoDB is gone") }
            return answer
        }
    }

    /// Ends it, as a crash would: nobody is told.
    package func stop() {
        pipes.withLock { pipes in
            guard pipes.process.isRunning else { return }
            kill(pipes.process.processIdentifier, SIGKILL)
            pipes.process.waitUntilExit()
        }
    }

    private static func line(_ pipes: inout Pipes) -> String? {
        while true {
            if let end = pipes.received.firstIndex(of: UInt8(ascii: "\n")) {
                defer { pipes.received.removeSubrange(...end) }
                return String(decoding: pipes.received[..<end], as: UTF8.self)
            }
            let more = pipes.output.availableData
            guard !more.isEmpty else { return nil }
            pipes.received += more
        }
    }
}
