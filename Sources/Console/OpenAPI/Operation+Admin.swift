import HTTPServer
import Text

extension Operation {
    private static let key = Parameter(
        name: "key", place: .path, description: "The experiment's key.",
        schema: ["type": "string", "pattern": "^[A-Za-z0-9._-]{1,64}$"], example: "button_color"
    )
    private static let unknown = (status: 404, "There is no experiment of this key.")
    private static let badKey = (status: 422, "The key breaks its rule.")
    private static let wrongState = (status: 409, "The experiment's state does not allow this.")
    private static let malformed = (status: 400, "The body is not the JSON that was expected; the detail says where.")
    private static let exampleVariants: JSONValue = [["value": "old", "weight": 50], ["value": "new", "weight": 50]]

    static let listExperiments = Operation(
        id: "listExperiments", tag: "Experiments", summary: "All experiments",
        answers: [(200, Answer(description: "The experiments, the oldest first.", content: .schema("ExperimentList")))]
    )

    static let createExperiment = Operation(
        id: "createExperiment", tag: "Experiments", summary: "Prepare an experiment",
        description: "It begins as a draft that no device knows of.",
        body: ("NewExperiment", true, ["key": "checkout", "summary": "Does the new checkout sell more?", "variants": exampleVariants]),
        answers: [(201, Answer(description: "The draft.", content: .schema("Experiment")))],
        problems: [
            malformed, (409, "There is an experiment of this key already."), (422, "The key, the variants or the weights break a rule."),
        ]
    )

    static let showExperiment = Operation(
        id: "showExperiment", tag: "Experiments", summary: "One experiment with its epochs, devices and history",
        parameters: [key],
        answers: [(200, Answer(description: "The experiment.", content: .schema("ExperimentWithHistory")))], problems: [unknown, badKey]
    )

    static let editExperiment = Operation(
        id: "editExperiment", tag: "Experiments", summary: "Put another draft in a draft's place",
        description:
            "Everything but the key and the plan, which must go with it. Only a draft, of which no device knows; an experiment that was "
            + "started is given other variants instead.",
        parameters: [key],
        body: ("EditedExperiment", true, ["summary": "Does the new checkout sell more?", "variants": exampleVariants]),
        answers: [(200, Answer(description: "The draft as it is now.", content: .schema("Experiment")))],
        problems: [malformed, unknown, (409, "It is no draft, or the layer has too few free slots."), badKey]
    )

    static let deleteExperiment = Operation(
        id: "deleteExperiment", tag: "Experiments", summary: "Throw a draft away",
        description:
            "Only a draft, of which no device knows; an experiment that was started is finished instead. Its key may be used again.",
        parameters: [key], answers: [(204, Answer(description: "It is gone; the audit log keeps what it was.", content: .none))],
        problems: [unknown, (409, "It is no draft."), badKey]
    )

    static let startExperiment = change(
        "startExperiment", "Begin to admit devices", "Devices that are known already are older than the experiment and never take part.")
    static let pauseExperiment = change(
        "pauseExperiment", "Admit nobody new", "Those who are in keep their values. Devices first seen during the pause are never in.")
    static let resumeExperiment = change("resumeExperiment", "Admit new devices again", "Blocks go on where they stopped.")

    private static func change(_ id: String, _ summary: String, _ description: String) -> Operation {
        Operation(
            id: id, tag: "Experiments", summary: summary, description: description, parameters: [key], body: ("Nothing", false, [:]),
            answers: [(200, Answer(description: "The experiment as it is now.", content: .schema("Experiment")))],
            problems: [malformed, unknown, wrongState, (422, "The key breaks its rule, or the body has members.")]
        )
    }

    static let changeVariants = Operation(
        id: "changeVariants", tag: "Experiments", summary: "Deal future devices by other weights or variants",
        description: "Opens an epoch at the next device. A variant that is left out is closed to new devices; those who have it keep it.",
        parameters: [key], body: ("NewVariants", true, ["variants": exampleVariants]),
        answers: [(200, Answer(description: "The experiment as it is now.", content: .schema("Experiment")))],
        problems: [malformed, unknown, wrongState, (422, "The variants or the weights break a rule.")]
    )

    static let finishExperiment = Operation(
        id: "finishExperiment", tag: "Experiments", summary: "End the experiment, with or without a winner",
        description:
            "Without a winner no device is served it any more. With one, every device that is not older than the experiment gets the "
            + "winner's value from now on. This cannot be undone.",
        parameters: [key], body: ("Finish", false, ["winner": "new"]),
        answers: [(200, Answer(description: "The experiment as it is now.", content: .schema("Experiment")))],
        problems: [malformed, unknown, wrongState, (422, "The winner is no variant that devices were or are dealt.")]
    )

    private static let testersDevice = Parameter(
        name: "device", place: .path, description: "The device's token, percent-encoded.",
        schema: ["type": "string", "minLength": 1, "maxLength": 256], example: "testers-phone")

    static let listForced = Operation(
        id: "listForced", tag: "Experiments", summary: "Who has forced values",
        description:
            "Units are told by keyed fingerprints, never by their tokens. One whose value is null is given what it is dealt again, and still "
            + "counts for nothing.",
        parameters: [key],
        answers: [(200, Answer(description: "The forced units, the latest last.", content: .schema("ForcedUnits")))],
        problems: [unknown, badKey]
    )

    static let forceValue = Operation(
        id: "forceValue", tag: "Experiments", summary: "Give a tester's device a value",
        description:
            "Whatever the device is dealt, and of a draft too: so a tester sees a variant before anybody else does. The device is left out "
            + "of the experiment's statistics, exposures and results for ever, also if it is released later.",
        parameters: [key, testersDevice], body: ("ForcedValue", true, ["value": "new"]),
        answers: [(200, Answer(description: "The forced units.", content: .schema("ForcedUnits")))],
        problems: [
            malformed, unknown, (409, "The experiment is finished, or has enough forced units."),
            (422, "The value is no variant's, or the token is no token."),
        ]
    )

    static let releaseValue = Operation(
        id: "releaseValue", tag: "Experiments", summary: "Give a tester's device what it is dealt again",
        parameters: [key, testersDevice],
        answers: [(200, Answer(description: "The forced units.", content: .schema("ForcedUnits")))],
        problems: [(404, "There is no experiment of this key, or the device has no forced value in it."), (422, "The token is no token.")]
    )

    static let explain = Operation(
        id: "explain", tag: "Experiments", summary: "Why a device has its value, or none",
        parameters: [
            Parameter(
                name: "experiment", place: .query, description: "The experiment's key.", schema: ["type": "string"], example: "button_color"
            ),
            Parameter(
                name: "device", place: .query, description: "The device's token.", schema: ["type": "string"], example: "3f1c9a52-device"),
        ],
        answers: [(200, Answer(description: "The device's place in the record.", content: .schema("Explanation")))],
        problems: [
            (400, "The experiment or the device was not named, or its token is no token."),
            (404, "There is no such experiment, or the device was never seen."), badKey,
        ]
    )

    static let listTokens = Operation(
        id: "listTokens", tag: "Access", summary: "Who may do what", description: "The tokens themselves are known only to their bearers.",
        answers: [(200, Answer(description: "Names, roles and dates.", content: .schema("TokenList")))]
    )

    static let createToken = Operation(
        id: "createToken", tag: "Access", summary: "Let somebody in",
        description: "The token is shown once. A `viewer` sees, an `editor` also changes experiments, an `admin` also gives out tokens.",
        body: ("NewToken", true, ["name": "grafana", "role": "viewer"]),
        answers: [(201, Answer(description: "The token.", content: .schema("CreatedToken")))],
        problems: [malformed, (409, "There is a valid token of this name."), (422, "The name or the role breaks a rule.")]
    )

    static let revokeToken = Operation(
        id: "revokeToken", tag: "Access", summary: "Shut somebody out",
        parameters: [
            Parameter(name: "name", place: .path, description: "The token's name.", schema: ["type": "string"], example: "grafana")
        ],
        answers: [(204, Answer(description: "The token is no longer valid.", content: .none))],
        problems: [(404, "There is no valid token of this name."), (409, "It is the last administrator's.")]
    )

    static let createBackup = Operation(
        id: "createBackup", tag: "Access", summary: "Copy the registry while it serves",
        description:
            "The copy is put into `backups` in the server's data directory and holds everything that was answered before. To restore it, "
            + "stop the server, put the copy in the place of `registry.db`, remove `registry.db-wal`, and start again.",
        answers: [(201, Answer(description: "The copy is complete and on the disk.", content: .schema("Backup")))],
        problems: [(409, "A backup is being made already, or the registry is kept in PostgreSQL and is backed up there.")]
    )

    static let auditLog = Operation(
        id: "auditLog", tag: "Access", summary: "Who changed what, when, from what to what",
        parameters: [
            Parameter(
                name: "subject", place: .query, isRequired: false, description: "Only changes of this experiment or token.",
                schema: ["type": "string"], example: "button_color"),
            Parameter(
                name: "before", place: .query, isRequired: false, description: "Only entries older than this id: the way to the next page.",
                schema: ["type": "integer"], example: 100),
            Parameter(
                name: "limit", place: .query, isRequired: false, description: "How many entries at most.",
                schema: ["type": "integer", "minimum": 1, "maximum": 1000, "default": 100], example: 100),
        ],
        answers: [(200, Answer(description: "Entries, the newest first.", content: .schema("AuditLog")))],
        problems: [(400, "A query parameter is not as expected.")]
    )
}
