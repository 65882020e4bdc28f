import Enrollment
package import Experiments
import Randomization
import Synchronization

/// Invented devices, sent through the real enrollment and assignment code into a registry of their own.
///
/// The experiments are those that are running, begun anew with secrets of their own; nothing here can reach the real registry.
package final class Simulation: Sendable {
    package enum State: String, Sendable {
        case running, done, cancelled, failed
    }

    /// How far it is.
    package struct Progress: Sendable {
        package var state = State.running
        package var done: UInt64 = 0
        package var seconds = 0.0
        package var experiments: [ExperimentStatistics] = []
        /// Why it failed, if it did.
        package var failure: String?
    }

    package let id: String
    /// How many devices are invented.
    package let devices: UInt64
    private let experiments: [Experiment]
    private let current = Mutex(Progress())

    /// How many devices enroll together, and after how many the progress is told.
    private static let chunk: UInt64 = 4096

    /// Prepares a simulation of the experiments that are running in a catalogue; of the examples if there are none.
    package init(devices: UInt64, of catalogue: Catalogue, now: Timestamp) throws(ExperimentError) {
        id = SecretKey.random().hexadecimal
        self.devices = devices
        var templates = catalogue.experiments.filter { $0.state == .running }
        if templates.isEmpty { templates = try Catalogue.examples(now: now).experiments }
        var experiments: [Experiment] = []
        for template in templates {
            var experiment = Experiment(key: template.key, summary: template.summary, allocation: template.allocation, created: now)
            try experiment.start(at: 0, now: now)
            experiments.append(experiment)
        }
        self.experiments = experiments
    }

    /// How far it is.
    package var progress: Progress { current.withLock { $0 } }

    /// Stops it before it is done.
    package func cancel() {
        current.withLock { if $0.state == .running { $0.state = .cancelled } }
    }

    /// Sends the devices through.
    ///
    /// Returns when all are, or when it was cancelled.
    package func run() async {
        let clock = ContinuousClock()
        let start = clock.now
        do {
            let registry = try Registry(MemoryStore())
            let experiments = experiments
            try await registry.change(actor: "simulation", action: "begin") { catalogue, _ in
                for experiment in experiments { try catalogue.add(experiment) }
            }
            let assigner = registry.snapshot.assigner
            var counts = experiments.map { _ in [String: UInt64]() }
            var next: UInt64 = 0
            while next < devices, progress.state == .running {
                let end = min(next + Simulation.chunk, devices)
                for ordinal in try await Simulation.enroll(next..<end, in: registry) {
                    for (index, dealer) in assigner.dealers.enumerated() {
                        if let value = dealer.placement(of: ordinal).value { counts[index][value, default: 0] += 1 }
                    }
                }
                next = end
                let statistics = zip(assigner.dealers, counts).map { ExperimentStatistics($0, below: end, counted: $1) }
                let elapsed = (clock.now - start) / .seconds(1)
                current.withLock { progress in
                    progress.done = end
                    progress.seconds = elapsed
                    progress.experiments = statistics
                    if end == devices, progress.state == .running { progress.state = .done }
                }
                await Task.yield()
            }
        } catch {
            current.withLock { progress in
                progress.state = .failed
                progress.failure = String(describing: error)
            }
        }
    }

    /// Enrolls one device for each number, together, as if they had come at once.
    private static func enroll(_ numbers: Range<UInt64>, in registry: Registry) async throws -> [Ordinal] {
        var tokens: [DeviceToken] = []
        for number in numbers { tokens.append(try DeviceToken("simulated-\(number)")) }
        let arrivals = Arrivals(count: tokens.count)
        return try await withCheckedThrowingContinuation { continuation in
            for token in tokens {
                registry.enroll(token) { result in
                    if let all = arrivals.add(result) { continuation.resume(with: all) }
                }
            }
        }
    }

    /// Gathers the answers to devices that came together; the last one gets them all.
    private final class Arrivals: Sendable {
        private let state: Mutex<(missing: Int, ordinals: [Ordinal], error: EnrollmentError?)>

        init(count: Int) { state = Mutex((count, [], nil)) }

        func add(_ result: Result<Device, EnrollmentError>) -> Result<[Ordinal], EnrollmentError>? {
            state.withLock { state in
                switch result {
                case .success(let device): state.ordinals.append(device.ordinal)
                case .failure(let error): state.error = error
                }
                state.missing -= 1
                guard state.missing == 0 else { return nil }
                return state.error.map { .failure($0) } ?? .success(state.ordinals)
            }
        }
    }
}
