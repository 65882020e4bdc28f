/// One thing the program can do.
protocol Command: Sendable {
    /// The word that calls it.
    var name: String { get }
    /// One line for the list of commands.
    var summary: String { get }
    /// What it does, for its own help.
    var discussion: String { get }
    /// Its flags.
    var options: [Option] { get }
    /// Does it; the return value is the process's exit status.
    func run(_ options: Options) async throws -> Int32
}

extension Command {
    /// The text of `gosset NAME --help`.
    var help: String {
        let flags = options.map { ($0.isSecret ? $0.variable : "--\($0.name)\($0.placeholder.map { " " + $0 } ?? "")", $0) }
        let width = min(30, flags.map(\.0.count).max() ?? 0)
        let lines = flags.map { flag, option in
            let head = "  " + flag.padded(to: width) + "  "
            let fallback = option.fallback.map { " (default: \($0))" } ?? ""
            let text = (option.help + fallback).wrapped(to: 100 - head.count)
            return head + text.joined(separator: "\n" + String(repeating: " ", count: head.count))
        }
        return """
            \(summary)

            usage: gosset \(name) [flags]

            \(discussion)

            flags:
            \(lines.joined(separator: "\n"))
              \("--help".padded(to: width))  Show this help.

            Every flag can also be given in the environment: --max-connections as GOSSET_MAX_CONNECTIONS, and so on.
            """
    }
}

extension String {
    func padded(to width: Int) -> String { self + String(repeating: " ", count: max(0, width - count)) }

    /// The text broken at spaces into lines of at most `width` characters.
    func wrapped(to width: Int) -> [String] {
        var lines = [""]
        for word in split(separator: " ") {
            let last = lines[lines.count - 1]
            if last.isEmpty {
                lines[lines.count - 1] = String(word)
            } else if last.count + 1 + word.count <= width {
                lines[lines.count - 1] = last + " " + word
            } else {
                lines.append(String(word))
            }
        }
        return lines
    }
}
