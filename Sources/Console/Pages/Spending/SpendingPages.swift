import Enrollment
import HTTPServer
import Spending

/// The page about spending: open to look at if averages are public, and everything else for who is signed in.
struct SpendingPages: Sendable {
    let service: SpendingService

    private static let operation = Operation.page("spendingPage", "The spending page")

    /// The page where no shop is served: it stands in every page's navigation, and says what to do.
    static let withoutShop = [Endpoint(.get, "/spending", operation, .open { _, session in .html(SpendingPage.withoutShop(session)) })]

    var endpoints: [Endpoint] {
        [
            Endpoint(.get, "/spending", SpendingPages.operation, .open { _, session in try await page(session) }),
            Endpoint(.post, "/spending", .spendingForm, .form(.viewer) { _, form, session in try await page(form, session) }),
        ]
    }

    private func page(_ session: Session?) async throws -> Response {
        let snapshot = try await service.records.read()
        var page = SpendingPage(session: session, years: snapshot.years)
        page.leftOut = snapshot.flaws.leftOut
        if session != nil {
            page.averages = snapshot.ageAverages()
            page.insight = await insight(nil, isUnknown: false, snapshot.latestYear)
        } else if service.averagesArePublic {
            page.averages = snapshot.ageAverages()
        }
        return .html(page.html)
    }

    private func page(_ form: Form, _ session: Session) async throws -> Response {
        let year = try form.value("year").flatMap { $0.isEmpty ? nil : $0 }.map { text throws(Problem) in
            guard let year = Int(text) else { throw .badRequest("'year' must be a whole number.") }
            return year
        }
        let text = (try form.value("user_id") ?? "").filter { $0 != " " }
        let id = try? SpendingAPI.customer(text, "user_id")
        let isMistyped = id == nil && !text.isEmpty
        let snapshot = try await service.records.read()
        let customer = id.flatMap { snapshot.customer($0, in: year) }
        var page = SpendingPage(
            session: session, userID: text, year: year, years: snapshot.years, averages: snapshot.ageAverages(in: year),
            insight: await insight(customer, isUnknown: id != nil && customer == nil, year ?? snapshot.latestYear))
        page.leftOut = snapshot.flaws.leftOut
        page.isMistyped = isMistyped
        return .html(page.html, status: isMistyped ? .badRequest : .ok)
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
