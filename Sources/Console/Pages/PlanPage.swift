import Enrollment
import HTTPServer

/// The page at `/plan`: how large an experiment must be, and how long it takes.
///
/// What an experiment's own plan says is another thing.
struct PlanPage {
    let question: PlanQuestion
    /// Who is signed in.
    var session: Session?

    /// The page, and whether it could answer.
    var html: (page: HTML, isAnswered: Bool) {
        let (result, isAnswered, mistaken) = PlanCard(question: question).html
        let content: HTML = """
            <div class="lead"><div><h1>Sample size</h1>
            <p class="quiet">How many units an experiment needs to find a lift, if there is one, and how long that takes. Decide it before the \
            experiment starts, and keep to it.</p></div></div>
            \(form(mistaken))\(result)
            """
        return (Page(title: "Sample size", tab: .sampleSize, session: session, content: content).html, isAnswered)
    }

    /// - Parameter mistaken: the field that holds why there is no answer.
    private func form(_ mistaken: String?) -> HTML {
        let isMean = question.metric == .mean
        func mark(_ name: String) -> HTML {
            name == mistaken ? " aria-invalid=\"true\" aria-describedby=\"\(PlanCard.refusal)\" autofocus" : ""
        }
        func field(_ name: String, _ label: String, _ hint: String, only choice: String? = nil) -> HTML {
            """
            <label for="\(name)"\(choice.map { " class=\"\($0)\"" as HTML })>\(label)\
            <input type="text" id="\(name)" name="\(name)" value="\(question.texts[name] ?? "")" placeholder="\(hint)"\(mark(name))></label>

            """
        }
        // With which choice alone a field means something, the style sheet knows when that is made.
        return """
            <section class="card"><form class="ask plan" method="get" action="/plan">
            <label for="metric">Metric\
            <select id="metric" name="metric"\(mark("metric"))>\
            <option value="conversion"\(isMean ? HTML.empty : " selected")>Conversion</option>\
            <option value="mean"\(isMean ? " selected" : HTML.empty)>Mean, such as revenue a user</option></select></label>
            \(field("baseline", "Today", "5 %, or a mean"))\
            \(field("sd", "Standard deviation", "of a mean", only: "of-mean"))\
            \(field("lift", PlanQuestion.liftLabel, question.metric == .mean ? "10 % of today, or 0.5 more" : "10 % of today, or 0.005 more"))\
            \(field("power", "Power", "80 %"))\
            \(field("confidence", "Confidence", "95 %"))\
            \(field("arms", "Variants, control included", "2"))\
            <label for="pairs">Compared\
            <select id="pairs" name="pairs"\(mark("pairs"))>\
            <option value="with-control"\(question.pairs == .all ? HTML.empty : " selected")>with the control</option>\
            <option value="all-pairs"\(question.pairs == .all ? " selected" : HTML.empty)>with each other</option></select></label>
            \(field("traffic", "New units a day", "if known"))
            <button class="main">Show the size</button>
            </form>
            <p class="quiet">\(PlanQuestion.liftHelp)</p></section>

            """
    }
}
