package import Glibc

/// One event, before it is printed.
package struct LogLine: Sendable {
    package let level: LogLevel
    /// Which part of the program speaks.
    package let label: String
    package let message: String
    package let fields: [(name: String, value: LogValue)]
    /// Seconds and nanoseconds since 1970, UTC.
    package let time: timespec

    package init(level: LogLevel, label: String, message: String, fields: [(name: String, value: LogValue)], time: timespec) {
        self.level = level
        self.label = label
        self.message = message
        self.fields = fields
        self.time = time
    }

    /// One JSON object, without the line feed: `time`, `level`, `label`, `message`, then the fields.
    ///
    /// Whatever the fields hold, the result is one line: control characters are escaped, numbers that JSON lacks become strings.
    package var json: String {
        var text = "{\"time\":\"\(timestamp)\",\"level\":\"\(level.rawValue)\",\"label\":"
        text.appendJSON(label)
        text += ",\"message\":"
        text.appendJSON(message)
        for field in fields {
            text += ","
            text.appendJSON(field.name)
            text += ":"
            switch field.value {
            case .string(let value): text.appendJSON(value)
            case .integer(let value): text += String(value)
            case .double(let value): value.isFinite ? text += String(value) : text.appendJSON(String(value))
            case .boolean(let value): text += value ? "true" : "false"
            }
        }
        text += "}"
        return text
    }

    /// RFC 3339 in UTC with milliseconds, such as `2026-11-20T12:30:05.123Z`.
    private var timestamp: String {
        var seconds = time.tv_sec
        var parts = tm()
        gmtime_r(&seconds, &parts)
        func padded(_ number: Int, _ width: Int = 2) -> String {
            let digits = String(number)
            return String(repeating: "0", count: max(0, width - digits.count)) + digits
        }
        let date = "\(padded(Int(parts.tm_year) + 1900, 4))-\(padded(Int(parts.tm_mon) + 1))-\(padded(Int(parts.tm_mday)))"
        let clock = "\(padded(Int(parts.tm_hour))):\(padded(Int(parts.tm_min))):\(padded(Int(parts.tm_sec)))"
        return "\(date)T\(clock).\(padded(time.tv_nsec / 1_000_000, 3))Z"
    }
}

extension String {
    /// Appends `text` as a JSON string literal.
    fileprivate mutating func appendJSON(_ text: String) {
        append("\"")
        for scalar in text.unicodeScalars {
            switch scalar {
            case "\"": append("\\\"")
            case "\\": append("\\\\")
            case "\n": append("\\n")
            case "\r": append("\\r")
            case "\t": append("\\t")
            // The line and paragraph separators end a line for some readers.
            case "\u{0}"..."\u{1F}", "\u{7F}"..."\u{9F}", "\u{2028}", "\u{2029}":
                let digits = String(scalar.value, radix: 16)
                append("\\u" + String(repeating: "0", count: 4 - digits.count) + digits)
            default: unicodeScalars.append(scalar)
            }
        }
        append("\"")
    }
}
