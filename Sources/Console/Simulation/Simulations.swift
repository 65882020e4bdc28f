package import Enrollment
import Experiments
import HTTPServer
import Synchronization

/// The simulations under way and the latest that ended, within limits of work and memory.
package final class Simulations: Sendable {
    /// How many may run at once.
    static let running = 4
    /// How many are remembered.
    static let remembered = 64

    /// The most devices in all running simulations together; 0 allows none.
    package let limit: UInt64
    private let registry: Registry
    private let all = Mutex<[Simulation]>([])

    package init(_ registry: Registry, limit: UInt64) {
        self.registry = registry
        self.limit = limit
    }

    /// What a number of devices must be, as a sentence.
    var range: String { "The number of devices must be a whole number from 1 to \(Numbers.count(limit))." }

    /// Begins a simulation, or says why not: 422 for a number out of range, 429 while there is enough to do.
    func start(devices: Int) throws -> Simulation {
        guard devices >= 1, UInt64(devices) <= limit else {
            throw Problem(.unprocessableContent, range)
        }
        let simulation = try Simulation(devices: UInt64(devices), of: registry.catalogue, now: .now())
        try all.withLock { all in
            let running = all.filter { $0.progress.state == .running }
            guard running.count < Simulations.running, running.reduce(0, { $0 + $1.devices }) + simulation.devices <= limit else {
                throw Problem(
                    .tooManyRequests, "Enough simulations are running; try again when one of them is done.", headers: ["Retry-After": "5"])
            }
            if all.count >= Simulations.remembered, let oldest = all.firstIndex(where: { $0.progress.state != .running }) {
                all.remove(at: oldest)
            }
            all.append(simulation)
        }
        Task(priority: .background) { await simulation.run() }
        return simulation
    }

    /// The simulation of an id; 404 if there is none.
    func simulation(_ id: String) throws -> Simulation {
        guard let simulation = all.withLock({ all in all.first { $0.id == id } }) else {
            throw Problem.notFound("There is no simulation '\(id.prefix(64))'; only the latest \(Simulations.remembered) are kept.")
        }
        return simulation
    }
}
