import Glibc

/// Prints structured events, one JSON object a line.
///
/// A logger is a value: copy it, give the copy another label or more fields. Callers keep secrets out of it: neither header values,
/// queries nor tokens belong into a message or a field.
package struct Logger: Sendable {
    /// Which part of the program speaks.
    package var label: String
    /// Events below it are dropped before their message is even built.
    package var minimumLevel: LogLevel
    private let sink: @Sendable (LogLine) -> Void

    /// - Parameter sink: takes the events, from any thread.
    package init(label: String, minimumLevel: LogLevel = .info, sink: @escaping @Sendable (LogLine) -> Void = Logger.standardError) {
        self.label = label
        self.minimumLevel = minimumLevel
        self.sink = sink
    }

    package func debug(_ message: @autoclosure () -> String, _ fields: LogFields = [:]) { log(.debug, message(), fields) }
    package func info(_ message: @autoclosure () -> String, _ fields: LogFields = [:]) { log(.info, message(), fields) }
    package func warning(_ message: @autoclosure () -> String, _ fields: LogFields = [:]) { log(.warning, message(), fields) }
    package func error(_ message: @autoclosure () -> String, _ fields: LogFields = [:]) { log(.error, message(), fields) }

    package func log(_ level: LogLevel, _ message: @autoclosure () -> String, _ fields: LogFields = [:]) {
        guard level >= minimumLevel else { return }
        var now = timespec()
        clock_gettime(CLOCK_REALTIME, &now)
        let named = fields.map { (name: $0.key, value: $0.value) }
        sink(LogLine(level: level, label: label, message: message(), fields: named, time: now))
    }

    /// A logger that drops everything.
    package static let silent = Logger(label: "", minimumLevel: .error, sink: { _ in })

    /// Writes each line with one `write`, so that lines of several threads do not mix.
    package static let standardError: @Sendable (LogLine) -> Void = { line in
        var text = line.json + "\n"
        text.withUTF8 { bytes in
            var rest = UnsafeRawBufferPointer(bytes)
            while !rest.isEmpty {
                let written = write(STDERR_FILENO, rest.baseAddress, rest.count)
                if written < 0 && errno == EINTR { continue }
                if written <= 0 { return }
                rest = UnsafeRawBufferPointer(rebasing: rest[written...])
            }
        }
    }
}
