import Enrollment
import HTTPServer
import Spending
import Text

/// The page about spending: open to look at if averages are public, and everything else for who is signed in.
struct SpendingPages: Sendable {
    let service: SpendingService

    private static let operation = Operation.page(
        "spendingPage", "The spending page",
        parameters: [
            Operation.Parameter(
                name: "year", place: .query, isRequired: false, description: "The year that is shown; all years if it is empty.",
                schema: ["type": "string"], example: "2024")
        ], problems: [(400, "The year is no whole number; a page that says so, with all years.")])

    /// The page where no shop is served: it stands in every page's navigation, and says what to do.
    static let withoutShop = [Endpoint(.get, "/spending", operation, .open { _, session in .html(SpendingPage.withoutShop(session)) })]

    var endpoints: [Endpoint] {
        [
            Endpoint(
                .get, "/spending", SpendingPages.operation,
                .open { request, session in try await page(try request.query("year") ?? "", session) }),
            Endpoint(.post, "/spending", .spendingForm, .form(.viewer) { _, form, session in try await page(form, session) }),
        ]
    }

    /// A year as it was chosen, or typed into an address: all years where it is empty, and where it is none, which is a mistake.
    private static func year(_ text: String) -> (year: Int?, isMistyped: Bool) {
        let digits = text.filter { $0 != " " }
        let year = Int(digits)
        return (year, year == nil && !digits.isEmpty)
    }

    private func page(_ typedYear: String, _ session: Session?) async throws -> Response {
        let (year, isMistyped) = SpendingPages.year(typedYear)
        let snapshot = try await service.records.read()
        var page = SpendingPage(session: session, year: year, years: snapshot.years)
        page.leftOut = snapshot.flaws.leftOut
        page.isYearMistyped = isMistyped
        if session != nil {
            page.averages = snapshot.ageAverages(in: year)
            page.insight = await insight(nil, isUnknown: false, year ?? snapshot.latestYear)
        } else if service.averagesArePublic {
            page.averages = snapshot.ageAverages(in: year)
        }
        return .html(page.html, status: isMistyped ? .badRequest : .ok)
    }

    private func page(_ form: Form, _ session: Session) async throws -> Response {
        let (year, isYearMistyped) = SpendingPages.year(try form.value("year") ?? "")
        let text = (try form.value("user_id") ?? "").filter { $0 != " " }
        let id = try? SpendingAPI.customer(text, "user_id")
        let isMistyped = id == nil && !text.isEmpty
        let snapshot = try await service.records.read()
        let customer = id.flatMap { snapshot.customer($0, in: year) }
        var page = SpendingPage(
            session: session, userID: text, year: year, years: snapshot.years, averages: snapshot.ageAverages(in: year),
            insight: await insight(customer, isUnknown: id != nil && customer == nil, year ?? snapshot.latestYear))
        page.leftOut = snapshot.flaws.leftOut
        (page.isMistyped, page.isYearMistyped) = (isMistyped, isYearMistyped)
        return .html(page.html, status: isMistyped || isYearMistyped ? .badRequest : .ok)
    }

    private func insight(_ customer: SpendingSnapshot.Customer?, isUnknown: Bool, _ bonusYear: Int?) async -> SpendingPage.Private {
        let waiting = bonusYear.map { service.bonuses.listedWaiting(in: $0, limit: SpendingPage.mostBonuses) } ?? []
        return SpendingPage.Private(
            customer: customer, isUnknown: isUnknown, bonuses: await bonuses(bonusYear), bonusYear: bonusYear, waitingOfYear: waiting,
            waiting: service.bonuses.waitingCount, store: service.bonuses.store.name)
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
