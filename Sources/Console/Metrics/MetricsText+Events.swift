import Enrollment
import Events
import Experiments

extension MetricsText {
    /// How events come in and get on.
    func writeEvents(_ service: EventService, to writer: inout MetricsWriter) {
        let (spool, delivery, now) = (service.spool.status, service.deliverer.status, Timestamp.now())
        let tally = spool.tally
        writer.single("gosset_events_received_total", .counter, "Events that were taken in, repetitions too.", tally.received)
        writer.single("gosset_events_delivered_total", .counter, "Events that the warehouse has taken.", tally.delivered)
        writer.single("gosset_events_duplicates_total", .counter, "Events that the warehouse had already.", tally.duplicates)
        writer.single("gosset_events_late_total", .counter, "Events that came a day or more after they happened.", tally.late)
        writer.single("gosset_events_skewed_total", .counter, "Events that claimed to be of the future.", tally.skewed)
        writer.family("gosset_events_refused_batches_total", .counter, "Batches that were refused since the start, by reason.")
        for (reason, count) in service.refusals.counts { writer.sample([("reason", reason)], count) }
        writer.single("gosset_events_spool_bytes", .gauge, "Bytes of events that wait for the warehouse.", spool.bytes)
        writer.single("gosset_events_spool_limit_bytes", .gauge, "The most that may wait; above it events are refused.", spool.limit)
        writer.single(
            "gosset_events_lag_seconds", .gauge, "The age of the oldest event that waits for the warehouse.",
            seconds(from: spool.oldest, to: now))
        writer.single("gosset_events_spool_writable", .gauge, "1 while events can be written to the disk.", spool.failure == nil ? 1 : 0)
        writer.single(
            "gosset_warehouse_reachable", .gauge, "1 while events and exposures are delivered; 0 is an alarm when it lasts.",
            delivery.failure == nil ? 1 : 0)
        writer.single(
            "gosset_warehouse_away_seconds", .gauge, "How long nothing could be delivered.",
            delivery.failure == nil ? 0 : seconds(from: delivery.sound, to: now))
        guard let results = service.results else { return }
        writer.family("gosset_results_age_seconds", .gauge, "The age of an experiment's results.")
        for dealer in registry.snapshot.assigner.dealers {
            guard let computed = results.results(of: dealer.experiment.key)?.computed else { continue }
            writer.sample([("experiment", dealer.experiment.key.text)], seconds(from: computed, to: now))
        }
        writer.family("gosset_results_duration_seconds", .gauge, "How long it took to work out an experiment's results.")
        for dealer in registry.snapshot.assigner.dealers {
            guard let duration = results.results(of: dealer.experiment.key)?.duration else { continue }
            writer.sample([("experiment", dealer.experiment.key.text)], duration / .seconds(1))
        }
        writer.family("gosset_experiment_alarms", .gauge, "1 while an alarm about an experiment's data is raised.")
        for (key, rule) in results.alarms {
            writer.sample([("experiment", key.text), ("alarm", rule.name)], rule.isRaised ? 1 : 0)
        }
    }

    private func seconds(from then: Timestamp?, to now: Timestamp) -> Int64 {
        then.map { max(0, now.milliseconds - $0.milliseconds) / 1000 } ?? 0
    }
}
