import Enrollment
import Experiments
import HTTPServer

/// What the server measured, as Prometheus reads it (text format 0.0.4).
struct MetricsText {
    let http: Measurements.Snapshot
    let registry: Registry
    let statistics: RegistryStatistics
    var events: EventService?

    var text: String {
        var writer = MetricsWriter()
        writeRequests(to: &writer)
        writeRegistry(to: &writer)
        writeExperiments(to: &writer)
        if let events { writeEvents(events, to: &writer) }
        return writer.text
    }

    private func writeRequests(to writer: inout MetricsWriter) {
        writer.family("gosset_http_requests_total", .counter, "Requests answered, by route and class of status.")
        for route in http.routes {
            for (index, count) in route.statusClasses.enumerated() where count > 0 {
                writer.sample(
                    [("method", route.method?.rawValue ?? "other"), ("route", route.pattern), ("status", "\(index + 1)xx")], count)
            }
        }
        writer.family("gosset_http_request_duration_seconds", .histogram, "Time from a request's head to its answer, by route.")
        for route in http.routes where route.count > 0 {
            let labels = [("method", route.method?.rawValue ?? "other"), ("route", route.pattern)]
            var cumulative = 0
            let counts = route.latencyCounts.map { count -> UInt64 in
                cumulative += count
                return UInt64(cumulative)
            }
            writer.histogram(
                labels, bounds: Measurements.latencyBounds, cumulative: counts, count: UInt64(route.count), sum: route.latencySum)
        }
        writer.single("gosset_http_connections", .gauge, "Connections that are open.", http.openConnections)
        writer.single("gosset_http_connections_total", .counter, "Connections that were accepted.", http.connectionsAccepted)
        writer.single("gosset_http_requests_in_flight", .gauge, "Requests that are being answered.", http.requestsInFlight)
        writer.single("gosset_http_streams", .gauge, "Live pages and other streams that are open.", http.openStreams)
        writer.single("gosset_http_received_body_bytes_total", .counter, "Bytes of bodies received.", http.bodyBytesReceived)
        writer.single("gosset_http_sent_body_bytes_total", .counter, "Bytes of bodies sent.", http.bodyBytesSent)
    }

    private func writeRegistry(to writer: inout MetricsWriter) {
        let metrics = registry.metrics
        writer.single("gosset_devices", .gauge, "Devices that are known.", statistics.devices)
        writer.single("gosset_devices_missing", .gauge, "Devices that were numbered and are lost; above 0 is an alarm.", statistics.missing)
        writer.single(
            "gosset_registry_sound", .gauge, "1 while nothing is wrong with the devices; 0 is an alarm.", statistics.alarm == nil ? 1 : 0)
        writer.single("gosset_device_index_bytes", .gauge, "Memory that the known devices take.", metrics.indexBytes)
        writer.single("gosset_first_contacts_total", .counter, "Devices that this server enrolled.", metrics.enrolled)
        writer.single("gosset_first_contacts_waiting", .gauge, "First contacts that wait for the store.", metrics.waiting)
        writer.single("gosset_registry_failures_total", .counter, "Times the store failed.", metrics.failures)
        writer.single("gosset_registry_writable", .gauge, "1 while new devices can be taken in.", registry.failure == nil ? 1 : 0)
        writer.family("gosset_registry_commit_duration_seconds", .histogram, "Time from a transaction's begin until it is durable.")
        let commits = metrics.commits
        writer.histogram([], bounds: LatencyHistogram.bounds, cumulative: commits.cumulative, count: commits.count, sum: commits.sum)
    }

    private func writeExperiments(to writer: inout MetricsWriter) {
        writer.family("gosset_experiment_devices", .gauge, "Devices in an experiment, by variant.")
        for experiment in statistics.experiments {
            for variant in experiment.variants {
                writer.sample([("experiment", experiment.key.text), ("variant", variant.value)], variant.devices)
            }
        }
        writer.family(
            "gosset_experiment_balanced", .gauge,
            "1 while all devices are there and the spread is as exact as blocks make it; 0 is an alarm.")
        for experiment in statistics.experiments {
            writer.sample([("experiment", experiment.key.text)], experiment.imbalance == nil ? 1 : 0)
        }
    }
}
