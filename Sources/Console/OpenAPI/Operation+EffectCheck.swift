import HTTPServer
import Text

extension Operation {
    private static let example: JSONValue = [
        "test": ["group_a_one": [4_137_940, 3_692_244], "group_a_two": [2_481_878], "group_b": [5_939_953]]
    ]
    private static let malformed = (status: 400, "The body is no test, or a group is empty; the detail says where.")

    static let ping = Operation(
        id: "ping", tag: "Effect check", summary: "Whether the shop's sales are loaded",
        description: "While they are being loaded it answers 503 with `{\"status\":\"loading\",\"progress\":0.42}`, as `application/json`.",
        answers: [(200, Answer(description: "Everything is loaded.", content: .schema("Health")))]
    )

    static let checkTest = Operation(
        id: "checkTest", tag: "Effect check", summary: "Whether a pilot raised revenue per person",
        description: "The header `Effect-Check-Reason` says why. Customers in both A and B make it 0, and so does a group B of one "
            + "customer.",
        body: ("EffectTest", true, example),
        answers: [(200, Answer(description: "1 if there is a positive effect.", content: .schema("HasEffect")))], problems: [malformed]
    )

    static let effectCheck = Operation(
        id: "effectCheck", tag: "Effect check", summary: "A pilot's effect, with the evidence",
        body: ("EffectTest", true, example),
        answers: [(200, Answer(description: "The decision and what it rests on.", content: .schema("EffectFinding")))],
        problems: [malformed, (422, "Customers are in both A and B.")]
    )
}
