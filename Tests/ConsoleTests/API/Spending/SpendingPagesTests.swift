import Enrollment
import HTTPServer
import HTTPServerTesting
import StandIns
import Testing

@Suite struct SpendingPagesTests {
    private func post(_ shop: SpendingFixture, _ form: String, as role: AccessRole? = .viewer) async throws -> TestResponse {
        let token = role.flatMap { shop.fixture.tokens[$0]?.secret } ?? "nobody's"
        return try await shop.client.post("/spending", form: "token=\(token)&\(form)")
    }

    @Test func `without a token the page shows averages only if they are public, and never a customer`() async throws {
        for isPublic in [false, true] {
            try await SpendingFixture.both(isPublic: isPublic) { shop async throws in
                let page = try await shop.client.get("/spending")
                #expect(page.status == 200 && page.headers["Content-Security-Policy"] != nil)
                #expect(page.text.contains("id=\"bands\"") == isPublic)
                #expect(!page.text.contains("id=\"bonuses\"") && !page.text.contains("id=\"customer\""))
            }
        }
    }

    @Test func `with a token it shows averages, the customer and the bonuses with their state`() async throws {
        try await SpendingFixture.both { shop async throws in
            _ = try await shop.run()
            let page = try await post(shop, "user_id=1&year=")
            #expect(page.status == 200 && page.headers["Cache-Control"] == "no-store")
            #expect(page.text.contains("<h2>Customer 1</h2>") && page.text.contains("3,500.75"))
            #expect(page.text.contains("1,800.38") && page.text.contains("1 under 18, counted apart"))
            #expect(page.text.contains("<td class=\"value\">4</td><td class=\"n devices\">5,000.00</td>"))
            #expect(page.text.contains("delivered"))
            #expect(!page.text.contains(shop.fixture.tokens[.viewer]?.secret ?? "?"), "the token does not come back")
            #expect(try await post(shop, "user_id=1&year=2022").text.contains("1,500.50"))
            #expect(try await post(shop, "user_id=99&year=").text.contains("There is no customer of the id 99."))
        }
    }

    @Test func `what is not as it should be is refused, and nothing is taken for HTML`() async throws {
        try await SpendingFixture.both { shop async throws in
            _ = try await post(shop, "user_id=1", as: nil).problem(401)
            _ = try await shop.client.post("/spending", form: "user_id=1").problem(401)
            _ = try await post(shop, "user_id=%3Cb%3E").problem(400)
            _ = try await post(shop, "year=x").problem(400)
            _ = try await shop.client.post("/spending", json: "{}").problem(415)
        }
    }
}
