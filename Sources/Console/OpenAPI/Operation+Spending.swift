import HTTPServer
import Text

extension Operation {
    private static let year = Parameter(
        name: "year", place: .query, isRequired: false, description: "Only this year; otherwise all years.", schema: ["type": "integer"],
        example: 2023)
    private static let latestYear = Parameter(
        name: "year", place: .query, isRequired: false, description: "The year; otherwise the latest in the records.",
        schema: ["type": "integer"], example: 2023)
    private static let unknown = (status: 404, "There is no customer of this id.")
    private static let badQuery = (status: 400, "A parameter is not what it should be; the detail says which.")
    private static let unreadable = (status: 503, "The shop's records cannot be read now.")
    private static let notAcknowledged = (
        status: 503, "The store did not acknowledge: `queued` says whether it waits in the outbox and will be delivered."
    )

    static let totalSpent = Operation(
        id: "totalSpent", tag: "Spending", summary: "What a customer has spent",
        description: "Exact to the cent. A customer without payments has spent 0. With `year`, the answer names it.",
        parameters: [
            Parameter(
                name: "user_id", place: .path, description: "The customer's id.", schema: ["type": "integer", "format": "int64"],
                example: 791),
            year,
        ],
        answers: [(200, Answer(description: "The total.", content: .schema("TotalSpent")))], problems: [badQuery, unknown, unreadable]
    )

    static let averageSpending = average(isPublic: false)
    static let publicAverageSpending = average(isPublic: true)

    private static func average(isPublic: Bool) -> Operation {
        let access: [(status: Int, String)] =
            isPublic
            ? [(401, "No valid access token, which `user_id` and `notify` want."), (403, "The access token's role is not enough.")] : []
        return Operation(
            id: "averageSpendingByAge", tag: "Spending", summary: "What customers spend on average, by age",
            description: "The headline is per customer who spent anything. Customers under 18 or without age are counted apart. What has "
                + "changed since the last time is sent to the configured chats and webhooks, once; `notify=1`, which wants the role "
                + "editor, sends it in any case. The answer does not wait for that.",
            parameters: [
                year,
                Parameter(
                    name: "user_id", place: .query, isRequired: false, description: "Adds this customer's band and total.",
                    schema: ["type": "integer", "format": "int64"], example: 791),
                Parameter(
                    name: "notify", place: .query, isRequired: false, description: "1 to send the averages now.",
                    schema: ["enum": ["0", "1"]],
                    example: "0"),
            ],
            answers: [(200, Answer(description: "The averages.", content: .schema("AverageSpending")))],
            problems: [badQuery, (404, "There is no customer of the id `user_id`."), unreadable] + access
        )
    }

    static let writeBonus = Operation(
        id: "writeBonus", tag: "Spending", summary: "Record a customer's bonus",
        description: "There is one bonus for a customer and a year. `records` says what the shop's own records hold.",
        body: ("NewBonus", true, ["user_id": 1, "total_spending": 2000]),
        answers: [
            (200, Answer(description: "It was recorded before with the same sum.", content: .schema("RecordedBonus"))),
            (
                201,
                Answer(description: "The store has acknowledged it; by the majority, if it is MongoDB.", content: .schema("RecordedBonus"))
            ),
        ],
        problems: [
            (400, "The body is not the JSON that was expected; the detail says where."), unknown,
            (409, "With `--strict-bonuses`: the records hold another sum."),
            (422, "The sum is not over the limit or not in whole cents, or the year is none."), notAcknowledged, unreadable,
        ]
    )

    static let runBonuses = Operation(
        id: "runBonuses", tag: "Spending", summary: "Record the bonuses of all who spent more than a limit in a year",
        description: "It may be run again: what is recorded already does not change.",
        parameters: [
            latestYear,
            Parameter(
                name: "over", place: .query, isRequired: false, description: "The limit; otherwise the configured one, which is the least.",
                schema: ["type": "number"], example: 2000),
        ],
        answers: [(200, Answer(description: "How many bonuses there are.", content: .schema("BonusRun")))],
        problems: [badQuery, (422, "The limit is below the configured one, or the year is none."), notAcknowledged, unreadable]
    )

    static let listBonuses = Operation(
        id: "listBonuses", tag: "Spending", summary: "The bonuses of a year, by customer",
        parameters: [
            latestYear,
            Parameter(
                name: "after", place: .query, isRequired: false, description: "Begin after this customer: the way to the next page.",
                schema: ["type": "integer", "format": "int64"], example: 0),
            Parameter(
                name: "limit", place: .query, isRequired: false, description: "The most to list.",
                schema: ["type": "integer", "minimum": 1, "maximum": 10000], example: 1000),
        ],
        answers: [(200, Answer(description: "Bonuses, those that wait for the store included.", content: .schema("BonusList")))],
        problems: [badQuery, (422, "The year is none."), (503, "The store or the records cannot be read now.")]
    )

    static let spendingForm = Operation(
        id: "spendingForm", tag: "Pages", summary: "What the form of the spending page sends",
        description: "`application/x-www-form-urlencoded` with the fields `form_token`, `user_id` and `year`.",
        answers: [(200, Answer(description: "The page with the customer.", content: .text("text/html")))],
        problems: [
            (400, "A field is not what it should be."),
            (413, "The body is larger than the server accepts."), (415, "The body is not a form."),
        ]
    )
}
