import Comparison
import Glibc
import Statistics
import Text

/// The program: finds the command, reads its flags, and says in one line what is wrong with them.
@main
struct Gosset {
    static let version = "0.1.0"
    static let commands: [any Command] = [
        ServeCommand(), AnalyzeCommand(), CompareCommand(), DescribeCommand(), CheckCommand(),
        DemoCommand(),
    ]
    static let groups = [
        CommandGroup(
            name: "test", summary: "Test a hypothesis on a file, on summaries or on counts.", placeholder: "TEST",
            commands: TestKind.allCases.map { TestCommand(kind: $0) }),
        CommandGroup(
            name: "power", summary: "Plan how large an experiment must be.", placeholder: "METRIC",
            commands: PowerCommand.Metric.allCases.map { PowerCommand(metric: $0) } + [LooksCommand()]),
        CommandGroup(
            name: "adjust", summary: "Adjust p-values for being several.", placeholder: "METHOD",
            commands: Adjustment.allCases.filter { $0 != .none }.map { AdjustCommand(method: $0) }),
        CommandGroup(
            name: "simulate", summary: "Invent data to try things on, and see how well they are judged.", placeholder: "WHAT",
            commands: [SimulateShopCommand(), SimulateScoreCommand(), SimulateCustomersCommand(), SimulateAudienceCommand()]),
        CommandGroup(name: "notify", summary: "See whether messages arrive.", placeholder: "WHAT", commands: [NotifyTestCommand()]),
    ]

    static func main() async {
        // A file that may not grow is an error that is said, and no end.
        signal(SIGXFSZ, SIG_IGN)
        let status = await run(Array(CommandLine.arguments.dropFirst()), environment: processEnvironment())
        // Half of an answer must not be taken for the whole.
        if let loss = Terminal.loss {
            Terminal.complain("gosset: standard output cannot be written: \(loss)")
            exit(status == 0 ? 1 : status)
        }
        exit(status)
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
            if let command = commands.first(where: { $0.name == word }) {
                return await run(command, arguments.dropFirst(), environment)
            }
            if let group = groups.first(where: { $0.name == word }) {
                return await run(group, arguments.dropFirst(), environment)
            }
            let hint = Spelling.nearest(to: word, among: commands.map(\.name) + groups.map(\.name)).map { "; did you mean '\($0)'?" }
            Terminal.complain("gosset: there is no command '\(word)'\(hint ?? "; see gosset --help")")
            return 2
        }
    }

    private static func run(_ group: CommandGroup, _ arguments: ArraySlice<String>, _ environment: [String: String]) async -> Int32 {
        switch arguments.first {
        case nil:
            Terminal.complain(group.help)
            return 2
        case "--help", "-h", "help":
            Terminal.say(group.help)
            return 0
        case let word?:
            do {
                return await run(try group.command(word), arguments.dropFirst(), environment)
            } catch {
                Terminal.complain("gosset \(group.name): \(error.message)")
                return 2
            }
        }
    }

    private static func run(_ command: any Command, _ arguments: ArraySlice<String>, _ environment: [String: String]) async -> Int32 {
        if arguments.contains("--help") || arguments.contains("-h") {
            Terminal.say(command.help)
            return 0
        }
        do {
            let options = try Options(
                Array(arguments), environment: environment, known: command.options, operands: command.operands)
            return try await command.run(options)
        } catch let error as UsageError {
            Terminal.complain("gosset \(command.name): \(error.message) (see gosset \(command.name) --help)")
            return 2
        } catch StatisticsError.outOfRange(let argument, let value, let expected) where command.flagsByArgument[argument] != nil {
            let flag = command.flagsByArgument[argument] ?? argument
            Terminal.complain(
                "gosset \(command.name): --\(flag) is \(Figures.brief(value)), expected \(expected) (see gosset \(command.name) --help)")
            return 2
        } catch let error as StatisticsError {
            Terminal.complain("gosset \(command.name): \(error.text(command.flagsByArgument.mapValues { "--\($0)" }))")
            return 1
        } catch {
            Terminal.complain("gosset \(command.name): \(error)")
            return 1
        }
    }

    static var help: String {
        let entries = commands.map { ($0.name, $0.summary) } + groups.map { ("\($0.name) \($0.placeholder)", $0.summary) }
        let width = entries.map(\.0.count).max() ?? 0
        return """
            Gosset \(version): experiments that a team owns: who gets which variant, and whether it worked.

            usage: gosset COMMAND [flags]

            commands:
            \(entries.map { "  " + $0.padded(to: width) + "  " + $1 }.joined(separator: "\n"))

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
