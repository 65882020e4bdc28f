import Enrollment
import Experiments
import HTTPServer

/// The form for an experiment: a new one, or a draft that is edited.
struct NewExperimentPages: Sendable {
    let registry: Registry

    var endpoints: [Endpoint] {
        let edit = ExperimentPath.list + "/{key}/edit"
        return [
            Endpoint(
                .get, ExperimentPath.new, .newExperimentPage,
                .page(.editor) { _, session in .html(page(session, NewExperimentForm()).html) }),
            Endpoint(
                .get, ExperimentPath.new + "/size", .newExperimentSize,
                .page(.editor) { request, _ in
                    .html(PlanCard(question: try NewExperimentForm(previewed: request.query()).question(registry)).html.card.keepingUnits)
                }),
            Endpoint(
                .get, ExperimentPath.new + "/who", .newExperimentWho,
                .page(.editor) { request, _ in
                    .html(WhoCard(form: try NewExperimentForm(previewed: request.query()), registry: registry).html.keepingUnits)
                }),
            Endpoint(
                .post, ExperimentPath.new, .newExperimentForm,
                .form(.editor) { _, form, session in try await save(form, session, editing: nil) }),
            Endpoint(
                .get, edit, .editExperimentPage,
                .page(.editor) { request, session in
                    let draft = try draft(request)
                    return .html(page(session, NewExperimentForm(draft), draft: (draft, ExperimentSight(draft))).html)
                }),
            Endpoint(
                .post, edit, .editExperimentForm,
                .form(.editor) { request, form, session in try await save(form, session, editing: try draft(request)) }),
        ]
    }

    private func draft(_ request: borrowing Request) throws -> Experiment {
        let draft = try registry.catalogue.experiment(ExperimentKey(request.parameter("key")))
        guard draft.state == .draft else { throw ExperimentError.wrongState(draft.key, state: draft.state, change: "edited") }
        return draft
    }

    private func page(
        _ session: Session, _ form: NewExperimentForm, _ mistake: NewExperimentForm.Mistake? = nil,
        draft: (experiment: Experiment, sight: ExperimentSight)? = nil
    ) -> NewExperimentPage {
        NewExperimentPage(session: session, form: form, mistake: mistake, registry: registry, draft: draft)
    }

    private func save(_ sent: Form, _ session: Session, editing draft: Experiment?) async throws -> Response {
        var form = try NewExperimentForm(sent)
        if let draft { form.hasOwnPlan = NewExperimentForm(draft).hasOwnPlan }
        let seen = try draft.map { (experiment: $0, sight: try ExperimentSight(sent)) }
        let button = try sent.value("do") ?? ""
        if form.rows.press(button) || form.conditions.press(button) || button == "size" {
            return .html(page(session, form, draft: seen).html)
        }
        do {
            let saved = try await write(form, seen?.sight, session)
            let done = draft == nil ? "create" : saved.forced.count < (draft?.forced.count ?? 0) ? "edit-released" : "edit"
            return .redirect(to: ExperimentPath.of(saved.key) + "?done=\(done)")
        } catch let mistake as NewExperimentForm.Mistake {
            return .html(page(session, form, mistake, draft: seen).html, status: .unprocessableContent)
        } catch let error as ExperimentError {
            let mistake = NewExperimentForm.Mistake(field: NewExperimentPages.field(error), reason: "\(error)")
            return .html(page(session, form, mistake, draft: seen).html, status: error.problem.status)
        } catch let error as YAMLError {
            let mistake = NewExperimentForm.Mistake(field: "metric", reason: "The plan cannot be written: \(error)")
            return .html(page(session, form, mistake, draft: seen).html, status: .unprocessableContent)
        } catch let conflict as Problem where conflict.status == .conflict {
            // Nothing that was typed is lost: it can be saved all the same, now that it is known.
            let now = try registry.catalogue.experiment(ExperimentKey(form["key"]))
            var page = page(session, form, draft: (now, ExperimentSight(now)))
            page.refusal =
                "Somebody else changed the draft while you were editing it, so nothing was saved. What you typed is still here: "
                + "look at the draft in another tab, and save again to put yours in its place."
            return .html(page.html, status: .conflict)
        }
    }

    private func write(_ form: NewExperimentForm, _ seen: ExperimentSight?, _ session: Session) async throws -> Experiment {
        try await registry.change(actor: session.name, action: seen == nil ? "create" : "edit") { catalogue, context in
            guard let seen else {
                let (experiment, scope) = try form.draft(in: &catalogue, now: context.now)
                try catalogue.add(experiment, in: scope)
                return experiment
            }
            let old = try catalogue.experiment(ExperimentKey(form["key"]))
            try seen.check(old)
            let (experiment, scope) = try form.draft(replacing: old, in: &catalogue, now: context.now)
            try catalogue.replaceDraft(by: experiment, in: scope)
            return try catalogue.experiment(experiment.key)
        }
    }

    /// The field that a refusal is about.
    private static func field(_ error: ExperimentError) -> String {
        switch error {
        case .duplicateLayer: "new_layer"
        case .slotShare, .noRoom: "slots"
        case .slotCount: "new_slots"
        case .unknownLayer: "layer"
        case .unknownHoldout, .releasedHoldout, .holdoutOfLayer: "holdout"
        default: "key"
        }
    }
}
