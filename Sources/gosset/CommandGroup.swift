import Text

/// Commands that share their first word: `gosset test welch`, `gosset test shapiro`.
struct CommandGroup: Sendable {
    /// The word.
    let name: String
    /// One line for the list of commands.
    let summary: String
    /// What stands for the second word, in its help.
    let placeholder: String
    /// The commands, whose names begin with the word.
    let commands: [any Command]

    /// The command that a second word calls.
    func command(_ word: String) throws(UsageError) -> any Command {
        if let command = commands.first(where: { $0.name == "\(name) \(word)" }) { return command }
        let words = commands.map { String($0.name.dropFirst(name.count + 1)) }
        let hint = Spelling.nearest(to: word, among: words).map { "did you mean '\($0)'?" } ?? "there are \(words.joined(separator: ", "))"
        throw UsageError("there is no \(placeholder.lowercased()) '\(word)'; \(hint)")
    }

    /// The text of `gosset NAME --help`.
    var help: String {
        let width = commands.map(\.name.count).max() ?? 0
        return """
            \(summary)

            usage: gosset \(name) \(placeholder) …

            \(commands.map { "  " + $0.name.padded(to: width) + "  " + $0.summary }.joined(separator: "\n"))

            gosset \(name) \(placeholder) --help tells more about each.
            """
    }
}
