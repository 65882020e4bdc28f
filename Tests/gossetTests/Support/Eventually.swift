// What was waited for in vain.
struct TimedOut: Error, CustomStringConvertible {
    let description: String
}

// Asks again and again until there is an answer, and gives up after a time that is far longer than it should take.
func eventually<Answer>(
    _ what: String, within seconds: Double = 20, every pause: Duration = .milliseconds(10), isolation: isolated (any Actor)? = #isolation,
    _ ask: () async throws -> Answer?
) async throws -> Answer {
    let end = ContinuousClock.now + .seconds(seconds)
    while true {
        if let answer = try await ask() { return answer }
        guard ContinuousClock.now < end else { throw TimedOut(description: "waited \(seconds) s in vain for \(what)") }
        try await Task.sleep(for: pause)
    }
}

// Asks again and again until it is so.
func eventually(
    _ what: String, within seconds: Double = 20, every pause: Duration = .milliseconds(10), isolation: isolated (any Actor)? = #isolation,
    isSo ask: () async throws -> Bool
) async throws {
    _ = try await eventually(what, within: seconds, every: pause) { try await ask() ? () : nil }
}
