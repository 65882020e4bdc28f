import Enrollment
import HTTPServer
import Spending

/// The page at `/spending`: what the age bands spend, one customer, and the bonuses.
///
/// What is about customers is shown to who is signed in. Their ids are sent in a form's body, so that no address or log holds them.
struct SpendingPage {
    /// What is for those who are signed in.
    struct Private {
        var customer: SpendingSnapshot.Customer?
        /// Nobody has the id that was asked for.
        var isUnknown = false
        /// The bonuses of the year, or why there are none to show.
        let bonuses: Result<[BonusDesk.Listed], BonusStoreError>
        let bonusYear: Int?
        /// Those that wait for their store: all that can be shown while it does not answer.
        let waitingOfYear: [BonusDesk.Listed]
        let waiting: Int
        let store: String
    }

    /// The most bonuses on the page.
    static let mostBonuses = 200

    var session: Session?
    var userID = ""
    var year: Int?
    var years: [Int] = []
    /// Nil if they may not be shown.
    var averages: AgeAverages?
    var insight: Private?
    /// What was typed is no customer's id.
    var isMistyped = false
    /// What was given as the year is none.
    var isYearMistyped = false
    /// Payments of all years that are in no sum.
    var leftOut = 0

    var html: HTML {
        let content: HTML = """
            <div class="lead"><div><h1>Spending</h1>
            <p class="quiet">What customers spend, by age; one customer's total; and who earned a bonus.</p></div></div>
            \(notice?.html)\
            \(form)\(insight.map(customer))\(averages.map(bands))\(insight.map(bonuses))
            """
        return Page(title: "Spending", tab: .spending, session: session, content: content).html
    }

    /// What is wrong with what was asked, or that there is nothing of it.
    private var notice: PageNotice? {
        let known = years.isEmpty ? "" : "; there are payments of \(years.sorted().map(String.init).joined(separator: ", "))"
        if isMistyped { return .refused("A customer's id is a whole number, such as 702.") }
        if isYearMistyped { return .refused("A year is a whole number, such as \(years.max() ?? 2024)\(known). Shown are all years.") }
        return year.flatMap { year in years.contains(year) ? nil : .refused("No payment of \(year) is recorded\(known).") }
    }

    /// The page where no shop is served.
    static func withoutShop(_ session: Session?) -> HTML {
        let content: HTML = """
            <div class="lead"><div><h1>Spending</h1>
            <p class="quiet">What customers spend, by age; one customer's total; and who earned a bonus.</p></div></div>
            <section class="card"><header><h2>No shop is served here</h2></header>
            <p>Start the server with <code>gosset serve --spending FILE</code>, where FILE is the shop's SQLite database;
            <code>gosset simulate customers FILE</code> invents one.</p></section>

            """
        return Page(title: "Spending", tab: .spending, session: session, content: content).html
    }

    private var form: HTML {
        guard let session else {
            return """
                <section class="card"><p>\(averages == nil ? "Averages, customers" : "Customers") and bonuses are shown to who is <a href="/sign-in?next=%2Fspending">signed in</a>.</p></section>

                """
        }
        // A year that an address names stays chosen, also where there is nothing of it.
        let options = Set(years + [year].compactMap(\.self)).sorted(by: >).map { each -> HTML in
            "<option value=\"\(each)\"\(each == year ? " selected" : HTML.empty)>\(each)</option>"
        }
        return """
            <section class="card"><form class="ask" method="post" action="/spending">
            \(session.field)
            <label for="user_id">Customer's id<input type="text" id="user_id" name="user_id" inputmode="numeric" value="\(userID)"\
            \(isMistyped ? " aria-invalid=\"true\" aria-describedby=\"mistake\" autofocus" : HTML.empty)></label>
            <label for="year">Year<select id="year" name="year"\
            \(isYearMistyped && !isMistyped ? " aria-invalid=\"true\" aria-describedby=\"mistake\" autofocus" : HTML.empty)><option value="">all years</option>\(options)</select></label>
            <button class="main">Show</button>
            </form></section>

            """
    }

    // MARK: Averages

    private func bands(_ averages: AgeAverages) -> HTML {
        let largest = averages.bands.compactMap(\.perSpender).max() ?? 0
        let rows = AgeBand.allCases.map { band -> HTML in
            let figures = averages[band]
            let width = largest > 0 ? Numbers.fixed(max(0, figures.perSpender ?? 0) / largest * 100, decimals: 2) : "0"
            let average = AverageSpendingNews.amount(figures.perSpender)
            return """
                <tr><td class="value">\(band.name)</td>\
                <td class="spread"><svg class="bar" role="img" aria-label="\(average) per spender">\
                <rect class="track" width="100%" height="18" rx="4"/><rect class="fill f0" width="\(width)%" height="18" rx="4"/></svg></td>\
                <td class="n devices">\(average)</td>\
                <td class="n percent">\(Numbers.count(UInt64(figures.spenders)))</td>\
                <td class="n registered">\(AverageSpendingNews.amount(figures.perRegisteredCustomer))</td>\
                <td class="n payment">\(AverageSpendingNews.amount(figures.perPayment))</td></tr>

                """
        }
        let apart = [("under 18", averages.under18.customers), ("without age", averages.withoutAge.customers)]
            .map { (name, count) -> HTML in "<span>\(Numbers.count(UInt64(count))) \(name), counted apart</span>" }
        let payments = Numbers.count(UInt64(leftOut)) + (leftOut == 1 ? " payment" : " payments")
        let dropped: HTML? = leftOut > 0 ? "<span>\(payments) in no sum: of nobody here, or without an amount</span>" : nil
        return """
            <section class="card spending" id="bands"><header><h2>Average per customer who spent, by age</h2>\
            <span class="chip">\(averages.year.map(String.init) ?? "all years")</span></header>
            <table><caption class="hidden">Average per customer who spent, by age</caption>\
            <thead><tr><th scope="col">Age</th><th scope="col">Per spender</th><th scope="col" class="n"></th>\
            <th scope="col" class="n">Spenders</th><th scope="col" class="n">Per customer</th><th scope="col" class="n">Per payment</th></tr></thead>
            <tbody>\(rows)</tbody></table>
            <footer>\(apart)\(dropped)</footer></section>

            """
    }

    // MARK: A customer

    private func customer(_ insight: Private) -> HTML {
        if insight.isUnknown {
            return "<section class=\"card problem\" id=\"customer\"><p>There is no customer of the id \(userID).</p></section>\n"
        }
        guard let customer = insight.customer else { return .empty }
        return """
            <section class="card" id="customer"><header><h2>Customer \(customer.id)</h2>\
            <span class="chip">\(customer.group.name)</span>\
            <span class="number">\(AverageSpendingNews.amount(customer.total))</span></header>
            <footer><span>\(Numbers.count(UInt64(customer.payments))) \(customer.payments == 1 ? "payment" : "payments") in \(year.map(String.init) ?? "all years")</span></footer></section>

            """
    }

    // MARK: Bonuses

    private func bonuses(_ insight: Private) -> HTML {
        let waiting: HTML? =
            insight.waiting > 0 ? "<span class=\"chip paused\">\(Numbers.count(UInt64(insight.waiting))) waiting, of all years</span>" : nil
        let body: HTML
        switch insight.bonuses {
        case .failure(let error):
            let waiting = insight.waitingOfYear.isEmpty ? HTML.empty : table(insight.waitingOfYear)
            body = "<p>The store of bonuses does not answer: \(error.message)</p>\(waiting)"
        case .success(let listed) where listed.isEmpty: body = "<p class=\"quiet\">None is recorded yet.</p>"
        case .success(let listed): body = table(listed)
        }
        return """
            <section class="card" id="bonuses"><header><h2>Bonuses\(insight.bonusYear.map { " of \($0)" } ?? "")</h2>\
            <span class="chip">\(insight.store)</span>\(waiting)</header>
            \(body)</section>

            """
    }

    private func table(_ listed: [BonusDesk.Listed]) -> HTML {
        let rows = listed.map { each -> HTML in
            """
            <tr><td class="value">\(each.bonus.key.userID)</td><td class="n devices">\(AverageSpendingNews.amount(each.bonus.total))</td>\
            <td class="n percent"><span class="chip \(each.isWaiting ? "paused" : "running")">\(each.state)</span></td></tr>

            """
        }
        let more: HTML? =
            listed.count == Self.mostBonuses ? "<footer><span>The first \(listed.count); the API has the rest.</span></footer>" : nil
        return """
            <table><caption class="hidden">Bonuses</caption><thead><tr><th scope="col">Customer</th><th scope="col" class="n">Sum</th><th scope="col" class="n">State</th></tr></thead>
            <tbody>\(rows)</tbody></table>\(more)
            """
    }
}
