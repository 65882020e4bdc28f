import Enrollment
import Experiments
import HTTPServer
import Text

/// Experiments as flags of the OpenFeature Remote Evaluation Protocol, so that any OpenFeature client can ask.
///
/// A flag is an experiment, `targetingKey` is the device token, and the variant's name is its value.
/// The protocol: https://github.com/open-feature/protocol, version 0.2.
struct OpenFeatureAPI: Sendable {
    let registry: Registry
    let origins: AllowedOrigins

    private static let one = "/ofrep/v1/evaluate/flags/{key}"
    private static let all = "/ofrep/v1/evaluate/flags"

    var endpoints: [Endpoint] {
        let asked = [
            Endpoint(.post, Self.one, .evaluateFlag, .inline(evaluate)),
            Endpoint(.post, Self.all, .evaluateFlags, .inline(evaluateAll)),
        ]
        guard !origins.isEmpty else { return asked }
        return asked + [
            Endpoint(.options, Self.one, .flagPreflight, .inline(preflight)),
            Endpoint(.options, Self.all, .flagsPreflight, .inline(preflight)),
        ]
    }

    // MARK: One flag

    private func evaluate(_ request: borrowing Request) throws -> Reply {
        let name = try request.parameter("key")
        let origin = try origin(of: request)
        guard let key = try? ExperimentKey(name), let dealer = try? registry.snapshot.assigner.dealer(key),
            dealer.experiment.state != .draft || !dealer.experiment.forced.isEmpty
        else {
            return .response(allowing(origin, Self.refusal(.notFound, .flagNotFound, "There is no experiment '\(name)'.", key: name)))
        }
        let (token, attributes): (DeviceToken, Attributes)
        do throws(Refusal) {
            (token, attributes) = try unit(of: request)
        } catch {
            return .response(allowing(origin, Self.refusal(.badRequest, error.code, error.details, key: name)))
        }
        return registry.reply(to: token, attributes: attributes) { [registry] device in
            guard let flag = Flag(registry.snapshot.assigner, key, device.ordinal, registry.forcedValues(of: token)) else {
                return allowing(origin, Self.refusal(.notFound, .flagNotFound, "There is no experiment '\(name)'.", key: name))
            }
            return allowing(origin, .json(flag.json))
        }
    }

    // MARK: All flags

    private func evaluateAll(_ request: borrowing Request) throws -> Reply {
        let origin = try origin(of: request)
        let known = try request.header("If-None-Match")
        let (token, attributes): (DeviceToken, Attributes)
        do throws(Refusal) {
            (token, attributes) = try unit(of: request)
        } catch {
            return .response(allowing(origin, Self.refusal(.badRequest, error.code, error.details, key: nil)))
        }
        return registry.reply(to: token, attributes: attributes) { [registry] device in
            let assigner = registry.snapshot.assigner
            let forced = registry.forcedValues(of: token)
            let flags = assigner.dealers.compactMap { Flag(assigner, $0.experiment.key, device.ordinal, forced) }.filter { $0.value != nil }
            let body = JSONValue.object([("flags", .array(flags.map(\.json)))])
            let tag = Self.tag(of: body.description)
            var response =
                known.map { Self.holds($0, tag) } == true ? Response.empty(.notModified) : .json(body)
            response.headers["ETag"] = tag
            return allowing(origin, response)
        }
    }

    /// A name for what a body says: FNV-1a, the same on every server.
    private static func tag(of body: String) -> String {
        let hash = body.utf8.reduce(0xcbf2_9ce4_8422_2325 as UInt64) { ($0 ^ UInt64($1)) &* 0x100_0000_01b3 }
        return "\"\(String(hash, radix: 16))\""
    }

    /// Whether a list of tags, as `If-None-Match` has it, holds one.
    private static func holds(_ tags: String, _ tag: String) -> Bool {
        tags.split(separator: ",").contains { text in
            let text = text.drop { $0 == " " }.prefix { $0 != " " }
            return text == "*" || text == tag || text == "W/" + tag
        }
    }

    // MARK: The request

    private struct Body: Decodable {
        /// What names the device, and what is known of it.
        struct Context: Decodable {
            let targetingKey: String?
            let attributes: Attributes

            enum CodingKeys: CodingKey { case targetingKey }

            init(from decoder: any Decoder) throws {
                targetingKey = try decoder.container(keyedBy: CodingKeys.self).decodeIfPresent(String.self, forKey: .targetingKey)
                attributes = try ClientContext(from: decoder).attributes(without: CodingKeys.targetingKey.stringValue)
            }
        }

        let context: Context?
    }

    private struct Refusal: Error {
        let code: ErrorCode
        let details: String
    }

    enum ErrorCode: String {
        case parseError = "PARSE_ERROR"
        case targetingKeyMissing = "TARGETING_KEY_MISSING"
        case invalidContext = "INVALID_CONTEXT"
        case flagNotFound = "FLAG_NOT_FOUND"
    }

    /// The device token in the context, and what else the context tells.
    private func unit(of request: borrowing Request) throws(Refusal) -> (DeviceToken, Attributes) {
        let body: Body
        do throws(Problem) {
            body = try request.json(Body.self)
        } catch {
            throw Refusal(code: error.status == .unprocessableContent ? .invalidContext : .parseError, details: error.detail ?? "")
        }
        guard let context = body.context, let text = context.targetingKey else {
            throw Refusal(
                code: .targetingKeyMissing, details: "context.targetingKey is missing; it must be the device's own, lasting token.")
        }
        do { return (try DeviceToken(text), context.attributes) } catch {
            throw Refusal(code: .invalidContext, details: "context.targetingKey: \(error)")
        }
    }

    /// What the protocol says of an error, as members of a problem, in the type that the protocol has.
    private static func refusal(_ status: Status, _ code: ErrorCode, _ details: String, key: String?) -> Response {
        let (code, text) = (JSONValue.string(code.rawValue), JSONValue.string(details))
        let problem =
            if let key {
                Problem(status, details, extensions: ["key": .string(key), "errorCode": code, "errorDetails": text])
            } else {
                Problem(status, details, extensions: ["errorCode": code, "errorDetails": text])
            }
        var response = Response.problem(problem)
        response.headers["Content-Type"] = "application/json"
        return response
    }

    // MARK: Browsers

    private func origin(of request: borrowing Request) throws -> String? {
        origins.isEmpty ? nil : try request.header("Origin")
    }

    private func allowing(_ origin: String?, _ response: Response) -> Response {
        var response = response
        response.headers["Cache-Control"] = "no-store"
        if let origin {
            origins.allow(origin, in: &response.headers)
            response.headers["Access-Control-Expose-Headers"] = "ETag"
        }
        return response
    }

    private func preflight(_ request: borrowing Request) throws -> Reply {
        try origins.preflight(request, method: .post, headers: "Authorization, Content-Type, If-None-Match, X-API-Key")
    }
}

/// What a device is told of one flag.
private struct Flag {
    let key: ExperimentKey
    let value: JSONValue?
    let variant: String
    let reason: String

    /// Nil for an experiment that is not there, or is a draft of which the device has no forced value.
    init?(_ assigner: Assigner, _ key: ExperimentKey, _ ordinal: Ordinal, _ forced: ForcedValues) {
        guard let dealer = try? assigner.dealer(key) else { return nil }
        self.key = key
        let placement = dealer.placement(of: ordinal, forced: forced[key])
        switch placement {
        case .notStarted: return nil
        case .dealt: reason = dealer.experiment.targeting == nil ? "SPLIT" : "TARGETING_MATCH"
        // Nothing is tried with it.
        case .winner, .forced: reason = "STATIC"
        // Without a value the client takes its own default.
        case .olderThanExperiment, .cameDuringPause, .finished, .heldOut, .otherSlot, .notTargeted: reason = "DISABLED"
        }
        value = placement.value.map(FlagType(dealer.experiment).json)
        variant = placement.value ?? Flag.noVariant(of: dealer.experiment)
    }

    /// What stands for no variant, since some clients fail on an answer without one: no variant of the experiment's has this name.
    private static func noVariant(of experiment: Experiment) -> String {
        var name = "none"
        while experiment.values.contains(name) { name = "(\(name))" }
        return name
    }

    var json: JSONValue {
        .object(
            [("key", .string(key.text)), ("reason", .string(reason)), ("variant", .string(variant))] + (value.map { [("value", $0)] } ?? [])
        )
    }
}
