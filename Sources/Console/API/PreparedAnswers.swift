import Enrollment
import Experiments
import HTTPServer
import Synchronization

/// The answers to devices, each built once for a revision of the registry and then sent as it is: devices with the same hand get the
/// same bytes.
///
/// Building an answer took two fifths of what the server itself does for a known device; looking it up takes next to nothing. Each stripe
/// has answers of its own, because event loops that share one fight over its reference counts and the lock.
final class PreparedAnswers: Sendable {
    /// With more hands than this, answers are built one by one.
    private static let mostHands = 1 << 12

    private struct Answers {
        let revision: UInt64
        let assigner: Assigner
        /// By hand; empty if there are too many hands.
        var prepared: [PreparedResponse?]

        init(_ snapshot: RegistrySnapshot) {
            revision = snapshot.revision
            assigner = snapshot.assigner
            let hands = assigner.hands.flatMap { $0 <= PreparedAnswers.mostHands ? $0 : nil } ?? 0
            prepared = Array(repeating: nil, count: hands)
        }
    }

    private final class Stripe: Sendable {
        let answers: Mutex<Answers>

        init(_ snapshot: RegistrySnapshot) { answers = Mutex(Answers(snapshot)) }
    }

    private let registry: Registry
    private let stripes: [Stripe]

    init(_ registry: Registry) {
        self.registry = registry
        let snapshot = registry.snapshot
        stripes = (0..<Request.stripes).map { _ in Stripe(snapshot) }
    }

    /// The answer to a known device.
    ///
    /// - Parameter stripe: the event loop's.
    func answer(to device: Device, on stripe: Int) -> Answer {
        let prepared = stripes[stripe].answers.withLock { answers -> PreparedResponse? in
            // Asked after the device: what was in force when it got its ordinal is seen.
            if answers.revision != registry.revision { answers = Answers(registry.snapshot) }
            guard !answers.prepared.isEmpty else { return nil }
            let hand = answers.assigner.hand(of: device.ordinal)
            if answers.prepared[hand] == nil {
                answers.prepared[hand] = PreparedResponse(Self.response(to: device, by: answers.assigner))
            }
            return answers.prepared[hand]
        }
        return prepared.map { .prepared($0) } ?? .response(response(to: device))
    }

    /// The answer to a known device, built for it alone.
    func response(to device: Device, forced: ForcedValues = [:]) -> Response {
        Self.response(to: device, forced: forced, by: registry.snapshot.assigner)
    }

    private static func response(to device: Device, forced: ForcedValues = [:], by assigner: Assigner) -> Response {
        var body: [UInt8] = []
        body.reserveCapacity(128)
        assigner.appendAnswer(for: device.ordinal, forced: forced, to: &body)
        var response = Response.json(bytes: body)
        response.headers["Cache-Control"] = "no-store"
        return response
    }
}
