import Console
import Enrollment
import HTTPServer
import HTTPServerTesting
import Testing

// A person with a browser that keeps cookies: what they see, and what they send with a page's forms.
struct Visitor: Sendable {
    let client: any TestClient
    var cookie: String?

    private static let browser = [("Accept", "text/html"), ("Sec-Fetch-Site", "same-origin")]

    // Signs in on the page.
    static func signedIn(_ role: AccessRole, _ fixture: Fixture, _ client: any TestClient) async throws -> Visitor {
        try await signedIn(fixture.tokens[role]?.secret ?? "", client)
    }

    static func signedIn(_ token: String, _ client: any TestClient) async throws -> Visitor {
        let response = try await client.post("/sign-in", form: "token=\(token)", headers: browser)
        try #require(response.status == 303, "\(response.text)")
        return Visitor(client: client, cookie: cookie(of: response))
    }

    // The name and value of the cookie that an answer sets.
    static func cookie(of response: TestResponse) -> String? {
        response.headers["Set-Cookie"].flatMap { $0.split(separator: ";").first }.map(String.init)
    }

    var headers: [(String, String)] { Visitor.browser + (cookie.map { [("Cookie", $0)] } ?? []) }

    func get(_ path: String) async throws -> TestResponse { try await client.get(path, headers: headers) }

    // Sends a form with the token of the page at the path, or of another.
    func post(_ path: String, _ form: String = "", formToken: String? = nil) async throws -> TestResponse {
        let token: String
        if let formToken { token = formToken } else { token = try await self.formToken() }
        return try await client.post(path, form: "form_token=\(token)" + (form.isEmpty ? "" : "&" + form), headers: headers)
    }

    // What every form of the session holds: the button to sign out is on each page.
    func formToken() async throws -> String {
        let page = try await get("/plan").text
        return try #require(page.firstMatch(of: /name="form_token" value="([^"]+)"/).map { String($0.1) })
    }
}
