import Text

/// One thing the program can do.
protocol Command: Sendable {
    /// The word that calls it; below another command, that command's word before it: `test welch`.
    var name: String { get }
    /// One line for the list of commands.
    var summary: String { get }
    /// What it does, for its own help.
    var discussion: String { get }
    /// Its flags.
    var options: [Option] { get }
    /// What it takes besides its flags.
    var operands: Operands { get }
    /// Calls that work in the project's folder, for its help.
    var examples: [String] { get }
    /// Which flags the arguments of `Statistics` come from, by the arguments' names: what is wrong with one is said of its flag.
    var flagsByArgument: [String: String] { get }
    /// Does it; the return value is the process's exit status.
    func run(_ options: Options) async throws -> Int32
}

extension Command {
    var operands: Operands { .none }
    var examples: [String] { [] }
    var flagsByArgument: [String: String] { [:] }

    /// The discussion in lines of a width that is easy to read: a line that ends no sentence goes on in the next.
    private var paragraphs: String {
        var lines: [String] = []
        for line in discussion.split(separator: "\n", omittingEmptySubsequences: false) {
            if let end = lines.last?.last, !".:?".contains(end), !line.isEmpty {
                lines[lines.count - 1] += " " + line
            } else {
                lines.append(String(line))
            }
        }
        return lines.flatMap { $0.wrapped(to: 100) }.joined(separator: "\n")
    }

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
        let example = options.first { $0.name.contains("-") && !$0.isSecret } ?? options.first
        return """
            \(summary)

            usage: gosset \(name) \(operands.placeholder.isEmpty ? "" : operands.placeholder + " ")[flags]

            \(paragraphs)
            \(examples.isEmpty ? "" : "\n" + (["for example:"] + examples.map { "  " + $0 }).joined(separator: "\n") + "\n")
            flags:
            \(lines.joined(separator: "\n"))
              \("--help".padded(to: width))  Show this help.

            Every flag can also be given in the environment: \(example.map { "--\($0.name) as \($0.variable)" } ?? ""), and so on.
            """
    }
}
