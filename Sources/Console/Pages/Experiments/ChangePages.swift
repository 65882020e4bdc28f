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
        guard action == .variants else { return .html(question(action, view, session, winner: try request.query("winner")).html) }
        let sight = ExperimentSight(view.experiment).html
        let rows = VariantRows(view.experiment.allocation)
        return .html(VariantsPage(session: session, experiment: view.experiment, sight: sight, rows: rows).html)
    }

    /// The page that asks, of an action that is chosen on it and not typed.
    ///
    /// - Parameter winner: which is chosen to begin with, where a winner is asked for.
    private func question(_ action: ExperimentAction, _ view: View, _ session: Session, winner: String?) -> ConfirmationPage {
        let fields: HTML =
            switch action {
            case .finish: ConfirmationPage.winners(view.experiment, view.statistics, chosen: winner)
            case .removePlan: "<input type=\"hidden\" name=\"plan\" value=\"\(PlanSight(view.experiment.plan).text)\">"
            case .start, .pause, .resume, .variants, .delete: .empty
            }
        return confirmation(action, view, session, fields: fields)
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
        } catch let conflict as Problem where conflict.status == .conflict {
            return .html(try await self.conflict(conflict, action, request, form, session), status: .conflict)
        }
        if action == .delete { return .redirect(to: ExperimentPath.list + "?done=" + action.rawValue) }
        await events?.deliverer.review()
        return .redirect(to: ExperimentPath.of(key, action.page) + "?done=" + action.rawValue)
    }

    /// What is said when somebody else was faster: what they did, and the question once more as it is now, with what was typed or chosen.
    private func conflict(
        _ conflict: Problem, _ action: ExperimentAction, _ request: borrowing Request, _ form: Form, _ session: Session
    ) async throws -> HTML {
        let experiment = try registry.catalogue.experiment(ExperimentKey(request.parameter("key")))
        let last = try await registry.auditLog(AuditQuery(subject: experiment.key.text, limit: 1)).first
        let reason = conflict.detail ?? conflict.title
        guard action.isPossible(experiment) else {
            return ConflictPage(session: session, experiment: experiment, action: action, reason: reason, last: last).html
        }
        let view = try view(request, for: action)
        guard action == .variants else {
            var page = question(action, view, session, winner: try form.value("winner"))
            (page.notice, page.last) = (.refused(reason), last)
            return page.html
        }
        var page = VariantsPage(
            session: session, experiment: experiment, sight: ExperimentSight(experiment).html, rows: try VariantRows(form))
        page.conflict = reason
        return page.html
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
