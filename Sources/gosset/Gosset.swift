import Glibc

/// The program: finds the command, reads its flags, and says in one line what is wrong with them.
@main
struct Gosset {
    static let version = "0.1.0"
    static let commands: [any Command] = [ServeCommand()]

    static func main() async {
        exit(await run(Array(CommandLine.arguments.dropFirst()), environment: processEnvironment()))
    }

    /// Runs a command line and returns the exit status: 0 done, 1 failed, 2 called wrongly.
    static func run(_ arguments: [String], environment: [String: String]) async -> Int32 {
        switch arguments.first {
        case nil:
            Terminal.complain(help)
            return 2
        case "--help", "-h", "help":
            Terminal.say(help)
            return 0
        case "--version":
            Terminal.say("gosset \(version)")
            return 0
        case let word?:
            guard let command = commands.first(where: { $0.name == word }) else {
                let near = commands.map(\.name).min { $0.distance(to: word) < $1.distance(to: word) }
                let hint = near.flatMap { $0.distance(to: word) <= 2 ? "; did you mean '\($0)'?" : nil }
                Terminal.complain("gosset: there is no command '\(word)'\(hint ?? "; see gosset --help")")
                return 2
            }
            let rest = Array(arguments.dropFirst())
            if rest.contains("--help") || rest.contains("-h") {
                Terminal.say(command.help)
                return 0
            }
            do {
                return try await command.run(Options(rest, environment: environment, known: command.options))
            } catch let error as UsageError {
                Terminal.complain("gosset \(word): \(error.message) (see gosset \(word) --help)")
                return 2
            } catch {
                Terminal.complain("gosset \(word): \(error)")
                return 1
            }
        }
    }

    static var help: String {
        let width = commands.map(\.name.count).max() ?? 0
        return """
            Gosset \(version): experiments that a team owns: who gets which variant, and whether it worked.

            usage: gosset COMMAND [flags]

            commands:
            \(commands.map { "  " + $0.name.padded(to: width) + "  " + $0.summary }.joined(separator: "\n"))

            gosset COMMAND --help tells more about a command; gosset --version tells the version.
            """
    }

    private static func processEnvironment() -> [String: String] {
        var result: [String: String] = [:]
        var entry = environ
        while let text = entry.pointee {
            let parts = String(cString: text).split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            if parts.count == 2 { result[String(parts[0])] = String(parts[1]) }
            entry += 1
        }
        return result
    }
}
