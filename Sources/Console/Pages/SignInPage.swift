import Enrollment
import HTTPServer

/// The page at `/sign-in`: one field for an access token.
struct SignInPage {
    /// Who is signed in already.
    let session: Session?
    let next: LocalPath?
    /// Why the last attempt was refused.
    var refusal: String?

    var html: HTML {
        let alarm: HTML? = refusal.map { "<p class=\"notice bad\" role=\"alert\" id=\"refusal\">\($0)</p>\n" }
        let already: HTML? = session.map {
            "<p>You are signed in as <b>\($0.name)</b> (\($0.role.rawValue)). With another token you go on as somebody else.</p>\n"
        }
        let describing: HTML = refusal == nil ? "" : " aria-describedby=\"refusal\" aria-invalid=\"true\""
        let content: HTML = """
            <section class="card narrow"><h1>Sign in</h1>
            \(already)\(alarm)\
            <form class="stack" method="post" action="/sign-in">
            <input type="text" name="username" autocomplete="username" value="gosset" hidden>
            <input type="hidden" name="next" value="\(next?.text ?? "")">
            <label for="token">Access token\
            <input type="password" id="token" name="token" autocomplete="current-password" required autofocus\(describing)></label>
            <button class="main">Sign in</button>
            </form>
            <p class="quiet">The administrator's token is shown once, at the server's first start; administrators give out others under \
            “Access”. A session lasts 12 hours.</p></section>
            """
        return Page(title: "Sign in", session: session, content: content).html
    }
}
