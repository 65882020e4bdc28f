import Enrollment
import Experiments
import HTTPServer

/// The page at `/experiments/new`: a form for a draft, which shows how many devices and days it takes while one types.
struct NewExperimentPage {
    let session: Session
    let form: NewExperimentForm
    var mistake: NewExperimentForm.Mistake?
    /// Whether results can be worked out here, so that a metric can be said.
    let hasResults: Bool

    var html: HTML {
        let content: HTML = """
            <div class="lead"><div><h1>New experiment</h1>
            <p class="quiet">It begins as a draft that no device knows of; its variants and its plan can be changed until it starts, and after.</p></div></div>
            \(mistake.map { PageNotice.refused($0.reason).html })\
            <form class="stack wide" method="post" action="\(ExperimentPath.new)" data-preview="\(ExperimentPath.new)/size" \
            data-preview-into="size" data-preview-without="\(FormToken.name) key summary value fact">
            \(session.field)\
            <button class="default" name="do" value="size" tabindex="-1" aria-hidden="true">Size</button>
            <section class="card stack"><h2>What is asked</h2>
            \(field("key", "Key, by which clients know it", "checkout-button", "maxlength=\"64\" autocapitalize=\"none\" spellcheck=\"false\""))\
            <label for="summary">Hypothesis\
            <textarea id="summary" name="summary" rows="3" maxlength="\(NewExperimentForm.longestSummary)"\(invalid("summary"))>\
            \n\(form["summary"])</textarea></label>
            </section>
            <section class="card stack"><h2>Variants</h2>
            <p class="quiet">The first is the control, with which the others are compared. Weights are relative.</p>
            \(form.rows.html(wrong: mistake?.row))</section>
            <section class="card stack"><h2>What decides, and how many devices it takes</h2>
            <div class="ask plan">\(metric)\
            \(field("baseline", "Today", "5 %, or a mean"))\
            \(field("sd", "Standard deviation", "of a mean"))\
            \(field("lift", "Lift to find", "10 % of today, or 0.5"))\
            \(field("power", "Power", "80 %"))\
            \(field("confidence", "Confidence", "95 %"))\
            \(field("traffic", "New devices a day", "if known"))\
            <button name="do" value="size">Show the size</button></div>
            <div id="size" aria-live="polite">\(PlanCard(question: form.question).html.card)</div></section>
            <div class="actions"><button class="main" name="do" value="create">Create the draft</button>\
            <a class="button" href="\(ExperimentPath.list)">Cancel</a></div>
            </form>
            """
        let head: HTML = "<script src=\"\(Assets.preview)\" type=\"module\"></script>"
        return Page(title: "New experiment", tab: .experiments, session: session, head: head, content: content).html
    }

    private var metric: HTML {
        let options = [
            ("", "None yet"), ("conversion", "Conversion: the share with an event"), ("mean", "Mean: the events' values added up"),
        ]
        .map { value, text -> HTML in
            "<option value=\"\(value)\"\(value == form["metric"] ? " selected" : HTML.empty)>\(text)</option>"
        }
        let select: HTML = """
            <label for="metric">Metric<select id="metric" name="metric"\(invalid("metric"))>\(options)</select></label>

            """
        return hasResults ? select + field("fact", "Fact that clients send", "purchase", "autocapitalize=\"none\"") : select
    }

    private func field(_ name: String, _ label: String, _ hint: String, _ attributes: HTML = .empty) -> HTML {
        """
        <label for="\(name)">\(label)\
        <input type="text" id="\(name)" name="\(name)" value="\(form[name])" placeholder="\(hint)" autocomplete="off" \
        \(attributes)\(invalid(name))></label>

        """
    }

    private func invalid(_ name: String) -> HTML {
        mistake?.field == name ? " aria-invalid=\"true\" aria-describedby=\"mistake\" autofocus" : ""
    }
}
