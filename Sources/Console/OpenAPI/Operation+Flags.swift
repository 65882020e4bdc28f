import HTTPServer
import Text

extension Operation {
    private static let flagKey = Parameter(
        name: "key", place: .path, description: "The experiment's key.", schema: ["type": "string"], example: "price")
    private static let evaluationContext: (schema: String, isRequired: Bool, example: JSONValue) = (
        "FlagContext", true, ["context": ["targetingKey": "3f1c9a52-device"]]
    )
    private static let badContext =
        "The body is not JSON, or is said to be something else, or `context.targetingKey` is missing or no device token; `errorCode` says which."

    static let evaluateFlag = Operation(
        id: "evaluateFlag", tag: "Other clients", summary: "One experiment as a flag (OpenFeature)",
        description:
            "OpenFeature Remote Evaluation Protocol. The targeting key is the device token; a new device is enrolled. The reason is SPLIT for a "
            + "value that was dealt, STATIC for a winner, DISABLED where the device has no value: then the client takes its own default.",
        parameters: [flagKey], body: evaluationContext,
        answers: [(200, Answer(description: "The flag.", content: .schema("Flag")))],
        problems: [(400, badContext), (404, "There is no such experiment, or it is a draft.")], failure: "FlagFailure"
    )

    static let evaluateFlags = Operation(
        id: "evaluateFlags", tag: "Other clients", summary: "All experiments of a device as flags (OpenFeature)",
        description: "With `If-None-Match` and the tag of the last answer, 304 when nothing has changed.",
        parameters: [
            Parameter(
                name: "If-None-Match", place: .header, isRequired: false, description: "The `ETag` of an answer that the client has.",
                schema: ["type": "string"], example: "\"9f86d081884c7d65\"")
        ],
        body: evaluationContext,
        answers: [
            (200, Answer(description: "The flags for which the device has a value.", content: .schema("Flags"))),
            (304, Answer(description: "Nothing has changed.", content: .none)),
        ],
        problems: [(400, badContext)], failure: "FlagFailure"
    )

    static let flagPreflight = Operation(
        id: "evaluateFlagPreflight", tag: "Other clients", summary: "What a browser asks before it asks for another origin's page",
        parameters: [flagKey],
        answers: [(204, Answer(description: "The headers say whether the origin may ask.", content: .none))],
        problems: [(400, "The header Origin is given twice.")]
    )

    static let flagsPreflight = Operation(
        id: "evaluateFlagsPreflight", tag: "Other clients", summary: "What a browser asks before it asks for another origin's page",
        answers: [(204, Answer(description: "The headers say whether the origin may ask.", content: .none))],
        problems: [(400, "The header Origin is given twice.")]
    )

    private static let clientKey = Parameter(
        name: "clientKey", place: .path,
        description: "Any name, such as the application's: the answer does not depend on it, and it opens nothing.",
        schema: ["type": "string"], example: "web")

    static let evaluateFeatures = Operation(
        id: "evaluateFeatures", tag: "Other clients", summary: "All experiments of a device as features (GrowthBook)",
        description:
            "GrowthBook's remote evaluation. The attribute `id`, or the one that the server was told, is the device token; a new device is "
            + "enrolled, unless a tester forces variations of running experiments: then those are all that it is told. Each feature forces the "
            + "device's value and carries what the SDK reports as an exposure.",
        parameters: [clientKey], body: ("FeatureContext", true, ["attributes": ["id": "3f1c9a52-device"]]),
        answers: [(200, Answer(description: "The features for which the device has a value.", content: .schema("Features")))],
        problems: [(400, "The body is not JSON, or the device token is missing or malformed."), (422, "The body has another shape.")]
    )

    static let featuresPreflight = Operation(
        id: "evaluateFeaturesPreflight", tag: "Other clients", summary: "What a browser asks before it asks for another origin's page",
        parameters: [clientKey],
        answers: [(204, Answer(description: "The headers say whether the origin may ask.", content: .none))],
        problems: [(400, "The header Origin is given twice.")]
    )
}
