import Enrollment
import HTTPServer
import Spending

/// The page about spending: open to look at if averages are public, and everything else for who gives a token in its form.
struct SpendingPages: Sendable {
    let registry: Registry
    let service: SpendingService

    private static let operation = Operation.page("spendingPage", "The spending page")

    /// The page where no shop is served: it stands in every page's navigation, and says what to do.
    static let withoutShop = [Endpoint(.get, "/spending", operation, .inline { _ in .response(.html(SpendingPage.withoutShop)) })]

    var endpoints: [Endpoint] {
        [
            Endpoint(.get, "/spending", SpendingPages.operation, .task { _ in try await page() }),
            Endpoint(.post, "/spending", .spendingForm, .task { request in try await page(try request.form()) }),
        ]
    }

    private func page() async throws -> Response {
        let snapshot = try await service.records.read()
        var page = SpendingPage(years: snapshot.years)
        if service.averagesArePublic { page.averages = snapshot.ageAverages() }
        return .html(page.html)
    }

    private func page(_ form: Form) async throws -> Response {
        guard registry.accessTokens.bearer(of: try form.value("token") ?? "") != nil else {
            throw Problem(.unauthorized, "This access token is not valid.", headers: ["WWW-Authenticate": "Bearer realm=\"gosset\""])
        }
        let year = try form.value("year").flatMap { $0.isEmpty ? nil : $0 }.map { text throws(Problem) in
            guard let year = Int(text) else { throw .badRequest("'year' must be a whole number.") }
            return year
        }
        let text = (try form.value("user_id") ?? "").filter { $0 != " " }
        let id = text.isEmpty ? nil : try SpendingAPI.customer(text, "user_id")
        let snapshot = try await service.records.read()
        let customer = id.flatMap { snapshot.customer($0, in: year) }
        let bonusYear = year ?? snapshot.latestYear
        let insight = SpendingPage.Private(
            customer: customer, isUnknown: !text.isEmpty && customer == nil, bonuses: await bonuses(bonusYear), bonusYear: bonusYear,
            waiting: service.bonuses.waitingCount, store: service.bonuses.store.name)
        let page = SpendingPage(
            userID: text, year: year, years: snapshot.years, averages: snapshot.ageAverages(in: year), insight: insight)
        var response = Response.html(page.html)
        response.headers["Cache-Control"] = "no-store"
        return response
    }

    private func bonuses(_ year: Int?) async -> Result<[BonusDesk.Listed], BonusStoreError> {
        guard let year else { return .success([]) }
        do {
            return .success(try await service.bonuses.listing(in: year, limit: SpendingPage.mostBonuses))
        } catch {
            return .failure(error as? BonusStoreError ?? BonusStoreError(.refused, "\(error)"))
        }
    }
}
