import Enrollment
import Experiments
import HTTPServer
import Text

// The pages of the console: for people, and in the document so that nothing is there that is not documented.

extension Operation {
    private static let keyOfPage = Parameter(
        name: "key", place: .path, description: "The experiment's key.",
        schema: ["type": "string", "pattern": "^[A-Za-z0-9._-]{1,64}$"], example: "button_color"
    )
    private static let unknown: [(status: Int, String)] = [(404, "There is no experiment of this key."), (422, "The key breaks its rule.")]
    private static let noForm = (status: 415, "The body is not a form.")

    private static func console(
        _ id: String, _ summary: String, _ parameters: [Parameter] = [], type: String = "text/html",
        problems: [(status: Int, String)] = []
    ) -> Operation {
        Operation(
            id: id, tag: "Pages", summary: summary, parameters: parameters,
            answers: [(200, Answer(description: "The page.", content: .text(type)))], problems: problems)
    }

    /// - Parameter pages: the statuses, besides the redirection, with which it answers with a page.
    private static func form(
        _ id: String, _ summary: String, _ fields: String, _ parameters: [Parameter] = [], pages: [(status: Int, String)] = [],
        problems: [(status: Int, String)]
    ) -> Operation {
        Operation(
            id: id, tag: "Pages", summary: summary,
            description: "`application/x-www-form-urlencoded` with the fields `form_token`\(fields.isEmpty ? "" : ", " + fields).",
            parameters: parameters,
            answers: [(303, Answer(description: "To the page that says what was done.", content: .none))]
                + pages.map { ($0.status, Answer(description: $0.1, content: .text("text/html"))) },
            problems: problems + [noForm, (400, "A field is missing, or given twice.")])
    }

    static let experimentsPage = console("experimentsPage", "All experiments, and how they stand")
    static let experimentPage = console("experimentPage", "One experiment", [keyOfPage], problems: unknown)
    static let experimentLive = console(
        "experimentLive", "The live part of an experiment's page", [keyOfPage, LivePart.shown], type: "text/event-stream", problems: unknown
    )
    static let experimentAuditPage = console(
        "experimentAuditPage", "Who changed an experiment, when and how", [keyOfPage], problems: unknown)
    static let eventsPage = console("eventsPage", "What clients told of units, and how far it came")
    static let eventsLive = console("eventsLive", "The live part of the page of events", [LivePart.shown], type: "text/event-stream")
    static let auditPage = console("auditPage", "Who changed what, when and how")
    static let explainPage = console(
        "explainPage", "Why a device has its value, as a page",
        [
            keyOfPage,
            Parameter(
                name: "device", place: .query, isRequired: false, description: "The device's token.", schema: ["type": "string"],
                example: "3f1c9a52-device"),
        ], problems: unknown)

    static let newExperimentPage = console("newExperimentPage", "The form for a new experiment")
    static let newExperimentSize = console("newExperimentSize", "What the form's numbers mean in devices and days, as a part of the page")
    static let newExperimentWho = console("newExperimentWho", "Who could be in the experiment of the form, as a part of the page")
    static let editExperimentPage = console(
        "editExperimentPage", "The form for a draft", [keyOfPage], problems: unknown + [(409, "It is no draft any more.")])
    static let editExperimentForm = form(
        "editExperimentForm", "What the form for a draft sends", "`seen`, and those of the form for a new experiment", [keyOfPage],
        pages: [
            (200, "The form, with another row or the size."), (409, "The form: the draft was changed meanwhile."),
            (422, "The form, with what is wrong."),
        ],
        problems: [unknown[0]])
    static let newExperimentForm = form(
        "newExperimentForm", "What the form for a new experiment sends",
        "`key`, `summary`, `value` and `weight` for each variant, `layer`, `holdout`, `attribute`, `test` and `target` for each condition, "
            + "`metric` and others, and `do`",
        pages: [
            (200, "The form, with another row or the size."), (409, "The form: the key is taken."), (422, "The form, with what is wrong."),
        ],
        problems: [])

    private static let nameOfHoldout = Parameter(
        name: "name", place: .path, description: "The holdout's name.", schema: ["type": "string", "pattern": "^[A-Za-z0-9._-]{1,64}$"],
        example: "global")
    private static let refusedLayer: [(status: Int, String)] = [
        (409, "The page: the name is taken, or the holdout was released."), (422, "The page, with what is wrong."),
    ]
    private static let gone = (status: 409, "It was released already, or its release means something else than what was shown.")

    static let layersPage = console("layersPage", "Layers and holdouts, and who is in them")
    static let newLayerForm = form(
        "newLayerForm", "What the form for a new layer sends", "`name`, `slots`, `holdout` and `summary`", pages: refusedLayer, problems: []
    )
    static let newHoldoutForm = form(
        "newHoldoutForm", "What the form for a new holdout sends", "`name`, `percent` and `summary`", pages: refusedLayer, problems: [])
    static let releasePage = console(
        "releasePage", "What the release of a holdout would mean, and whether to do it", [nameOfHoldout],
        problems: [(404, "There is no holdout of this name."), gone, unknown[1]])
    static let releaseForm = form(
        "releaseForm", "Releases a holdout", "`seen`", [nameOfHoldout],
        problems: [(404, "There is no holdout of this name."), gone, unknown[1]])

    static let testerForm = form(
        "testerForm", "What the page of an explanation sends for a tester's device",
        "`device`, its token, and `value`, empty for what it is dealt; `seen` and `do` of the page that asks",
        [keyOfPage], pages: [(200, "The page that asks whether to do it."), (422, "The page, with why it cannot be.")],
        problems: [unknown[0], (409, "The experiment was changed meanwhile.")])

    static let planEditorPage = console("planEditorPage", "An experiment's plan, to read and write", [keyOfPage], problems: unknown)
    static let planEditorForm = form(
        "planEditorForm", "What the page of a plan sends", "`plan`, as YAML, empty to be asked whether to take it away, and `seen`",
        [keyOfPage],
        pages: [
            (409, "The page: somebody else saved a plan, or finished the experiment, meanwhile; with the plan that was sent."),
            (422, "The page, with the line that is wrong."),
        ], problems: [unknown[0]])

    static func confirmation(_ action: ExperimentAction) -> Operation {
        console(
            "\(action.name)Page", "Asks: \(action.title.lowercased())?", [keyOfPage],
            problems: unknown + [(409, "The experiment's state does not allow it.")])
    }

    static func change(_ action: ExperimentAction) -> Operation {
        let fields =
            switch action {
            case .variants: "`seen`, `value` and `weight` for each variant, and `do`"
            case .finish: "`seen` and `winner`, empty for none"
            case .removePlan: "`seen` and `plan`, what the page showed of the experiment and of its plan"
            case .start, .pause, .resume, .delete: "`seen`, what the page showed of the experiment"
            }
        return form(
            "\(action.name)Form", "What the page that asks sends: \(action.title.lowercased())", fields, [keyOfPage],
            pages: action == .variants ? [(200, "The rows, or what they would mean.")] : [],
            problems: unknown + [(409, "The experiment was changed meanwhile, or its state does not allow it.")])
    }

    static let helpPages = console("helpPages", "The documentation of this version")
    static let helpPage = console(
        "helpPage", "A page of the documentation",
        [Parameter(name: "page", place: .path, description: "What its file is called.", schema: ["type": "string"], example: "console")],
        problems: [(404, "There is no such page.")])

    static let accessPage = console("accessPage", "Who may do what, as a page")
    static let grantForm = Operation(
        id: "grantForm", tag: "Pages", summary: "What the page about access sends to let somebody in",
        description: "`application/x-www-form-urlencoded` with the fields `form_token`, `name` and `role`.",
        answers: [
            (201, Answer(description: "The page with the token, shown once.", content: .text("text/html"))),
            (409, Answer(description: "The form: the name is taken.", content: .text("text/html"))),
            (422, Answer(description: "The form: the name breaks its rule.", content: .text("text/html"))),
        ], problems: [noForm, (400, "A field is missing, or given twice.")])

    private static let nameOfToken = Parameter(
        name: "name", place: .path, description: "The token's name.", schema: ["type": "string"], example: "grafana")
    static let revocationPage = console(
        "revocationPage", "Asks: revoke the token?", [nameOfToken], problems: [(404, "There is no valid token of this name.")])
    static let revocationForm = form(
        "revocationForm", "What the page that asks sends: revoke the token", "", [nameOfToken],
        problems: [(404, "There is no valid token of this name."), (409, "It is the last administrator's.")])
}
