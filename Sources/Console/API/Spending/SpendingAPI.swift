import Enrollment
package import HTTPServer
import Notifications
package import Spending
import Text

/// What customers have spent.
struct SpendingAPI: Sendable {
    private let registry: Registry
    private let service: SpendingService
    /// Who tells management; nil if there is nobody to tell.
    private let desk: AverageSpendingDesk?

    init(registry: Registry, service: SpendingService) {
        (self.registry, self.service) = (registry, service)
        desk = service.courier.flatMap { $0.channels.isEmpty ? nil : AverageSpendingDesk(records: service.records, courier: $0) }
    }

    var endpoints: [Endpoint] {
        [
            Endpoint(.get, "/total_spent/{user_id}", .totalSpent, .inlineBearer(.viewer) { request, _ in try total(request) }),
            averages,
        ]
    }

    /// Those who only look at averages need no token if they are public; those who ask about a customer, or send messages, always do.
    private var averages: Endpoint {
        let path = "/average_spending_by_age"
        guard service.averagesArePublic else {
            return Endpoint(.get, path, .averageSpending, .inlineBearer(.viewer) { request, _ in try averages(request) })
        }
        return Endpoint(.get, path, .publicAverageSpending, .inline(averages))
    }

    // MARK: Totals

    private func total(_ request: borrowing Request) throws -> Reply {
        let id = try SpendingAPI.customer(request.parameter("user_id"), "user_id")
        let year = try request.query("year", as: Int.self)
        return try reply { snapshot in
            guard let id, let total = snapshot.total(of: id, in: year) else { throw SpendingAPI.unknownCustomer }
            let period = year.map { "\"year\":\($0)," } ?? ""
            var response = Response.json(bytes: Array("{\"user_id\":\(id),\(period)\"total_spending\":\(total.json)}".utf8))
            response.headers["Cache-Control"] = "no-store"
            return response
        }
    }

    static let unknownCustomer = Problem.notFound("There is no customer of this id.")

    /// A customer's id; nil for a whole number that is too large to be one.
    static func customer(_ text: String, _ name: String) throws(Problem) -> Int64? {
        let digits = text.hasPrefix("-") ? text.dropFirst() : text[...]
        guard !digits.isEmpty, digits.utf8.allSatisfy({ (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }) else {
            throw .badRequest("'\(name)' must be a whole number.")
        }
        return Int64(text)
    }

    // MARK: Averages

    private func averages(_ request: borrowing Request) throws -> Reply {
        let year = try request.query("year", as: Int.self)
        let customer = try request.query("user_id").map { text throws(Problem) in
            (id: try SpendingAPI.customer(text, "user_id"), text: text)
        }
        let isAsked: Bool =
            switch try request.query("notify") {
            case nil, "0": false
            case "1": true
            default: throw Problem.badRequest("'notify' must be 0 or 1.")
            }
        // Messages go out to people: that is more than looking.
        if isAsked {
            _ = try Gate(registry: registry, role: .editor).admit(request)
        } else if customer != nil {
            _ = try Gate(registry: registry, role: .viewer).admit(request)
        }
        return try reply { snapshot in
            let averages = snapshot.ageAverages(in: year)
            var members = averages.members
            members.append(("rows", snapshot.rows))
            if let customer {
                guard let id = customer.id, let known = snapshot.customer(id, in: year) else { throw SpendingAPI.unknownCustomer }
                members.append(("customer", known.json))
            }
            if let outcome = announce(year, isAsked: isAsked, isOfRecords: year.map(snapshot.years.contains) ?? true) {
                members.append(("notification", .string(outcome)))
            }
            var response = Response.json(.object(members))
            response.headers["Cache-Control"] = "no-store"
            return response
        }
    }

    /// Tells management what is news, without waiting for it; the text is for who asked.
    private func announce(_ year: Int?, isAsked: Bool, isOfRecords: Bool) -> String? {
        guard let desk else {
            return isAsked ? "no Telegram chat and no webhook is configured" : nil
        }
        // Years without records could be asked for without end, and would all be news.
        guard isAsked || isOfRecords else { return nil }
        desk.tell(year: year, isAsked: isAsked)
        return isAsked ? "will be sent" : nil
    }

    // MARK: Records

    /// Answers at once if the records are known to be as the file has them, or else when they are read.
    private func reply(_ answer: @escaping @Sendable (SpendingSnapshot) throws -> Response) throws -> Reply {
        if let snapshot = service.records.current { return .response(try answer(snapshot)) }
        let records = service.records
        return .deferred { responder in
            records.read { result in
                do { responder.respond(try answer(try result.get())) } catch { responder.fail(error) }
            }
        }
    }
}

extension SpendingError: ProblemConvertible {
    package var problem: Problem {
        switch self {
        case .unreadable: .unavailable("The shop's records cannot be read now; please try again.")
        case .missing(_, let table, _): .unavailable("The shop's records are not complete: see the table \(table).")
        case .tooLarge: .unavailable("The shop's payments are too large to be added up to the cent.")
        }
    }
}
