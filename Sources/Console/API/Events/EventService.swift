package import Enrollment
package import Events
import Experiments

/// What units did, as it is taken in and delivered.
package struct EventService: Sendable {
    package let spool: Spool
    package let deliverer: Deliverer
    package var limits = EventLimits()
    package var clock = EventClock()
    /// What is known of experiments by what arrived, if that is worked out.
    package var results: LiveResults?
    /// What was refused.
    package let refusals = EventRefusals()
    /// How long the warehouse keeps events; nil for ever.
    package var retention: Duration?

    package init(spool: Spool, deliverer: Deliverer) {
        self.spool = spool
        self.deliverer = deliverer
    }

    /// Why results stand still, and since when; nil while nothing is in the way of news.
    package var obstacle: LiveResults.Obstacle? {
        deliverer.status.obstacle ?? results?.obstacle
    }

    /// Delivers no more, and lets go of the spool.
    package func close() async {
        await deliverer.close()
        spool.close()
    }
}

extension Deliverer.Status {
    /// Why nothing is delivered, and since when; nil while it is.
    var obstacle: LiveResults.Obstacle? {
        guard let failure, let failing else { return nil }
        return LiveResults.Obstacle(reason: failure, since: failing)
    }
}

extension ExposureSource {
    /// The exposures of a registry's devices: by the arithmetic that also answers them, so the two cannot disagree.
    package init(_ registry: Registry) {
        let links: @Sendable (Int64, Int) async throws -> [UnitLink] = { number, limit in
            guard registry.lastLink > number else { return [] }
            return try await registry.links(.after(number, limit: limit)).map {
                UnitLink(number: $0.number, unit: $0.token.description, person: $0.person.text, time: $0.time)
            }
        }
        let forgotten: @Sendable (Timestamp, UInt64?) async throws -> ForgottenUnits = { moment, revision in
            let forgotten = try await registry.forgotten(since: moment, unless: revision)
            return ForgottenUnits(revision: forgotten.revision, isEmpty: forgotten.isEmpty) { forgotten.time(of: $0) }
        }
        self.init(registry: registry.id, links: links, forgotten: registry.isShared ? forgotten : nil) { first, limit in
            let (devices, next) = try await registry.devices(from: first, limit: limit)
            // Taken after the devices: it knows of every experiment that was in force when they came.
            let assigner = registry.snapshot.assigner
            let excluded = Dictionary(
                uniqueKeysWithValues: assigner.catalogue.experiments.filter { !$0.forced.isEmpty }.map {
                    ($0.key.text, Set(registry.excluded(from: $0)))
                })
            return ExposureBatch(next: next, end: max(next, registry.nextOrdinal)) {
                // Who was forgotten before it was told of is not told of.
                devices.filter { !$0.0.isForgotten }.flatMap { token, device in
                    assigner.exposures(of: device.ordinal, unit: token.description, firstSeen: device.firstSeen)
                }.filter { excluded[$0.experiment]?.contains($0.ordinal) != true }
            }
        }
    }
}
