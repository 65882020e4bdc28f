import EffectCheck
import Glibc
import Text

/// `gosset simulate score`: labelled tests played against a server.
struct SimulateScoreCommand: Command {
    let name = "simulate score"
    let summary = "Play labelled tests against a server and count how often it is right."
    let discussion = "The tests are in a file, one in a line, each with its label; the server answers POST /check_test."

    let options: [Option] = [
        Option("tests", "FILE", help: "The tests, as gosset simulate shop writes them."),
        Option("url", "URL", help: "The server.", default: "http://127.0.0.1:8080"),
    ]

    func run(_ options: Options) async throws -> Int32 {
        let path = try options.required("tests")
        let file = try TestFile(path: path)
        let client = try CheckClient(try options.required("url"))
        var score = TestScore()
        var seconds: [Double] = []
        for (number, line) in file.lines.enumerated() {
            guard let label = line.label else { throw CheckClient.Failure(description: "\(path), test \(number + 1): it has no label") }
            let began = ContinuousClock.now
            let hasEffect = try client.hasEffect(line.bytes)
            seconds.append((ContinuousClock.now - began) / .seconds(1))
            score.add(label: label, hasEffect: hasEffect)
        }
        seconds.sort()
        let milliseconds = { (share: Double) in
            Figures.significant(1000 * seconds[min(seconds.count - 1, Int(Double(seconds.count) * share))], 3)
        }
        Terminal.say(
            """
            \(score.text) (of \(score.count) \(score.count == 1 ? "test" : "tests"))
            latency: median \(milliseconds(0.5)) ms, 99th percentile \(milliseconds(0.99)) ms, longest \(milliseconds(1)) ms
            """)
        return 0
    }
}
