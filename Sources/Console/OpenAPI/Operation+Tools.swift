import HTTPServer
import Text

extension Operation {
    private static let html = Answer(description: "The page.", content: .text("text/html"))
    private static let upload = Parameter(
        name: "id", place: .path, description: "The id of a file that was sent.", schema: ["type": "string"],
        example: "5f0c2e8a1b3d4c6e5f0c2e8a1b3d4c6e")

    static let comparePage = page("comparePage", "The page on which a file is sent to have its groups compared")

    static let compareUpload = Operation(
        id: "compareUpload", tag: "Pages", summary: "What the form of the comparison page sends",
        description: "`multipart/form-data` with `form_token` and the CSV file `file`, of 32 MB at most. It is kept in memory, for its "
            + "sender alone, and forgotten 30 minutes after its last use.",
        answers: [(303, Answer(description: "To the page of the file.", content: .none))],
        problems: [
            (400, "The form is malformed, or no file was chosen."), (413, "The file is too large."),
            (415, "The body is not `multipart/form-data`."), (422, "The file is no table; the page says where it goes wrong."),
        ])

    static let compareFile = Operation(
        id: "compareFile", tag: "Pages", summary: "A file that was sent, and the comparison of its groups",
        description: "With the fields of its form in the query: "
            + CompareQuestion.fields.map { "`\($0)`" }.joined(separator: ", ") + ".",
        parameters: [upload], answers: [(200, html)],
        problems: [
            (400, "A field is given twice, or is not UTF-8."), (404, "There is no such file, or it was forgotten."),
            (422, "There is no answer; the page says why."),
        ])

    static let compareForget = Operation(
        id: "compareForget", tag: "Pages", summary: "Forget a file that was sent", parameters: [upload],
        answers: [(303, Answer(description: "To the page for another; also where there was no such file.", content: .none))],
        problems: [(400, "The form is malformed."), (415, "The body is not a form.")])

    private static let ofExperiment = Parameter(
        name: "key", place: .path, description: "The experiment's key.", schema: ["type": "string"], example: "price")

    static let resultsPage = page("resultsPage", "The results of an experiment, to look at", parameters: [ofExperiment])

    static let resultsLive = page(
        "resultsLive", "The live part of the results' page", type: "text/event-stream", parameters: [ofExperiment, LivePart.shown])

    static func resultsDownload(_ form: ResultsDownload) -> Operation {
        Operation(
            id: form.operation, tag: "Pages", summary: "The results of an experiment as a file: \(form.summary)",
            parameters: [ofExperiment],
            answers: [(200, Answer(description: "The file.", content: .text(form.type)))],
            problems: [
                (404, "There is no experiment of this key, it has no plan, or there are no results yet."),
                (422, "The key breaks its rule."),
            ])
    }

    static let effectCheckPage = page("effectCheckPage", "The page of the effect check")

    static let effectCheckForm = Operation(
        id: "effectCheckForm", tag: "Pages", summary: "What the form of the effect check sends",
        description: "`multipart/form-data` with `form_token`, and for each of `group_a_one`, `group_a_two` and `group_b` its ids, or a "
            + "file of them in the field with `_file` at its end.",
        answers: [(200, html)],
        problems: [
            (400, "The form is malformed."), (413, "The form is too large."), (415, "The body is not `multipart/form-data`."),
            (422, "A group cannot be read; the page says where."), (503, "No shop is loaded."),
        ])
}
