import Dispatch
package import EffectCheck
package import HTTPServer
import Text

/// Whether a shop's pilots raised revenue.
struct EffectCheckAPI: Sendable {
    let shop: ShopService?

    /// Bodies above this many bytes are checked on another thread, so that the event loop's other connections do not wait.
    private static let inlineBytes = 64 << 10

    static let reasonHeader = "Effect-Check-Reason"

    var endpoints: [Endpoint] {
        [
            Endpoint(.get, "/ping", .ping, .inline { _ in .response(try ping()) }),
            Endpoint(.post, "/check_test", .checkTest, .inline { try reply(to: $0, plain) }),
            Endpoint(.post, "/api/v1/effect-check", .effectCheck, .inline { try reply(to: $0, rich) }),
        ]
    }

    private func ping() throws -> Response {
        guard case .loading(let progress) = shop?.state else {
            _ = try checker()
            return .json(["status": "ok"])
        }
        var response = Response.json(
            ["status": "loading", "progress": .number((progress * 1000).rounded() / 1000)], status: .serviceUnavailable)
        response.headers["Retry-After"] = "1"
        response.headers["Cache-Control"] = "no-store"
        return response
    }

    private func checker() throws(Problem) -> EffectChecker {
        switch shop?.state {
        case .ready(let checker): return checker
        case .loading(let progress):
            throw .unavailable("The shop's sales are being loaded: \(Int(progress * 100)) % so far.")
        case .failed(let reason): throw .unavailable("The shop could not be loaded: \(reason)", retryAfterSeconds: 60)
        case nil:
            throw .unavailable("No shop was given: start the server with --shop-users and --shop-sales.", retryAfterSeconds: 60)
        }
    }

    /// Answers on the event loop, or on another thread if there is much to read.
    private func reply(
        to request: borrowing Request, _ answer: @escaping @Sendable (EffectChecker, [UInt8]) throws -> Response
    ) throws -> Reply {
        let checker = try checker()
        let body = request.body
        guard body.count > Self.inlineBytes else { return .response(try answer(checker, body)) }
        return .deferred { responder in
            DispatchQueue.global().async {
                do { responder.respond(try answer(checker, body)) } catch { responder.fail(error) }
            }
        }
    }

    private func plain(_ checker: EffectChecker, _ body: [UInt8]) throws -> Response {
        let test = try TestScanner.read(body)
        let (hasEffect, reason): (Bool, String)
        do throws(EffectTestError) {
            (hasEffect, reason) = try checker.hasEffect(test)
        } catch .overlap(let count, let example) {
            (hasEffect, reason) = (false, EffectTestError.overlap(count: count, example: example).description)
        }
        var response = Response.json(bytes: hasEffect ? Self.yes : Self.no)
        response.headers[Self.reasonHeader] = reason
        return response
    }

    private func rich(_ checker: EffectChecker, _ body: [UInt8]) throws -> Response {
        .json(try checker.check(try TestScanner.read(body)).json)
    }

    private static let yes = Array(#"{"has_effect":1}"#.utf8)
    private static let no = Array(#"{"has_effect":0}"#.utf8)
}

extension EffectTestError: ProblemConvertible {
    package var problem: Problem {
        switch self {
        case .malformed(let place, _): Problem(.badRequest, "The test cannot be read: \(self).", extensions: ["path": .string(place)])
        case .emptyGroup: .badRequest("The test cannot be answered: \(self).")
        case .overlap(let count, _):
            Problem(.unprocessableContent, "The test cannot be answered: \(self).", extensions: ["overlap": .integer(count)])
        }
    }
}
