import Dispatch
import Enrollment
import Experiments
import HTTPServer
import Spending
import Text

/// Year-end vouchers: who earned one.
struct BonusAPI: Sendable {
    let service: SpendingService

    static let run = "/api/v1/bonuses/run"
    static let list = "/api/v1/bonuses"

    var endpoints: [Endpoint] {
        [
            Endpoint(.post, "/write_to_mongodb", .writeBonus, .bearer(.editor) { request, _ in try await write(request) }),
            Endpoint(.post, BonusAPI.run, .runBonuses, .bearer(.editor) { request, _ in try await run(request) }),
            Endpoint(.get, BonusAPI.list, .listBonuses, .bearer(.viewer) { request, _ in try await list(request) }),
        ]
    }

    // MARK: One

    private struct Body: Decodable {
        let userID: Int64
        let total: Double
        let year: Int?

        enum CodingKeys: String, CodingKey {
            case userID = "user_id"
            case total = "total_spending"
            case year
        }
    }

    private func write(_ request: borrowing Request) async throws -> Response {
        let body = try body(request)
        let snapshot = try await service.records.read()
        guard let allYears = snapshot.total(of: body.userID) else { throw SpendingAPI.unknownCustomer }
        let year = try year(body.year, snapshot)
        guard let total = Cents(rounding: body.total), total.isExactly(body.total) else {
            throw Problem(.unprocessableContent, "'total_spending' must be an amount of whole cents.")
        }
        guard total > service.limit else {
            throw Problem(.unprocessableContent, "Only sums over \(service.limit) earn a bonus, and \(total) is not.")
        }
        let known = snapshot.total(of: body.userID, in: year) ?? .zero
        let records = JSONValue.object([
            ("year", .integer(year)), ("total_spending", known.value), ("total_spending_all_years", allYears.value),
            ("matches", .boolean(abs(known.count - total.count) <= 1)),
        ])
        if service.isStrict, abs(known.count - total.count) > 1 {
            throw Problem(
                .conflict, "The shop's records hold \(known) for this customer in \(year), not \(total).", extensions: ["records": records])
        }
        let bonus = Bonus(userID: body.userID, year: year, total: total, granted: .now())
        return try respond(to: bonus, await service.bonuses.record(bonus), records)
    }

    /// What does not fit the shape is as malformed as what is no JSON.
    private func body(_ request: borrowing Request) throws -> Body {
        do throws(Problem) {
            return try request.json(Body.self, .strict)
        } catch {
            guard error.status == .unprocessableContent else { throw error }
            throw Problem(.badRequest, error.detail, extensions: error.extensions)
        }
    }

    private func year(_ asked: Int?, _ snapshot: SpendingSnapshot) throws(Problem) -> Int {
        guard let year = asked ?? snapshot.latestYear else {
            throw Problem(.unprocessableContent, "The records have no payments, so the year must be given.")
        }
        guard (1...9999).contains(year) else { throw Problem(.unprocessableContent, "'year' must be from 1 to 9999.") }
        return year
    }

    private func respond(to bonus: Bonus, _ outcome: BonusDesk.Outcome, _ records: JSONValue) throws(Problem) -> Response {
        let whose = "The bonus of customer \(bonus.key.userID) for \(bonus.key.year)"
        let result: (word: String, message: String)
        switch outcome {
        case .recorded(let tally) where tally.created > 0: result = ("created", "\(whose) is recorded.")
        case .recorded(let tally) where tally.updated > 0: result = ("updated", "\(whose) has a new sum.")
        case .recorded: result = ("unchanged", "\(whose) was recorded before; nothing has changed.")
        case .waiting(let error): throw unavailable("\(whose) waits and will be delivered", error, queued: true)
        case .lost(let error, _): throw unavailable("\(whose) could not be kept either and must be sent again", error, queued: false)
        }
        return .json(
            [
                "message": .string(result.message), "result": .string(result.word), "user_id": .integer(Int(bonus.key.userID)),
                "year": .integer(bonus.key.year), "total_spending": bonus.total.value, "store": .string(service.bonuses.store.name),
                "records": records,
            ], status: result.word == "unchanged" ? .ok : .created)
    }

    private func unavailable(
        _ detail: String, _ error: BonusStoreError, queued: Bool, _ more: [(String, JSONValue)] = []
    ) -> Problem {
        Problem(
            .serviceUnavailable, "The store of bonuses did not acknowledge. \(detail).",
            extensions: [
                "store": .string(service.bonuses.store.name), "reason": .string(error.message), "code": .string(error.code.rawValue),
                "queued": .boolean(queued), "counts": .object(more),
            ], headers: ["Retry-After": "5"])
    }

    // MARK: All

    private func run(_ request: borrowing Request) async throws -> Response {
        let asked = try request.query("year", as: Int.self)
        let over = try request.query("over", as: Double.self)
        let snapshot = try await service.records.read()
        let year = try year(asked, snapshot)
        guard let limit = over.map({ Cents(rounding: $0) }) ?? service.limit, over.map(limit.isExactly) ?? true else {
            throw Problem.badRequest("'over' must be an amount of whole cents.")
        }
        guard limit >= service.limit else {
            throw Problem(.unprocessableContent, "Only sums over \(service.limit) earn a bonus; 'over' must not be less.")
        }
        let now = Timestamp.now()
        let bonuses = snapshot.customers(in: year, over: limit).map { Bonus(userID: $0.id, year: year, total: $0.total, granted: now) }
        var run = Run()
        for outcome in await service.bonuses.record(bonuses) { run.add(outcome) }
        let counts: [(String, JSONValue)] = [
            ("customers", .integer(bonuses.count)), ("created", .integer(run.tally.created)), ("updated", .integer(run.tally.updated)),
            ("unchanged", .integer(run.tally.unchanged)),
        ]
        if let failure = run.failure {
            let detail =
                run.isLost ? "Some bonuses could not be kept either: run it again" : "What was not acknowledged waits and will be delivered"
            throw unavailable(detail, failure, queued: !run.isLost, counts)
        }
        return .json(
            .object([("year", .integer(year)), ("over", limit.value), ("store", .string(service.bonuses.store.name))] + counts))
    }

    /// What came of the batches of a run.
    private struct Run {
        var tally = BonusTally()
        var failure: BonusStoreError?
        var isLost = false

        mutating func add(_ outcome: BonusDesk.Outcome) {
            switch outcome {
            case .recorded(let each): tally += each
            case .waiting(let error): failure = error
            case .lost(let error, _): (failure, isLost) = (error, true)
            }
        }
    }

    // MARK: The list

    private func list(_ request: borrowing Request) async throws -> Response {
        let asked = try request.query("year", as: Int.self)
        let after = try request.query("after", as: Int64.self)
        let limit = try request.query("limit", as: Int.self) ?? 1000
        guard (1...10_000).contains(limit) else { throw Problem.badRequest("'limit' must be from 1 to 10000.") }
        let year = try year(asked, try await service.records.read())
        do {
            let listed = try await service.bonuses.listing(in: year, after: after, limit: limit)
            return .json([
                "year": .integer(year), "store": .string(service.bonuses.store.name), "waiting": .integer(service.bonuses.waitingCount),
                "bonuses": .array(listed.map(\.json)),
                "next": listed.count == limit ? listed.last.map { .integer(Int($0.bonus.key.userID)) } ?? .null : .null,
            ])
        } catch let error as BonusStoreError {
            throw unavailable("Nothing was changed", error, queued: false)
        }
    }
}

extension BonusDesk {
    /// The bonuses of a year by customer, those that wait included.
    func listing(in year: Int, after: Int64? = nil, limit: Int) async throws -> [Listed] {
        try await withCheckedThrowingContinuation { continuation in
            DispatchQueue.global().async {
                continuation.resume(with: Result { try self.bonuses(in: year, after: after, limit: limit) })
            }
        }
    }
}

extension BonusDesk.Listed {
    /// `delivered`, or `waiting` for its store.
    var state: String { isWaiting ? "waiting" : "delivered" }

    fileprivate var json: JSONValue {
        [
            "user_id": .integer(Int(bonus.key.userID)), "year": .integer(bonus.key.year), "total_spending": bonus.total.value,
            "granted": JSONValue(bonus.granted), "state": .string(state),
        ]
    }
}
