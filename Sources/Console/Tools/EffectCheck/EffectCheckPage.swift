import EffectCheck
import Enrollment
import HTTPServer

/// The page at `/effect-check`: three groups of customers, and whether the pilot that one of them had raised revenue.
struct EffectCheckPage {
    /// The three groups, as forms and people call them.
    enum Group: String, CaseIterable {
        case a1 = "group_a_one"
        case a2 = "group_a_two"
        case b = "group_b"

        var name: String {
            switch self {
            case .a1: "First untreated group"
            case .a2: "Second untreated group"
            case .b: "Group with the pilot"
            }
        }
    }

    /// Bytes of the form with its files.
    static let limit = 32 << 20
    /// Of what was pasted, so much is shown again.
    static let shownBytes = 64 << 10

    let session: Session
    let shop: ShopService.State?
    /// The days of the pilots, of those that the shop's sales are numbered by; nil without a shop.
    let pilot: ClosedRange<Int>?
    var texts: [Group: String] = [:]
    var answer: Result<EffectFinding, Mistake>?

    /// Why there is no answer.
    struct Mistake: Error, Hashable {
        let group: Group?
        let reason: String
    }

    var html: HTML {
        var refresh: Int?
        let body: HTML
        switch shop {
        case .ready: body = "\(answer.map(shown))\(form)"
        case .loading(let progress):
            refresh = 2
            body = """
                <section class="card" id="loading"><p>The shop’s sales are being loaded.</p>
                <progress max="1" value="\(Numbers.fixed(progress, decimals: 3))">\(Numbers.percent(progress * 100))</progress></section>

                """
        case .failed(let reason):
            body = "<section class=\"card problem\" id=\"failed\" role=\"alert\"><p>The shop could not be loaded: \(reason)</p></section>\n"
        case nil: body = withoutShop
        }
        let content: HTML = """
            <div class="lead"><div><h1>Effect check</h1>
            <p class="quiet">Did \(words) raise revenue per person? Give the customers of two groups that went on as ever, and \
            of one that had the pilot.</p></div></div>
            \(body)
            """
        return Page(
            title: "Effect check", tab: .effectCheck, session: session, refresh: refresh, head: ChartFigure.script, content: content
        ).html
    }

    /// What the question is about.
    private var words: String {
        guard let pilot else { return "a pilot" }
        guard pilot.count > 1 else { return "a pilot on day \(pilot.lowerBound)" }
        return "a pilot of \(pilot.count) days (\(pilot.lowerBound) to \(pilot.upperBound) of the shop’s sales)"
    }

    private var withoutShop: HTML {
        """
        <section class="card" id="no-shop"><p>No shop is loaded. Start the server with its customers and sales:</p>
        <p><code>gosset serve --shop-users users.csv --shop-sales sales.csv</code></p>
        <p class="quiet"><code>gosset simulate shop --out DIR</code> invents one to try it with.</p></section>

        """
    }

    private var form: HTML {
        let groups = Group.allCases.map { group -> HTML in
            let isWrong = if case .failure(let mistake)? = answer { mistake.group == group } else { false }
            return """
                <fieldset><legend>\(group.name)</legend>
                <label for="\(group.rawValue)">Customers’ ids, pasted\
                <textarea id="\(group.rawValue)" name="\(group.rawValue)" rows="5" spellcheck="false"\
                \(isWrong ? " aria-invalid=\"true\" aria-describedby=\"mistake\" autofocus" : HTML.empty)>\
                \(texts[group] ?? "")</textarea></label>
                <label for="\(group.rawValue)_file">or a file of them\
                <input type="file" id="\(group.rawValue)_file" name="\(group.rawValue)_file" accept=".csv,.txt,text/plain,text/csv"></label>
                </fieldset>

                """
        }
        return """
            <section class="card" id="groups"><form method="post" action="/effect-check" enctype="multipart/form-data">\(session.field)
            <div class="columns">\(groups)</div>
            <button class="main">Check</button></form></section>

            """
    }

    private func shown(_ answer: Result<EffectFinding, Mistake>) -> HTML {
        switch answer {
        case .success(let finding): return EffectEvidence(finding: finding).html
        case .failure(let mistake):
            return """
                <section class="card problem" role="alert" id="mistake"><p>\(mistake.group.map { "\($0.name): " } ?? "")\(mistake.reason).</p></section>

                """
        }
    }
}
