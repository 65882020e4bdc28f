import Enrollment
import HTTPServer
import HTTPServerTesting
import StandIns
import Testing

@Suite struct SpendingPagesTests {
    private func post(_ shop: SpendingFixture, _ form: String) async throws -> TestResponse {
        try await Visitor.signedIn(.viewer, shop.fixture, shop.client).post("/spending", form)
    }

    @Test func `to who is not signed in the page shows averages only if they are public, and never a customer`() async throws {
        for isPublic in [false, true] {
            try await SpendingFixture.both(isPublic: isPublic) { shop async throws in
                let page = try await shop.client.get("/spending")
                #expect(page.status == 200 && page.headers["Content-Security-Policy"] != nil)
                #expect(page.text.contains("id=\"bands\"") == isPublic)
                #expect(page.text.contains("<a href=\"/sign-in?next=%2Fspending\">signed in</a>"))
                #expect(!page.text.contains("id=\"bonuses\"") && !page.text.contains("id=\"customer\""))
            }
        }
    }

    @Test func `to who is signed in it shows averages, the customer and the bonuses with their state`() async throws {
        try await SpendingFixture.both { shop async throws in
            _ = try await shop.run()
            let page = try await post(shop, "user_id=1&year=")
            #expect(page.status == 200 && page.headers["Cache-Control"] == "no-store")
            #expect(page.text.contains("<h2>Customer 1</h2>") && page.text.contains("3,500.75"))
            #expect(page.text.contains("1,800.38") && page.text.contains("1 under 18, counted apart"))
            #expect(page.text.contains("<td class=\"value\">4</td><td class=\"n devices\">5,000.00</td>"))
            #expect(page.text.contains("delivered"))
            let visitor = try await Visitor.signedIn(.viewer, shop.fixture, shop.client)
            let first = try await visitor.get("/spending").text
            #expect(first.contains("id=\"bands\"") && first.contains("id=\"bonuses\"") && !first.contains("id=\"customer\""))
            let year = try await post(shop, "user_id=1&year=2022").text
            #expect(
                year.contains("1,500.50") && year.contains("<span>1 payment in 2022</span>")
                    && page.text.contains("2 payments in all years"))
            #expect(try await post(shop, "user_id=99&year=").text.contains("There is no customer of the id 99."))
        }
    }

    @Test func `what is not as it should be is refused, and nothing is taken for HTML`() async throws {
        try await SpendingFixture.both { shop async throws in
            _ = try await shop.client.post("/spending", form: "user_id=1").problem(401)
            let wrong = try await post(shop, "user_id=%3Ci%3E")
            #expect(wrong.status == 400 && !wrong.text.contains("<i>"))
            // The page is still there, with what was typed.
            #expect(wrong.text.contains("s id is a whole number, such as") && wrong.text.contains("value=\"&lt;i&gt;\""))
            #expect(wrong.text.contains("id=\"bands\"") && wrong.text.contains("aria-describedby=\"mistake\""))
            let year = try await post(shop, "year=x")
            #expect(year.status == 400 && year.text.contains("A year is a whole number, such as 2023"))
        }
    }

    @Test func `An address may name the year, and what is none is told on the page itself`() async throws {
        try await SpendingFixture.both(isPublic: true) { shop async throws in
            let visitors = [Visitor(client: shop.client), try await Visitor.signedIn(.viewer, shop.fixture, shop.client)]
            for visitor in visitors {
                for (query, status, words) in [
                    ("", 200, ">all years</span>"), ("?year=", 200, ">all years</span>"), ("?year=2022", 200, ">2022</span>"),
                    ("?year=abc", 400, "A year is a whole number, such as 2023; there are payments of"),
                    ("?year=20,22", 400, "A year is a whole number"),
                    ("?year=1999", 200, "No payment of 1999 is recorded; there are payments of"),
                ] {
                    let page = try await visitor.get("/spending" + query)
                    #expect(page.status == status && page.text.contains(words), "\(query): \(page.text)")
                    #expect(page.text.contains("id=\"bands\""), "\(query)")
                }
            }
            let wrong = try await visitors[1].get("/spending?year=abc").text
            #expect(wrong.contains("name=\"year\" aria-invalid=\"true\" aria-describedby=\"mistake\" autofocus"))
        }
    }
}
