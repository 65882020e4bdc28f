import HTTPServer
import Text

extension Operation {
    static let health = Operation(
        id: "health", tag: "Server", summary: "Whether the process is alive",
        answers: [(200, Answer(description: "It is.", content: .schema("Health")))]
    )

    static let readiness = Operation(
        id: "readiness", tag: "Server", summary: "Whether new devices can be taken in",
        description: "While it is not ready, known devices are still answered.",
        answers: [(200, Answer(description: "It is ready.", content: .schema("Health")))]
    )

    static let metrics = Operation(
        id: "metrics", tag: "Server", summary: "Measurements for Prometheus",
        answers: [(200, Answer(description: "Prometheus text format.", content: .text("text/plain")))]
    )

    static let document = Operation(
        id: "document", tag: "Server", summary: "This document",
        answers: [(200, Answer(description: "OpenAPI 3.1.", content: .text("application/json")))]
    )

    /// A page for people, or a part of one.
    static let planPage = Operation(
        id: "planPage", tag: "Pages", summary: "How large an experiment must be, and how long it takes",
        parameters: [
            ("metric", "conversion, or mean.", "conversion"), ("baseline", "The share that converts today, or the mean.", "5 %"),
            ("sd", "The standard deviation, for a mean.", "40"),
            ("lift", "The lift to find: a share of the baseline, or a number.", "10 %"),
            ("power", "The chance to find it.", "80 %"), ("confidence", "The confidence of each comparison.", "95 %"),
            ("arms", "Variants, the control among them.", "2"),
            ("pairs", "What is compared: with-control, or all-pairs.", "with-control"), ("traffic", "New units a day.", "4000"),
        ].map { name, text, example in
            Parameter(
                name: name, place: .query, isRequired: false, description: text, schema: ["type": "string"], example: .string(example))
        },
        answers: [
            (200, Answer(description: "The page, with the answer.", content: .text("text/html"))),
            (422, Answer(description: "The page, with what cannot be answered and why.", content: .text("text/html"))),
        ],
        problems: [(400, "A field is given twice, or is not UTF-8.")])

    static func page(
        _ id: String, _ summary: String, type: String = "text/html", parameters: [Parameter] = [], problems: [(status: Int, String)] = []
    ) -> Operation {
        Operation(
            id: id, tag: "Pages", summary: summary, parameters: parameters,
            answers: [(200, Answer(description: "The page.", content: .text(type)))],
            problems: problems + (parameters.allSatisfy { $0.place != .path } ? [] : [(404, "There is no such page.")])
        )
    }
}
