import HTTPServer
import Text

extension Operation {
    static let signInPage = Operation(
        id: "signInPage", tag: "Pages", summary: "Where people sign in",
        parameters: [
            Parameter(
                name: "next", place: .query, isRequired: false, description: "The page to go to then: a path of this server.",
                schema: ["type": "string"], example: "/experiments")
        ],
        answers: [(200, Answer(description: "The page.", content: .text("text/html")))],
        problems: [(400, "A parameter is given twice, or is not UTF-8.")])

    static let signIn = Operation(
        id: "signIn", tag: "Pages", summary: "What the form of the sign-in page sends",
        description: "`application/x-www-form-urlencoded` with the fields `token`, an access token, and `next`. "
            + "The answer sets a cookie, signed, for 12 hours, that scripts cannot read; it ends at once when the token is revoked.",
        answers: [(303, Answer(description: "To the page that was wanted.", content: .none))],
        problems: [
            (400, "There is no token."), (401, "The access token is not valid."), (403, "The form was sent by another site's page."),
            (415, "The body is not a form."),
            (429, "There were too many attempts with wrong tokens; `Retry-After` says when to try again."),
        ])

    static let signOut = Operation(
        id: "signOut", tag: "Pages", summary: "End the session in this browser",
        answers: [(303, Answer(description: "To the sign-in page; the cookie is gone.", content: .none))],
        problems: [(415, "The body is not a form.")])
}
