import Enrollment
import Experiments
import HTTPServer

/// The page at `/experiments/new`, and that on which a draft is edited: a form that shows how many devices and days it takes, and who
/// could be in it, while one types.
struct NewExperimentPage {
    let session: Session
    let form: NewExperimentForm
    var mistake: NewExperimentForm.Mistake?
    let registry: Registry
    /// The draft that is edited, and as what it was seen; nil for a new one.
    var draft: (experiment: Experiment, sight: ExperimentSight)?
    /// Why what was typed was not taken, besides a mistake in it.
    var refusal: String?

    private var path: String { draft.map { ExperimentPath.of($0.experiment.key, "edit") } ?? ExperimentPath.new }

    var html: HTML {
        let hidden: HTML = draft.map { "<input type=\"hidden\" name=\"key\" value=\"\($0.experiment.key)\">\($0.sight.html)" } ?? ""
        let key: HTML =
            draft == nil
            ? field(
                "key", "Key, by which clients know it", "checkout-button", "maxlength=\"64\" autocapitalize=\"none\" spellcheck=\"false\"")
            : ""
        let content: HTML = """
            \(lead)\((mistake?.reason ?? refusal).map { PageNotice.refused($0).html })\
            <form class="stack wide" method="post" action="\(path)" data-preview="\(ExperimentPath.new)/size \(ExperimentPath.new)/who" \
            data-preview-into="size who" data-preview-without="\(FormToken.name) \(ExperimentSight.field) summary value fact">
            \(session.field)\(hidden)\
            <button class="default" name="do" value="size" tabindex="-1" aria-hidden="true">Size</button>
            <section class="card stack"><h2>What is asked</h2>
            \(key)<label for="summary">Hypothesis\
            <textarea id="summary" name="summary" rows="3" maxlength="\(Summary.longest)"\(invalid("summary"))>\
            \n\(form["summary"])</textarea></label>
            </section>
            <section class="card stack"><h2>Variants</h2>
            <p class="quiet">The first is the control, with which the others are compared. Weights are relative.</p>
            \(form.rows.html(wrong: mistake?.row))</section>
            <section class="card stack"><h2>Who takes part</h2>
            \(scope)\(form.conditions.html(wrong: mistake?.condition))\
            <div id="who" aria-live="polite">\(WhoCard(form: form, registry: registry).html)</div></section>
            <section class="card stack"><h2>What decides, and how many devices it takes</h2>
            \(form.hasOwnPlan ? ownPlan : plan)</section>
            <div class="actions"><button class="main" name="do" value="create">\(draft == nil ? "Create the draft" : "Save the draft")</button>\
            <a class="button" href="\(draft.map { ExperimentPath.of($0.experiment.key) } ?? ExperimentPath.list)">Cancel</a></div>
            </form>
            """
        let head: HTML = "<script src=\"\(Assets.preview)\" type=\"module\"></script>"
        guard let draft else {
            return Page(title: "New experiment", tab: .experiments, session: session, head: head, content: content).html
        }
        return ExperimentFrame(experiment: draft.experiment, session: session, tab: nil, head: head, content: content).html
    }

    private var lead: HTML {
        guard draft == nil else { return "<h2 class=\"lead\">Edit the draft</h2>\n" }
        return """
            <div class="lead"><div><h1>New experiment</h1>
            <p class="quiet">It begins as a draft that no device knows of. A draft can be edited until it starts; its variants and its plan can \
            be changed after that too.</p></div></div>

            """
    }

    // MARK: Who takes part

    private var scope: HTML {
        let catalogue = registry.catalogue
        let layers = catalogue.layers.map { layer in
            (layer.name.text, "\(layer.name): \(catalogue.freeSlots(of: layer).count) of \(layer.slots) slots are free")
        }
        let chosen = form["layer"]
        let options = ([("", "None: it may meet every other experiment")] + layers + [(NewExperimentForm.newLayer, "A new layer")]).map {
            value, text -> HTML in
            "<option value=\"\(value)\"\(value == chosen ? " selected" : HTML.empty)>\(text)</option>"
        }
        return """
            <p class="quiet">Experiments of one <a href="\(LayersPage.path)">layer</a> never meet in a device; a holdout keeps a share of devices \
            out of all that is under it. Both are for ever once it is started.</p>
            <div class="ask plan"><label for="layer">Layer<select id="layer" name="layer"\(invalid("layer"))>\(options)</select></label>\
            \(field("slots", "Slots that it gets", "50", "inputmode=\"numeric\"", only: "of-layer"))\
            \(field("new_layer", "Name of a new layer", "checkout-page", "maxlength=\"64\" autocapitalize=\"none\" spellcheck=\"false\"", only: "of-new-layer"))\
            \(field("new_slots", "Slots of a new layer", "100", "inputmode=\"numeric\"", only: "of-new-layer"))\
            <label for="holdout">Holdout<select id="holdout" name="holdout"\(invalid("holdout"))>\
            \(LayerForm.options(catalogue, chosen: form["holdout"]))</select></label></div>
            <h3>Only for some devices</h3>
            <p class="quiet">All conditions must hold of what a device tells at its first contact. Several values are parted by commas; \
            18 is a number, 4.2.0 a version, true is true, and what stands in quotes is a text.</p>

            """
    }

    // MARK: What decides

    private var plan: HTML {
        """
        <div class="ask plan">\(metric)\
        \(field("baseline", "Today", "5 %, or a mean"))\
        \(field("sd", "Standard deviation", "of a mean", only: "of-mean"))\
        \(field("lift", PlanQuestion.liftLabel, "10 % of today, or 0.005"))\
        \(field("power", "Power", "80 %"))\
        \(field("confidence", "Confidence", "95 %"))\
        \(field("traffic", "New devices a day", "if known"))\
        <button name="do" value="size">Show the size</button></div>
        <p class="quiet">\(PlanQuestion.liftHelp)</p>
        <div id="size" aria-live="polite">\(PlanCard(question: form.question(registry)).html.card)</div>
        """
    }

    /// What was written by hand is not for a form to change.
    private var ownPlan: HTML {
        let address = draft.map { ExperimentPath.of($0.experiment.key, "plan") } ?? ExperimentPath.list
        return """
            <p id="own-plan">Its plan was written by hand, and stays as it is: <a href="\(address)">change metrics and size there</a>.</p>
            <div id="size"></div>
            """
    }

    private var metric: HTML {
        let options = [
            ("", "None yet"), ("conversion", "Conversion: the share with an event"), ("mean", "Mean: the events' values added up"),
        ]
        .map { value, text -> HTML in
            "<option value=\"\(value)\"\(value == form["metric"] ? " selected" : HTML.empty)>\(text)</option>"
        }
        return """
            <label for="metric">Metric<select id="metric" name="metric"\(invalid("metric"))>\(options)</select></label>
            \(field("fact", "Fact that clients send", "purchase", "autocapitalize=\"none\""))
            """
    }

    /// - Parameter choice: with which choice alone it means something; the style sheet knows when that is made.
    private func field(_ name: String, _ label: String, _ hint: String, _ attributes: HTML = .empty, only choice: String? = nil) -> HTML {
        """
        <label for="\(name)"\(choice.map { " class=\"\($0)\"" as HTML })>\(label)\
        <input type="text" id="\(name)" name="\(name)" value="\(form[name])" placeholder="\(hint)" autocomplete="off" \
        \(attributes)\(invalid(name))></label>

        """
    }

    private func invalid(_ name: String) -> HTML {
        mistake?.field == name ? " aria-invalid=\"true\" aria-describedby=\"mistake\" autofocus" : ""
    }
}
