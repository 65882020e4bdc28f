import Enrollment
import Experiments
import HTTPServer

/// The pages on which experiments are looked at.
struct ExperimentPages: Sendable {
    let registry: Registry
    let live: LiveStatistics
    /// What is known by what arrived, if that is worked out.
    let results: LiveResults?
    let now: @Sendable () -> Timestamp

    var endpoints: [Endpoint] {
        let one = ExperimentPath.list + "/{key}"
        return [
            Endpoint(.get, ExperimentPath.list, .experimentsPage, .page(.viewer, list)),
            Endpoint(.get, one, .experimentPage, .page(.viewer, show)),
            Endpoint(.get, one + "/live", .experimentLive, .page(.viewer, follow)),
            Endpoint(.get, one + "/explain", .explainPage, .page(.viewer, explain)),
            Endpoint(.post, one + "/explain", .testerForm, .form(.editor, force)),
            Endpoint(.get, one + "/audit", .experimentAuditPage, .page(.viewer, audit)),
        ]
    }

    private func list(_ request: borrowing Request, _ session: Session) throws -> Response {
        let dealers = registry.snapshot.assigner.dealers
        let rows = dealers.map { dealer in
            let statistics = registry.statistics(of: dealer)
            return ExperimentsPage.Row(
                experiment: dealer.experiment, devices: statistics.devices, isImbalanced: statistics.imbalance != nil,
                standing: ExperimentStanding(dealer.experiment, results: results))
        }
        let isDeleted = try request.query("done") == ExperimentAction.delete.rawValue
        let notice: PageNotice? = isDeleted ? .done(ExperimentAction.delete.done) : nil
        return .html(ExperimentsPage(session: session, rows: rows, notice: notice).html)
    }

    private func show(_ request: borrowing Request, _ session: Session) throws -> Response {
        let dealer = try registry.snapshot.assigner.dealer(ExperimentKey(request.parameter("key")))
        let page = ExperimentPage(
            session: session, experiment: dealer.experiment, spread: spread(of: dealer),
            nextOrdinal: registry.nextOrdinal, standing: ExperimentStanding(dealer.experiment, results: results),
            cover: registry.catalogue.cover(of: dealer.experiment), notice: try ExperimentPages.notice(request))
        return .html(page.html)
    }

    /// What an address says was done: one of our own words, never a text of the address.
    static func notice(_ request: borrowing Request) throws -> PageNotice? {
        switch try request.query("done") {
        case "create": .done("The draft was created. No device knows of it until it is started.")
        case "edit": .done("The draft was saved.")
        case "edit-released": .done("The draft was saved. Testers whose value is no variant any more get what they are dealt.")
        case "force": .done("The device gets that value from its next request on.")
        case "release": .done("The device gets what it is dealt from its next request on. It still counts for nothing here.")
        case "plan": .done("The plan was saved. Results follow with the next data.")
        case let done?: ExperimentAction(rawValue: done).map { .done($0.done) }
        case nil: nil
        }
    }

    /// The counts, again and again as they change, as long as the session lasts.
    private func follow(_ request: borrowing Request, _ session: Session) throws -> Response {
        let key = try ExperimentKey(request.parameter("key"))
        _ = try registry.snapshot.assigner.dealer(key)
        return try .live(request, every: .milliseconds(400)) {
            guard session.isValid(by: registry.accessTokens, at: now()), let dealer = try? registry.snapshot.assigner.dealer(key) else {
                return nil
            }
            return spread(of: dealer)
        }
    }

    private func spread(of dealer: Dealer) -> LivePart {
        let address = ExperimentPath.of(dealer.experiment.key, "live")
        return LivePart(address, of: live.moment, SpreadCard(statistics: registry.statistics(of: dealer), isOnOwnPage: true).html)
    }

    private func explain(_ request: borrowing Request, _ session: Session) async throws -> Response {
        let key = try ExperimentKey(request.parameter("key"))
        return .html(try await explanation(of: key, try request.query("device") ?? "", session, try ExperimentPages.notice(request)).html)
    }

    /// A value for a tester's device, or what it is dealt if none is chosen: first it is asked, then done.
    private func force(_ request: borrowing Request, _ form: Form, _ session: Session) async throws -> Response {
        let key = try ExperimentKey(request.parameter("key"))
        let (text, value) = (try form.value("device") ?? "", try form.value("value") ?? "")
        do {
            let (token, wanted) = (try DeviceToken(text), value.isEmpty ? nil : value)
            guard try form.value("do") == ForcingPage.confirmed else { return try askToForce(token, to: wanted, in: key, session) }
            _ = try await registry.force(token, to: wanted, in: key, actor: session.name, sight: ExperimentSight(form))
        } catch let error where error is DeviceTokenError || error is ExperimentError {
            return .html(try await explanation(of: key, text, session, .refused("\(error)")).html, status: .unprocessableContent)
        } catch let conflict as Problem where conflict.status == .conflict {
            var page = try await explanation(of: key, text, session, .refused(conflict.detail ?? conflict.title))
            page.chosenValue = value
            return .html(page.html, status: .conflict)
        }
        let done = value.isEmpty ? "release" : "force"
        return .redirect(to: ExperimentPath.explain(key, device: text) + "&done=\(done)")
    }

    /// What it would mean, or why it cannot be.
    private func askToForce(_ token: DeviceToken, to value: String?, in key: ExperimentKey, _ session: Session) throws -> Response {
        let experiment = try registry.catalogue.experiment(key)
        var tried = experiment
        try tried.give(registry.unit(of: token), value)
        let page = ForcingPage(
            session: session, experiment: experiment, token: token.description, value: value,
            forcedValue: registry.forcedValues(of: token)[key], isKnown: registry.device(for: token) != nil)
        return .html(page.html)
    }

    private func explanation(
        of key: ExperimentKey, _ text: String, _ session: Session, _ notice: PageNotice?
    ) async throws -> ExplainPage {
        let token = Result { () throws(DeviceTokenError) in try DeviceToken(text) }
        if case .success(let token) = token { try await registry.catchUp(for: token) }
        let dealer = try registry.snapshot.assigner.dealer(key)
        var forcedValue: String?
        var answer: ExplainPage.Answer?
        if !text.isEmpty {
            do {
                let token = try token.get()
                forcedValue = registry.forcedValues(of: token)[dealer.experiment.key]
                answer = try await Explanation(of: token, in: dealer, registry).map { .found($0) } ?? .unknownDevice
            } catch let error as DeviceTokenError {
                answer = .refused("\(error)")
            }
        }
        return ExplainPage(
            session: session, experiment: dealer.experiment, token: text, answer: answer, forcedValue: forcedValue, notice: notice)
    }

    private func audit(_ request: borrowing Request, _ session: Session) async throws -> Response {
        let experiment = try registry.catalogue.experiment(ExperimentKey(request.parameter("key")))
        let trail = try await AuditTrail(registry, request, subject: experiment.key.text)
        let card = AuditCard(trail: trail, path: ExperimentPath.of(experiment.key, "audit"), namesSubject: false).html
        return .html(ExperimentFrame(experiment: experiment, session: session, tab: .audit, content: card).html)
    }
}
