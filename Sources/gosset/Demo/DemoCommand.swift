import Audience
import Enrollment
import Foundation
import HTTPClient
import Text
import Warehouse

/// `gosset demo`: a whole experiment, from the first device to the verdict and the message, with invented visitors.
struct DemoCommand: Command {
    let name = "demo"
    let summary = "Watch experiments run by themselves: invented visitors come, results move, a verdict is told."
    let discussion = """
        Serves, as gosset serve does, from a directory of its own; lets invented visitors come for a minute; and prints the message that \
        management would get when the cinema's experiment has its verdict. Then it goes on serving until Ctrl-C. Called again, it \
        shows the verdict and its figures from what it stored, and sends no message again; remove the directory to begin anew.
        """

    let options: [Option] = [
        Option("port", "PORT", help: "The port to listen at; 0 for any free one.", default: "8080"),
        Option("data", "DIR", help: "The demonstration's own directory; made if it is not there.", default: "gosset-demo"),
        Option("visitors", "N", help: "How many visitors come in all.", default: "20000"),
        Option("seconds", "S", help: "The time over which they come.", default: "60"),
        Option("until-verdict", help: "End when the verdict is there and told, instead of serving on."),
        .adminToken,
    ]

    /// How long a verdict may take after the last visitor.
    private static let patience: Duration = .seconds(60)

    func run(_ options: Options) async throws -> Int32 {
        let port = try options.integer("port", in: 0...65535)
        let visitors = try options.integer("visitors", in: 1...10_000_000)
        let seconds = Double(try options.integer("seconds", in: 0...3600))
        let data = try options.path("data")
        let given = try options.adminToken()
        try await findDuckDB()
        try take(data)
        let token = (given ?? .random()).secret
        let secret = AccessToken.random().secret
        let inbox = try DemoInbox(secret: secret)
        let (ports, started) = AsyncStream<Int>.makeStream()
        var serve = ServeCommand()
        serve.started = { started.yield($0) }
        let flags = ["--port", "\(port)", "--data", data, "--webhook", inbox.url, "--log-level", "error"]
        let environment = [Option.adminToken.variable: token, "GOSSET_WEBHOOK_SECRET": secret]
        let serving = try Options(flags, environment: environment, known: serve.options)
        let untilVerdict = options.isSet("until-verdict")
        let status = try await withThrowingTaskGroup(of: Ending.self) { group in
            group.addTask { [serve] in .served(try await serve.run(serving)) }
            group.addTask {
                for await port in ports {
                    let client = try AudienceClient("http://127.0.0.1:\(port)")
                    do {
                        try await show(port: port, client, token: token, isGiven: given != nil, visitors: visitors, seconds: seconds, inbox)
                        return .shown
                    } catch {
                        // Whoever stops the server before the end stops the rest with it.
                        guard let answer = try? await client.send("GET", "/healthz"), answer.status == 200 else { return .stopped }
                        throw error
                    }
                }
                return .stopped
            }
            defer { group.cancelAll() }
            while let ending = try await group.next() {
                switch ending {
                case .served(let status): return status
                case .stopped: continue
                case .shown where untilVerdict:
                    // The same way out as for a person.
                    kill(getpid(), SIGTERM)
                case .shown:
                    Terminal.say("The console stays until Ctrl-C. Run it again, and it is all there.")
                }
            }
            return 0
        }
        await inbox.close()
        return status
    }

    /// Sees to it that there is a DuckDB for what visitors do: without one they would come, and there would never be a result.
    private func findDuckDB() async throws {
        do {
            _ = try await WarehouseAddress("duckdb:").connect()
        } catch {
            throw DemoOperator.Failure(
                description: "the demonstration keeps what visitors do in DuckDB, whose library cannot be used: \(error)")
        }
    }

    private enum Ending: Sendable {
        case served(Int32)
        case shown
        /// Before it was all shown.
        case stopped
    }

    /// Takes a directory for the demonstration: one that is not there, is empty, or was taken by it before.
    ///
    /// Its devices are invented and its administrator's token is replaced every time, which nobody wants of a registry that is needed.
    private func take(_ directory: String) throws {
        let mark = directory + "/demonstration"
        let files = FileManager.default
        let names = (try? files.contentsOfDirectory(atPath: directory)) ?? []
        guard names.isEmpty || files.fileExists(atPath: mark) else {
            throw UsageError("\(directory) is there and is no demonstration's; name another directory with --data")
        }
        do {
            try files.createDirectory(atPath: directory, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
            try Data("Made by gosset demo; remove the directory to begin anew.\n".utf8).write(to: URL(fileURLWithPath: mark))
        } catch {
            throw OutputError(directory, error.localizedDescription)
        }
    }

    private func show(
        port: Int, _ client: AudienceClient, token: String, isGiven: Bool, visitors: Int, seconds: Double, _ inbox: DemoInbox
    ) async throws {
        let demo = DemoOperator(client: client, token: token)
        for experiment in DemoExperiment.all { try await demo.prepare(experiment) }
        let known = try await demo.devices()
        // Whoever gave a token knows it, and does not want it on a screen.
        let key = isGiven ? "your token, that of \(Option.adminToken.variable)" : "the token \(token)"
        Terminal.say(
            """

              sign in     http://127.0.0.1:\(port)/experiments with \(key)
              visitors    \(known == 0 ? "none yet" : Figures.counted(known, "is stored", "are stored")); \
            \(known < visitors ? "\(Figures.counted(visitors - known, "comes", "come")) within \(Figures.brief(seconds)) s" : "no more will come")

            """)
        let began = ContinuousClock.now
        async let coming: Void = come(known..<max(known, visitors), over: seconds, client)
        var outcome = DemoOperator.Outcome()
        var last = ""
        var told: Duration?
        var come: Duration?
        while true {
            outcome = try await demo.outcome(of: DemoExperiment.cinema.key)
            let line = try await progress(outcome, demo)
            if line != last { Terminal.say(line) }
            last = line
            let spent = ContinuousClock.now - began
            // The other experiments have messages of their own, which may come first.
            let isTold = inbox.received.contains { $0.hasPrefix("\(DemoExperiment.cinema.key): \(outcome.decision)") }
            // What was told in an earlier run is not told again; its figures are worked out anew.
            if told == nil, outcome.decision == "ship", known > 0 ? outcome.text != nil : isTold { told = spent }
            if come == nil, try await demo.devices() >= visitors { come = spent }
            if told != nil, come != nil { break }
            if spent > .seconds(seconds) + DemoCommand.patience {
                if let failure = outcome.failure {
                    throw DemoOperator.Failure(description: "there is no verdict, for the results cannot be worked out: \(failure)")
                }
                throw DemoOperator.Failure(
                    description:
                        "there is no verdict yet. \(Figures.counted(visitors, "visitor", "visitors")) may be too few to be sure of anything: give more "
                        + "with --visitors (20,000 are enough), or leave it running longer")
            }
            try await Task.sleep(for: .seconds(2))
        }
        try await coming
        guard known > 0 else {
            return Terminal.say(
                "From the first visitor to the verdict and its message: \(whole(told)) s; the last visitor came after \(whole(come)) s.")
        }
        let verdict = "the verdict is \(outcome.decision) '\(outcome.variant ?? "")'"
        Terminal.say(
            known < visitors
                ? "\nFrom what was stored and the visitors since: \(verdict)." : "\nFrom what was stored: \(verdict), as it was.")
        for line in (outcome.text ?? "").wrapped(to: 88) { Terminal.say("  \(line)") }
        Terminal.say("")
    }

    private func whole(_ duration: Duration?) -> String { Figures.count(Int(((duration ?? .zero) / .seconds(1)).rounded())) }

    private func come(_ numbers: Range<Int>, over seconds: Double, _ client: AudienceClient) async throws {
        guard !numbers.isEmpty else { return }
        try await Audience(numbers, over: seconds).visit(client)
    }

    private func progress(_ outcome: DemoOperator.Outcome, _ demo: DemoOperator) async throws -> String {
        let devices = Figures.count(try await demo.devices()).padded(to: 7)
        var text = "\(devices) visitors  \(DemoExperiment.cinema.key): \(outcome.decision)"
        if let variant = outcome.variant { text += " '\(variant)'" }
        if let lift = outcome.lift {
            text += ", subscriptions \(signed(lift))"
            if let interval = outcome.interval {
                text += ", by \(points(interval.lowerBound)) to \(points(interval.upperBound)) percentage points at any time"
            }
        }
        return text
    }

    // The demonstration's metric is a conversion.
    private func points(_ difference: Double) -> String { Figures.significant(difference * 100, 2) }

    private func signed(_ share: Double) -> String { (share < 0 ? "" : "+") + Figures.percent(share, 2) }
}
