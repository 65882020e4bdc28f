import Dispatch
import Enrollment
package import Events
import Experiments
package import HTTPServer
import Text

/// What clients tell of units, and how it is getting on.
struct EventsAPI: Sendable {
    let registry: Registry
    let service: EventService
    let planned: PlannedFacts
    let origins: AllowedOrigins

    /// Bodies above this many bytes are read on another thread, so that the event loop's other connections do not wait.
    private static let inlineBytes = 64 << 10

    private static let path = "/api/v1/events"

    var endpoints: [Endpoint] {
        var endpoints = [Endpoint(.post, EventsAPI.path, .postEvents, .inline(post))]
        if !origins.isEmpty { endpoints.append(Endpoint(.options, EventsAPI.path, .eventsPreflight, .inline(preflight))) }
        return endpoints + [
            Endpoint(.get, EventsAPI.path + "/status", .eventsStatus, .bearer(.viewer) { _, _ in status() }),
            Endpoint(.delete, "/api/v1/admin/units/{token}", .eraseUnit, .bearer(.admin, erase)),
            Endpoint(.delete, "/api/v1/admin/persons/{person}", .erasePerson, .bearer(.admin, erasePerson)),
        ]
    }

    // MARK: Intake

    private enum Form { case array, lines }

    private func post(_ request: borrowing Request) throws -> Reply {
        let origin = origins.isEmpty ? nil : try request.header("Origin")
        let form = try form(request)
        let unit = try request.withHeader("Device-Token") { token throws -> String? in
            guard let token else { return nil }
            do { return try DeviceToken(token).description } catch { throw Problem.badRequest("\(error)") }
        }
        let body = request.body
        return .deferred { responder in
            if body.count <= EventsAPI.inlineBytes { return take(body, form, unit, origin, responder) }
            DispatchQueue.global().async { take(body, form, unit, origin, responder) }
        }
    }

    private func form(_ request: borrowing Request) throws(Problem) -> Form {
        let type = try request.header("Content-Type")?.prefix { $0 != ";" }.split(separator: " ").first?.lowercased()
        switch type {
        case "application/json": return .array
        case "application/x-ndjson", "application/ndjson", "application/jsonl": return .lines
        default:
            let accepted = "application/json, application/x-ndjson"
            throw Problem(
                .unsupportedMediaType, "The body must be application/json, an array of events, or application/x-ndjson, one a line.",
                headers: ["Accept-Post": accepted])
        }
    }

    private func take(_ body: [UInt8], _ form: Form, _ unit: String?, _ origin: String?, _ responder: Responder) {
        let reader = EventReader(limits: service.limits, clock: service.clock, unit: unit, received: Timestamp.now())
        var batch: EventBatch
        do throws(EventRefusal) {
            batch = try form == .array ? reader.array(body) : reader.lines(body)
        } catch {
            service.refusals.countInvalid()
            return fail(error.problem, origin, responder)
        }
        for event in batch.events where registry.device(for: event.unit.utf8.span) == nil { batch.strangers[event.fact, default: 0] += 1 }
        let encoded = EncodedBatch(batch)
        // Nothing needs no disk.
        guard encoded.count > 0 else { return accept(encoded, origin, responder) }
        service.spool.append(encoded) { result in
            switch result {
            case .success: accept(encoded, origin, responder)
            case .failure(let error):
                service.refusals.count(error)
                fail(error.problem, origin, responder)
            }
        }
    }

    private func accept(_ batch: EncodedBatch, _ origin: String?, _ responder: Responder) {
        responder.respond { _ in
            let text = "{\"accepted\":\(batch.count),\"late\":\(batch.late),\"skewed\":\(batch.skewed)}"
            var response = Response.json(bytes: Array(text.utf8), status: .accepted)
            if let origin { origins.allow(origin, in: &response.headers) }
            return .response(response)
        }
    }

    private func fail(_ problem: Problem, _ origin: String?, _ responder: Responder) {
        var problem = problem
        if let origin { origins.allow(origin, in: &problem.headers) }
        responder.fail(problem)
    }

    private func preflight(_ request: borrowing Request) throws -> Reply {
        var response = Response.empty()
        if let origin = try request.header("Origin") {
            origins.allow(origin, in: &response.headers)
            response.headers["Access-Control-Allow-Methods"] = "POST"
            response.headers["Access-Control-Allow-Headers"] = "Content-Type, Device-Token"
            response.headers["Access-Control-Max-Age"] = "86400"
        }
        return .response(response)
    }

    // MARK: Status

    private func status() -> Response {
        let (spool, delivery) = (service.spool.status, service.deliverer.status)
        let (tally, now) = (spool.tally, Timestamp.now())
        let facts = tally.facts.sorted { $0.key < $1.key }
        let planned = planned.names
        var response = Response.json([
            "received": .integer(Int(tally.received)),
            "delivered": .integer(Int(tally.delivered)),
            "duplicates": .integer(Int(tally.duplicates)),
            "late": .integer(Int(tally.late)),
            "skewed": .integer(Int(tally.skewed)),
            "erased": .integer(Int(tally.erased)),
            "facts": .object(facts.map { ($0.key, .integer(Int($0.value))) }),
            "unknownFacts": .array(facts.map(\.key).filter { !planned.contains($0) }.map { .string($0) }),
            "otherFacts": .integer(Int(tally.otherFacts)),
            "strangers": .object(tally.strangers.sorted { $0.key < $1.key }.map { ($0.key, .integer(Int($0.value))) }),
            "spool": [
                "bytes": .integer(spool.bytes), "limit": .integer(spool.limit), "oldest": JSONValue(spool.oldest),
                "failure": JSONValue(spool.failure?.description),
            ],
            "warehouse": [
                "current": JSONValue(delivery.current),
                "lagSeconds": JSONValue(spool.oldest.map { Double(max(0, now.milliseconds - $0.milliseconds)) / 1000 } ?? 0),
                "exposedDevices": delivery.exposures.map { JSONValue($0) } ?? .null,
                "devices": JSONValue(registry.nextOrdinal),
                "erasures": .integer(spool.erasures),
                "failure": JSONValue(delivery.failure), "failingSince": JSONValue(delivery.failing),
            ],
            "retentionDays": service.retention.map { .integer(Int($0 / .seconds(86_400))) } ?? .null,
        ])
        response.headers["Cache-Control"] = "no-store"
        return response
    }

    // MARK: Erasure

    /// First the registry, then the spool, which has the warehouse do the same: what comes between is caught by the next.
    private func erase(_ request: borrowing Request, actor: String) async throws -> Response {
        let text = try request.parameter("token")
        let token: DeviceToken
        // What was taken in before dots alone were refused can be deleted by whoever gets the address through.
        do { token = try DeviceToken(stored: text) } catch { throw Problem.badRequest("\(error)") }
        let wasDevice = try await registry.forget(token, actor: actor)
        let erased = try await erase([token.description])
        return .json(
            ["device": .boolean(wasDevice), "spooledEvents": .integer(erased), "warehouse": "pending"], status: .accepted)
    }

    /// First what they did, while it is still known which devices are theirs: whoever is interrupted can ask again.
    ///
    /// Then who they are, and then what came between.
    private func erasePerson(_ request: borrowing Request, actor: String) async throws -> Response {
        let text = try request.parameter("person")
        let person: PersonID
        do { person = try PersonID(stored: text) } catch { throw Problem.badRequest("\(error)") }
        let linked = try await registry.links(.ofPerson(person)).map(\.token.description)
        var erased = try await erase(linked + [person.text])
        let devices = try await registry.forget(person, actor: actor)
        erased += try await erase(devices.map(\.description) + [person.text])
        return .json(
            ["devices": .integer(devices.count), "spooledEvents": .integer(erased), "warehouse": "pending"], status: .accepted)
    }

    private func erase(_ units: [String]) async throws(Problem) -> Int {
        do throws(SpoolError) {
            return try await service.spool.erase(units: units, at: Timestamp.now())
        } catch {
            throw error.problem
        }
    }
}

extension EventRefusal: ProblemConvertible {
    package var problem: Problem {
        switch self {
        case .tooMany: return Problem(.contentTooLarge, "No event was taken: \(self)")
        case .faults(let faults, _):
            let list = faults.map { fault -> JSONValue in
                [
                    "event": .integer(fault.event), "line": .integer(fault.line), "column": .integer(fault.column),
                    "member": JSONValue(fault.member), "detail": .string(fault.message),
                ]
            }
            return Problem(.badRequest, "No event was taken: \(self)", extensions: ["faults": .array(list)])
        }
    }
}

extension SpoolError: ProblemConvertible {
    package var problem: Problem {
        switch self {
        // What is full empties as fast as the warehouse takes it; what is broken is tried again at once.
        case .full: .unavailable("No event was taken: \(self)", retryAfterSeconds: 10)
        case .tooLarge: Problem(.contentTooLarge, "No event was taken: \(self)")
        case .overloaded, .closed: .unavailable("No event was taken: \(self)")
        // Anybody may ask, and the reason names files of the server's: it stands in the server's log.
        case .unavailable, .corrupt, .inUse:
            .unavailable(
                "No event was taken: The events cannot be written at present. Keep them and send them again in a moment. Whoever runs the "
                    + "server: its log says why.")
        }
    }
}
