import Enrollment
import Experiments
import HTTPServer

/// The page of layers and holdouts, its forms, and the one on which a holdout is released.
struct LayerPages: Sendable {
    let registry: Registry

    var endpoints: [Endpoint] {
        let release = "/holdouts/{name}/release"
        return [
            Endpoint(
                .get, LayersPage.path, .layersPage,
                .page(.viewer) { request, session in .html(try page(session, notice: LayerPages.notice(request)).html) }),
            Endpoint(
                .post, LayerForm.layer.path, .newLayerForm, .form(.editor) { _, form, session in try await make(.layer, form, session) }),
            Endpoint(
                .post, LayerForm.holdout.path, .newHoldoutForm,
                .form(.editor) { _, form, session in try await make(.holdout, form, session) }),
            Endpoint(
                .get, release, .releasePage,
                .page(ReleasePage.role) { request, session in
                    let found = try find(request)
                    guard found.holdout.released == nil else { throw ExperimentError.releasedHoldout(found.holdout.name) }
                    return .html(ReleasePage(session: session, release: found).html)
                }),
            Endpoint(
                .post, release, .releaseForm,
                .form(ReleasePage.role) { request, form, session in
                    let name = try find(request).holdout.name
                    do {
                        _ = try await registry.releaseHoldout(name, seen: try form.value(ReleasePage.seen) ?? "", actor: session.name)
                    } catch let conflict as Problem where conflict.status == .conflict {
                        let page = ReleasePage(session: session, release: try find(request), conflict: conflict.detail)
                        return .html(page.html, status: .conflict)
                    }
                    return .redirect(to: LayersPage.path + "?done=release")
                }),
        ]
    }

    private func find(_ request: borrowing Request) throws -> HoldoutRelease {
        let name = try ExperimentKey(request.parameter("name"))
        do throws(ExperimentError) {
            return try registry.release(of: name)
        } catch {
            throw Problem.notFound("\(error)")
        }
    }

    private func page(_ session: Session, notice: PageNotice? = nil) throws -> LayersPage {
        let catalogue = registry.catalogue
        return LayersPage(
            session: session, catalogue: catalogue, releases: try catalogue.holdouts.map { try registry.release(of: $0.name) },
            notice: notice)
    }

    private static func notice(_ request: borrowing Request) throws -> PageNotice? {
        switch try request.query("done") {
        case "layer": .done("The layer was made: experiments may have slots of it when they are made.")
        case "holdout": .done("The holdout was made: layers and experiments may be under it when they are made.")
        case "release": .done("The holdout was released.")
        default: nil
        }
    }

    private func make(_ kind: LayerForm, _ form: Form, _ session: Session) async throws -> Response {
        do {
            let name: ExperimentKey
            do { name = try ExperimentKey(try form.value("name") ?? "") } catch let error as ExperimentError {
                throw NewExperimentForm.Mistake(field: "name", reason: "\(error)")
            }
            let summary = try ExperimentAPI.summary(try form.value("summary"))
            switch kind {
            case .layer:
                let slots = try LayerPages.number(form, "slots", orElse: 100) { Int($0) }
                let holdout = try form.value("holdout").flatMap { $0.isEmpty ? nil : $0 }.map { try ExperimentKey($0) }
                try await registry.change(actor: session.name, action: "create") { catalogue, context in
                    try catalogue.make(Layer(name: name, summary: summary, slots: slots, holdout: holdout, created: context.now))
                }
            case .holdout:
                let percent = try LayerPages.number(form, "percent", orElse: nil) { Double($0) }
                try await registry.change(actor: session.name, action: "create") { catalogue, context in
                    try catalogue.add(Holdout(name: name, summary: summary, percent: percent, created: context.now))
                }
            }
            return .redirect(to: LayersPage.path + "?done=\(kind.rawValue)")
        } catch let mistake as NewExperimentForm.Mistake {
            return try refuse(kind, mistake.field ?? "name", mistake.reason, .unprocessableContent, form, session)
        } catch let error as ExperimentError {
            let field =
                switch error {
                case .slotCount: "slots"
                case .holdoutShare: "percent"
                default: "name"
                }
            return try refuse(kind, field, "\(error)", error.problem.status, form, session)
        }
    }

    private func refuse(
        _ kind: LayerForm, _ field: String, _ reason: String, _ status: Status, _ form: Form, _ session: Session
    ) throws -> Response {
        var page = try page(session)
        var typed: [String: String] = [:]
        for name in ["name", "slots", "holdout", "percent", "summary"] { typed[name] = try form.value(name) }
        page.mistake = .init(form: kind, field: field, reason: reason, typed: typed)
        return .html(page.html, status: status)
    }

    private static func number<Value>(
        _ form: Form, _ field: String, orElse missing: Value?, _ read: (String) -> Value?
    ) throws -> Value {
        let text = (try form.value(field) ?? "").filter { $0 != " " && $0 != "%" }
        if text.isEmpty, let missing { return missing }
        guard let number = read(text) else {
            throw NewExperimentForm.Mistake(
                field: field, reason: "‘\(text)’ is no number; the \(field) must be one\(TypedNumber.advice(text)).")
        }
        return number
    }
}
