import HTTPServer
import Text

extension Operation {
    private static func name(_ example: String) -> Parameter {
        Parameter(
            name: "name", place: .path, description: "Its name.", schema: ["type": "string", "pattern": "^[A-Za-z0-9._-]{1,64}$"],
            example: .string(example))
    }

    private static let malformed = (status: 400, "The body is not the JSON that was expected; the detail says where.")
    private static let badName = (status: 422, "The name breaks its rule.")
    private static let inUse = (status: 409, "Something is or was in it.")

    static let listLayers = Operation(
        id: "listLayers", tag: "Layers and holdouts", summary: "All layers",
        description: "Experiments of one layer never meet in a device.",
        answers: [(200, Answer(description: "The layers, the oldest first, with who has their slots.", content: .schema("LayerList")))]
    )

    static let createLayer = Operation(
        id: "createLayer", tag: "Layers and holdouts", summary: "Make a layer",
        description:
            "Its slots are dealt to devices in blocks: an experiment with 50 of 100 slots has exactly 50 of every 100 devices. An "
            + "experiment asks for slots when it is made, keeps them until it is finished or deleted, and then another may have them.",
        body: ("NewLayer", true, ["name": "checkout", "slots": 100]),
        answers: [(201, Answer(description: "The layer.", content: .schema("Layer")))],
        problems: [
            malformed, (409, "There is a layer of this name already."),
            (422, "The name or the number of slots breaks a rule, or there is no such holdout."),
        ]
    )

    static let showLayer = Operation(
        id: "showLayer", tag: "Layers and holdouts", summary: "One layer and who has its slots", parameters: [name("checkout")],
        answers: [(200, Answer(description: "The layer.", content: .schema("Layer")))],
        problems: [(404, "There is no layer of this name."), badName]
    )

    static let deleteLayer = Operation(
        id: "deleteLayer", tag: "Layers and holdouts", summary: "Throw away a layer in which no experiment ever was",
        parameters: [name("checkout")],
        answers: [(204, Answer(description: "It is gone; the audit log keeps what it was.", content: .none))],
        problems: [(404, "There is no layer of this name."), inUse, badName]
    )

    static let listHoldouts = Operation(
        id: "listHoldouts", tag: "Layers and holdouts", summary: "All holdouts",
        description: "A holdout keeps a share of devices out of the experiments and layers that are under it.",
        answers: [(200, Answer(description: "The holdouts, the oldest first.", content: .schema("HoldoutList")))]
    )

    static let createHoldout = Operation(
        id: "createHoldout", tag: "Layers and holdouts", summary: "Make a holdout",
        description:
            "Experiments and layers say when they are made whether they are under it, for ever. Its devices are dealt in blocks: 5 % is "
            + "exactly 1 of every 20.",
        body: ("NewHoldout", true, ["name": "global", "percent": 5]),
        answers: [(201, Answer(description: "The holdout.", content: .schema("Holdout")))],
        problems: [malformed, (409, "There is a holdout of this name already."), (422, "The name or the percentage breaks a rule.")]
    )

    static let showHoldout = Operation(
        id: "showHoldout", tag: "Layers and holdouts", summary: "One holdout and what is under it", parameters: [name("global")],
        answers: [(200, Answer(description: "The holdout.", content: .schema("Holdout")))],
        problems: [(404, "There is no holdout of this name."), badName]
    )

    static let showRelease = Operation(
        id: "showRelease", tag: "Layers and holdouts", summary: "What the release of a holdout would mean, or meant",
        description:
            "Winners of finished experiments go to its devices at once; `devices` tells to how many, and is null where the experiment is "
            + "targeted and in a layer. Running experiments go on without its devices, and give them their winner when they are finished. "
            + "Coming ones are for everybody who is new then.",
        parameters: [name("global")],
        answers: [(200, Answer(description: "What it means, and what confirms it.", content: .schema("HoldoutRelease")))],
        problems: [(404, "There is no holdout of this name."), badName]
    )

    static let releaseHoldout = Operation(
        id: "releaseHoldout", tag: "Layers and holdouts", summary: "End a holdout, for ever",
        description:
            "Changes what devices are answered: those that are held out are given the winners of finished experiments. Nothing else changes "
            + "for anybody. `confirm` is what `GET` gave, so that nobody does what they have not seen; it cannot be undone, and is in the "
            + "audit log.",
        parameters: [name("global")], body: ("ConfirmRelease", true, ["confirm": "3f9c2b7d10e4a8653f9c2b7d10e4a865"]),
        answers: [(200, Answer(description: "It is released.", content: .schema("HoldoutRelease")))],
        problems: [
            malformed, (404, "There is no holdout of this name."),
            (409, "It was released already, or its release means something else by now."), badName,
        ]
    )

    static let deleteHoldout = Operation(
        id: "deleteHoldout", tag: "Layers and holdouts", summary: "Throw away a holdout under which nothing ever was",
        parameters: [name("global")],
        answers: [(204, Answer(description: "It is gone; the audit log keeps what it was.", content: .none))],
        problems: [(404, "There is no holdout of this name."), inUse, badName]
    )
}
