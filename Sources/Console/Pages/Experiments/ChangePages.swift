import Enrollment
import Events
import Experiments
import HTTPServer

/// The pages on which experiments are changed: each says what would happen and to whom, and then does it.
struct ChangePages: Sendable {
    let registry: Registry
    let events: EventService?

    var endpoints: [Endpoint] {
        ExperimentAction.allCases.flatMap { action -> [Endpoint] in
            let path = ExperimentPath.list + "/{key}/" + action.rawValue
            return [
                Endpoint(.get, path, .confirmation(action), .page(ExperimentAction.role) { try ask(action, $0, $1) }),
                Endpoint(.post, path, .change(action), .form(ExperimentAction.role) { try await act(action, $0, $1, $2) }),
            ]
        }
    }

    /// What somebody looks at before they decide.
    private struct View {
        let experiment: Experiment
        let statistics: ExperimentStatistics
        let nextOrdinal: Ordinal
        let admitsHeldOut: Bool
    }

    private func view(_ request: borrowing Request, for action: ExperimentAction) throws -> View {
        let assigner = registry.snapshot.assigner
        let dealer = try assigner.dealer(ExperimentKey(request.parameter("key")))
        guard action.isPossible(dealer.experiment) else {
            throw Problem.conflict(
                "The experiment '\(dealer.experiment.key)' is \(dealer.experiment.state.words), so this cannot be done any more, or not yet."
            )
        }
        return View(
            experiment: dealer.experiment, statistics: registry.statistics(of: dealer), nextOrdinal: registry.nextOrdinal,
            admitsHeldOut: assigner.catalogue.cover(of: dealer.experiment)?.admitsHeldOut ?? false)
    }

    private func ask(_ action: ExperimentAction, _ request: borrowing Request, _ session: Session) throws -> Response {
        let view = try view(request, for: action)
        switch action {
        case .variants:
            let sight = ExperimentSight(view.experiment).html
            let rows = VariantRows(view.experiment.allocation)
            return .html(VariantsPage(session: session, experiment: view.experiment, sight: sight, rows: rows).html)
        case .finish:
            let winners = ConfirmationPage.winners(view.experiment, view.statistics, chosen: try request.query("winner"))
            return .html(confirmation(action, view, session, fields: winners).html)
        case .removePlan:
            let fields: HTML = "<input type=\"hidden\" name=\"plan\" value=\"\(PlanSight(view.experiment.plan).text)\">"
            return .html(confirmation(action, view, session, fields: fields).html)
        case .start, .pause, .resume, .delete:
            return .html(confirmation(action, view, session).html)
        }
    }

    private func confirmation(
        _ action: ExperimentAction, _ view: View, _ session: Session, fields: HTML = .empty
    ) -> ConfirmationPage {
        ConfirmationPage(
            session: session, experiment: view.experiment, action: action, devices: view.statistics.devices,
            nextOrdinal: view.nextOrdinal, admitsHeldOut: view.admitsHeldOut, fields: fields)
    }

    private func act(
        _ action: ExperimentAction, _ request: borrowing Request, _ form: Form, _ session: Session
    ) async throws -> Response {
        let key = try ExperimentKey(request.parameter("key"))
        let sight = try ExperimentSight(form)
        do {
            if action == .variants, let page = try review(request, form, sight, session) { return page }
            try await make(action, of: key, form, sight, session)
        } catch let conflict as Problem where action == .variants && conflict.status == .conflict {
            // Nothing that was typed is lost: it is shown beside what is in force now.
            let view = try view(request, for: .variants)
            var page = VariantsPage(
                session: session, experiment: view.experiment, sight: ExperimentSight(view.experiment).html, rows: try VariantRows(form))
            page.conflict = conflict.detail
            return .html(page.html, status: .conflict)
        }
        if action == .delete { return .redirect(to: ExperimentPath.list + "?done=" + action.rawValue) }
        await events?.deliverer.review()
        return .redirect(to: ExperimentPath.of(key, action.page) + "?done=" + action.rawValue)
    }

    private func make(
        _ action: ExperimentAction, of key: ExperimentKey, _ form: Form, _ sight: ExperimentSight, _ session: Session
    ) async throws {
        switch action {
        case .start: _ = try await registry.make(.start, of: key, actor: session.name, sight: sight)
        case .pause: _ = try await registry.make(.pause, of: key, actor: session.name, sight: sight)
        case .resume: _ = try await registry.make(.resume, of: key, actor: session.name, sight: sight)
        case .variants:
            let allocation: Allocation
            do { allocation = try VariantRows(form).allocation() } catch let mistake as VariantRows.Mistake {
                throw Problem(.unprocessableContent, mistake.reason)
            }
            _ = try await registry.make(.reallocate(allocation), of: key, actor: session.name, sight: sight)
        case .finish:
            guard let winner = try form.value("winner") else { throw Problem.badRequest("Say which variant wins, or that none does.") }
            _ = try await registry.make(.finish(winner: winner.isEmpty ? nil : winner), of: key, actor: session.name, sight: sight)
        case .delete:
            try await registry.change(actor: session.name, action: "delete") { catalogue, _ in
                try sight.check(catalogue.experiment(key))
                try catalogue.removeDraft(key)
            }
        case .removePlan:
            let seen = PlanSight(text: try form.value("plan") ?? "")
            do {
                _ = try await registry.make(.removePlan(seen: seen), of: key, actor: session.name, sight: sight)
            } catch is PlanSight.Conflict {
                throw Problem.conflict(
                    "The plan of '\(key)' was changed while you were looking at it. Nothing was done: look again, and decide anew.")
            }
        }
    }

    /// The page that comes before a change of weights: the rows with one more or less, or what the typed weights would mean; nil if it is
    /// to be done.
    private func review(
        _ request: borrowing Request, _ form: Form, _ sight: ExperimentSight, _ session: Session
    ) throws -> Response? {
        let button = try form.value("do") ?? ""
        guard button != ExperimentAction.variants.rawValue else { return nil }
        let view = try view(request, for: .variants)
        try sight.check(view.experiment)
        var rows = try VariantRows(form)
        var page: VariantsPage { VariantsPage(session: session, experiment: view.experiment, sight: sight.html, rows: rows) }
        if rows.press(button) { return .html(page.html) }
        do throws(VariantRows.Mistake) {
            let allocation = try rows.allocation()
            let fields = allocation.variants.map { variant -> HTML in
                """
                <input type="hidden" name="value" value="\(variant.value)"><input type="hidden" name="weight" value="\(variant.weight)">

                """
            }
            var confirmation = confirmation(.variants, view, session, fields: fields.joined())
            confirmation.further = VariantsPage.consequences(allocation, view.experiment, view.statistics)
            return .html(confirmation.html)
        } catch {
            var refused = page
            refused.mistake = error
            return .html(refused.html, status: .unprocessableContent)
        }
    }
}
