import Audience
import Glibc
import Text

/// `gosset simulate audience`: invented visitors at a server that runs.
struct SimulateAudienceCommand: Command {
    let name = "simulate audience"
    let summary = "Let invented visitors come to a server: they ask for their variants and tell what they do."
    let discussion = """
        Visitors know the two example experiments and the cinema's (\(Behaviour.cinema)): what they do depends on the values they are given. The
        same seed and numbers are the same visitors, who are known when they come again. They are real to the server: do not send
        them to one whose numbers matter.
        """

    let options: [Option] = [
        Option("url", "URL", help: "The server.", default: "http://127.0.0.1:8080"),
        Option("visitors", "N", help: "How many come.", default: "20000"),
        Option("first", "N", help: "The number of the first.", default: "0"),
        Option("seconds", "S", help: "The time over which they come; 0 for as fast as the server answers.", default: "60"),
        Option("seed", "N", help: "Another number invents other visitors.", default: "1"),
    ]
    var examples: [String] { ["gosset simulate audience --visitors 600 --seconds 10"] }

    func run(_ options: Options) async throws -> Int32 {
        let count = try options.integer("visitors", in: 1...100_000_000)
        let first = try options.integer("first", in: 0...1_000_000_000)
        let seconds = try options.integer("seconds", in: 0...86400)
        let seed = UInt64(try options.integer("seed", in: 0...Int.max))
        let client: AudienceClient
        do throws(AudienceClient.Failure) {
            client = try AudienceClient(options.text("url") ?? "")
        } catch {
            throw UsageError("--url: \(error)")
        }
        let audience = Audience(first..<first + count, over: Double(seconds), seed: seed)
        let progress = Progress(isShown: isatty(STDERR_FILENO) == 1)
        let all: Audience.Progress
        do {
            all = try await audience.visit(client) { so in
                // Enough to see that it goes on.
                if so.visitors % 100 == 0 { progress.show("\(Figures.count(so.visitors)) of \(Figures.count(count)) visitors") }
            }
        } catch {
            progress.end()
            throw error
        }
        progress.end()
        let (visitors, events) = (Figures.counted(all.visitors, "visitor", "visitors"), Figures.counted(all.events, "event", "events"))
        Terminal.say("\(visitors) came and told \(events).")
        return 0
    }
}
