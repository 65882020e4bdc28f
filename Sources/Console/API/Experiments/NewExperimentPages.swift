import Enrollment
import Experiments
import HTTPServer

/// The form for a new experiment.
struct NewExperimentPages: Sendable {
    let registry: Registry
    let events: EventService?

    var endpoints: [Endpoint] {
        [
            Endpoint(
                .get, ExperimentPath.new, .newExperimentPage,
                .page(.editor) { _, session in .html(page(session, NewExperimentForm()).html) }),
            Endpoint(
                .get, ExperimentPath.new + "/size", .newExperimentSize,
                .page(.editor) { request, _ in
                    .html(PlanCard(question: try NewExperimentForm(previewed: request.query()).question).html.card)
                }),
            Endpoint(.post, ExperimentPath.new, .newExperimentForm, .form(.editor) { _, form, session in try await create(form, session) }),
        ]
    }

    private func page(_ session: Session, _ form: NewExperimentForm, _ mistake: NewExperimentForm.Mistake? = nil) -> NewExperimentPage {
        NewExperimentPage(session: session, form: form, mistake: mistake, hasResults: events?.results != nil)
    }

    private func create(_ sent: Form, _ session: Session) async throws -> Response {
        var form = try NewExperimentForm(sent)
        let button = try sent.value("do") ?? ""
        if form.rows.press(button) || button == "size" { return .html(page(session, form).html) }
        do {
            let draft = form
            let key = try await registry.change(actor: session.name, action: "create") { catalogue, context in
                let experiment = try draft.draft(now: context.now)
                try catalogue.add(experiment)
                return experiment.key
            }
            return .redirect(to: ExperimentPath.of(key) + "?done=create")
        } catch let mistake as NewExperimentForm.Mistake {
            return .html(page(session, form, mistake).html, status: .unprocessableContent)
        } catch let error as ExperimentError {
            let mistake = NewExperimentForm.Mistake(field: "key", reason: "\(error)")
            return .html(page(session, form, mistake).html, status: error.problem.status)
        } catch let error as YAMLError {
            let mistake = NewExperimentForm.Mistake(field: "metric", reason: "The plan cannot be written: \(error)")
            return .html(page(session, form, mistake).html, status: .unprocessableContent)
        }
    }
}
