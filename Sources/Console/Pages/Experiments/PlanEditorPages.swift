import Enrollment
import Events
import Experiments
import HTTPServer

/// The page of an experiment's plan.
struct PlanEditorPages: Sendable {
    let registry: Registry
    let events: EventService?

    var endpoints: [Endpoint] {
        let path = ExperimentPath.list + "/{key}/plan"
        return [
            Endpoint(.get, path, .planEditorPage, .page(.viewer, show)),
            Endpoint(.post, path, .planEditorForm, .form(.editor, save)),
        ]
    }

    private func show(_ request: borrowing Request, _ session: Session) throws -> Response {
        let experiment = try registry.catalogue.experiment(ExperimentKey(request.parameter("key")))
        let notice = try ExperimentPages.notice(request)
        return .html(PlanEditorPage(session: session, experiment: experiment, text: experiment.plan ?? "", notice: notice).html)
    }

    /// What is said of a plan that was written while somebody finished the experiment.
    private func unsaved(_ text: String, _ key: ExperimentKey, _ session: Session) throws -> Response {
        let experiment = try registry.catalogue.experiment(key)
        let notice = PageNotice.refused("The plan was not saved: the experiment is finished.")
        let page = PlanEditorPage(session: session, experiment: experiment, text: experiment.plan ?? "", unsaved: text, notice: notice)
        return .html(page.html, status: .conflict)
    }

    /// What is said of an empty text: to take a plan away is asked about on a page of its own.
    private func answerToNothing(_ text: String, _ seen: PlanSight, _ key: ExperimentKey, _ session: Session) throws -> Response {
        let experiment = try registry.catalogue.experiment(key)
        if experiment.state == .finished { return try unsaved(text, key, session) }
        try seen.check(experiment)
        if experiment.plan != nil { return .redirect(to: ExperimentPath.of(key, ExperimentAction.removePlan.rawValue)) }
        let notice = PageNotice.refused("Nothing was saved: there is no plan, and none was typed.")
        return .html(PlanEditorPage(session: session, experiment: experiment, text: "", notice: notice).html, status: .unprocessableContent)
    }

    /// An empty text saves nothing, and leads to the page that asks whether to take the plan away.
    private func save(_ request: borrowing Request, _ form: Form, _ session: Session) async throws -> Response {
        let key = try ExperimentKey(request.parameter("key"))
        guard let sent = try form.value("plan") else { throw Problem.badRequest("There is no plan in the form.") }
        // Forms send line ends as carriage return and line feed.
        let text = sent.replacing("\r\n", with: "\n")
        let seen = PlanSight(text: try form.value(PlanSight.field) ?? "")
        do {
            if text.allSatisfy(\.isWhitespace) { return try answerToNothing(text, seen, key, session) }
            _ = try await registry.make(.plan(text, seen: seen), of: key, actor: session.name)
        } catch let mistake as YAMLError {
            let experiment = try registry.catalogue.experiment(key)
            let page = PlanEditorPage(session: session, experiment: experiment, text: text, seen: seen, mistake: mistake)
            return .html(page.html, status: .unprocessableContent)
        } catch let error as ExperimentError {
            guard case .wrongState = error else { throw error }
            return try unsaved(text, key, session)
        } catch is PlanSight.Conflict {
            let experiment = try registry.catalogue.experiment(key)
            if experiment.state == .finished { return try unsaved(text, key, session) }
            let log = try await registry.auditLog(AuditQuery(subject: key.text, limit: 50))
            let last = log.first { $0.action == ExperimentChange.planAction }
            let page = PlanEditorPage(session: session, experiment: experiment, text: text, other: last?.actor ?? "somebody else")
            return .html(page.html, status: .conflict)
        }
        await events?.deliverer.review()
        return .redirect(to: ExperimentPath.of(key, "plan") + "?done=plan")
    }
}
