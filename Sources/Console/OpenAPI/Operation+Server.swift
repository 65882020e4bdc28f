import HTTPServer

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
    static func page(_ id: String, _ summary: String, type: String = "text/html", parameters: [Parameter] = []) -> Operation {
        Operation(
            id: id, tag: "Pages", summary: summary, parameters: parameters,
            answers: [(200, Answer(description: "The page.", content: .text(type)))],
            problems: parameters.isEmpty ? [] : [(404, "There is no such page.")]
        )
    }
}
