import Console
import Enrollment
import Foundation
import HTTPServer
import HTTPServerTesting
import Spending
import StandIns
import Synchronization
import Testing

private final class Years: Sendable {
    private let latest = Atomic(3000)

    func next() -> Int { latest.add(1, ordering: .relaxed).newValue }
}

@Suite struct BonusAPITests {
    @Test func `a bonus is recorded once, and again only when it changes`() async throws {
        try await SpendingFixture.both { shop async throws in
            let first = try await shop.write(#"{"user_id":1,"total_spending":2000.25}"#)
            #expect(first.status == 201)
            let answer = try first.object()
            #expect(answer["message"] as? String == "The bonus of customer 1 for 2023 is recorded.")
            #expect(answer["year"] as? Int == 2023 && answer["store"] as? String == "embedded" && answer["result"] as? String == "created")
            let records = try #require(answer["records"] as? [String: Any])
            #expect(records["total_spending"] as? Double == 2000.25 && records["total_spending_all_years"] as? Double == 3500.75)
            #expect(records["matches"] as? Bool == true)
            #expect(try await shop.write(#"{"user_id":1,"total_spending":2000.25,"year":2023}"#).status == 200)
            let other = try await shop.write(#"{"user_id":1,"total_spending":9000}"#)
            #expect(other.status == 201)
            #expect(try other.object()["result"] as? String == "updated")
            #expect((try other.object()["records"] as? [String: Any])?["matches"] as? Bool == false)
            #expect(try await shop.write(#"{"user_id":1,"total_spending":1500.5,"year":2022}"#).status == 201)
        }
    }

    @Test func `only sums over the limit are accepted, in whole cents, of customers who are known`() async throws {
        try await SpendingFixture.both { shop async throws in
            for sum in ["1000", "999.99", "0", "-5000"] {
                _ = try await shop.write("{\"user_id\":1,\"total_spending\":\(sum)}").problem(422)
            }
            #expect(try await shop.write(#"{"user_id":1,"total_spending":1000.01}"#).status == 201)
            _ = try await shop.write(#"{"user_id":1,"total_spending":2000.005}"#).problem(422)
            for year in ["0", "10000", "-3"] {
                _ = try await shop.write("{\"user_id\":1,\"total_spending\":2000,\"year\":\(year)}").problem(422)
            }
            _ = try await shop.write(#"{"user_id":99,"total_spending":2000}"#).problem(404)
        }
    }

    @Test func `a body that is not as it should be is told apart`() async throws {
        try await SpendingFixture.both { shop async throws in
            for body in [
                "{", "[]", "null", "1", "{}", #"{"user_id":1}"#, #"{"total_spending":2000}"#, #"{"user_id":"1","total_spending":2000}"#,
                #"{"user_id":1.5,"total_spending":2000}"#, #"{"user_id":1,"total_spending":"2000"}"#,
                #"{"user_id":1,"total_spending":2000,"yaer":2023}"#, #"{"user_id":1,"total_spending":1e999}"#,
                #"{"user_id":99999999999999999999,"total_spending":2000}"#, #"{"user_id":null,"total_spending":2000}"#,
            ] {
                _ = try await shop.write(body).problem(400)
            }
            let headers = shop.fixture.headers(.editor)
            let text = TestRequest(
                "POST", "/write_to_mongodb", headers: headers + [("Content-Type", "text/plain")],
                body: Array(#"{"user_id":1,"total_spending":2000}"#.utf8))
            _ = try await shop.client.send(text).problem(415)
            // Only a server counts the bytes that come in.
            guard shop.client is LiveClient else { return }
            let large = try await shop.write("{\"user_id\":1,\"total_spending\":2000" + String(repeating: " ", count: 2 << 20) + "}")
            #expect(large.status == 413)
        }
    }

    @Test func `strictly, a sum that the records do not hold is 409`() async throws {
        try await SpendingFixture.both(isStrict: true) { shop async throws in
            let detail = try await shop.write(#"{"user_id":1,"total_spending":2000}"#).problem(409)
            #expect(detail.contains("2000.25") && detail.contains("2000.00"))
            #expect(try await shop.write(#"{"user_id":1,"total_spending":2000.26}"#).status == 201, "a cent is forgiven")
            _ = try await shop.write(#"{"user_id":1,"total_spending":2000.27}"#).problem(409)
        }
    }

    @Test func `a run records everyone over the limit, and may be repeated`() async throws {
        try await SpendingFixture.both { shop async throws in
            let first = try await shop.run("?year=2023&over=2000")
            #expect(
                first.text
                    == #"{"year":2023,"over":2000,"store":"embedded","customers":2,"created":2,"updated":0,"unchanged":0}"#)
            #expect(try await shop.run("?over=2000").object()["unchanged"] as? Int == 2)
            #expect(try await shop.run("?year=2022").object()["created"] as? Int == 1)
            #expect(try await shop.run("?year=1990").object()["customers"] as? Int == 0)
            _ = try await shop.run("?over=999.99").problem(422)
            for query in ["?over=x", "?over=2000.001", "?year=x", "?over=nan", "?over=inf"] { _ = try await shop.run(query).problem(400) }
            _ = try await shop.run("?year=0").problem(422)
        }
    }

    @Test func `bonuses are listed by customer, page by page`() async throws {
        try await SpendingFixture.both { shop async throws in
            _ = try await shop.run()
            let list = try await shop.get("/api/v1/bonuses").object()
            #expect(list["year"] as? Int == 2023 && list["store"] as? String == "embedded" && list["waiting"] as? Int == 0)
            let bonuses = try #require(list["bonuses"] as? [[String: Any]])
            #expect(bonuses.compactMap { $0["user_id"] as? Int } == [1, 4])
            #expect(bonuses.compactMap { $0["state"] as? String } == ["delivered", "delivered"] && list["next"] is NSNull)
            let page = try await shop.get("/api/v1/bonuses?limit=1").object()
            #expect(page["next"] as? Int == 1)
            let second = try await shop.get("/api/v1/bonuses?limit=1&after=1").object()
            #expect((second["bonuses"] as? [[String: Any]])?.first?["user_id"] as? Int == 4)
            for query in ["limit=0", "limit=10001", "limit=x", "after=x", "year=x"] {
                _ = try await shop.get("/api/v1/bonuses?\(query)").problem(400)
            }
            _ = try await shop.get("/api/v1/bonuses?year=0").problem(422)
        }
    }

    @Test func `when MongoDB does not answer it is 503, and what was accepted is delivered when it returns`() async throws {
        do {
            let server = try MongoStandIn()
            let store = try MongoBonusStore(uri: server.uri("serverSelectionTimeoutMS=3000&socketTimeoutMS=1500"))
            // Each way has a year of its own.
            let years = Years()
            try await SpendingFixture.both(store: store) { shop async throws in
                try server.tell("serve")
                let year = years.next()
                func write(_ id: Int) async throws -> TestResponse {
                    try await shop.write("{\"user_id\":\(id),\"total_spending\":2000,\"year\":\(year)}")
                }
                #expect(try await write(1).status == 201)
                #expect(try await write(1).object()["store"] as? String == "mongodb")
                try server.tell("die after")
                let away = try await write(2)
                let problem = try away.object()
                #expect(
                    away.headers["Retry-After"] != nil && problem["queued"] as? Bool == true && problem["store"] as? String == "mongodb")
                #expect(problem["reason"] as? String != nil)
                _ = try away.problem(503)
                try server.tell("hang")
                _ = try await shop.run("?year=2023").problem(503)
                try server.tell("serve")
                for _ in 0..<2000 where shop.service.bonuses.waitingCount > 0 { try await Task.sleep(for: .milliseconds(5)) }
                let list = try await shop.get("/api/v1/bonuses?year=\(year)").object()
                #expect((list["bonuses"] as? [[String: Any]])?.compactMap { $0["user_id"] as? Int } == [1, 2])
                #expect(list["waiting"] as? Int == 0)
                #expect(try await shop.run("?year=2023").object()["unchanged"] as? Int == 2)
            }
            server.stop()
            try await SpendingFixture.both(store: store) { shop async throws in
                _ = try await shop.get("/api/v1/bonuses").problem(503)
                _ = try await shop.write(#"{"user_id":1,"total_spending":2000}"#).problem(503)
                // Who waits is told also while the store is away.
                let page = try await Visitor.signedIn(.viewer, shop.fixture, shop.client).get("/spending").text
                #expect(page.contains("does not answer") && page.contains("1 waiting, of all years"))
                #expect(page.contains("<td class=\"value\">1</td><td class=\"n devices\">2,000.00</td>"))
            }
        }
    }

    @Test func `the API document describes every route about spending`() async throws {
        try await SpendingFixture.both { shop async throws in
            let document = try await shop.client.get("/openapi.json").object()
            let paths = try #require(document["paths"] as? [String: [String: [String: Any]]])
            let expected: [(String, String, [String])] = [
                ("/total_spent/{user_id}", "get", ["200", "400", "401", "403", "404", "503"]),
                ("/average_spending_by_age", "get", ["200", "400", "401", "403", "404", "503"]),
                ("/write_to_mongodb", "post", ["200", "201", "400", "401", "403", "404", "409", "413", "415", "422", "503"]),
                ("/api/v1/bonuses/run", "post", ["200", "400", "401", "403", "422", "503"]),
                ("/api/v1/bonuses", "get", ["200", "400", "401", "403", "422", "503"]),
            ]
            for (path, method, statuses) in expected {
                let responses = try #require(paths[path]?[method]?["responses"] as? [String: Any])
                #expect(Set(responses.keys).isSuperset(of: statuses), "\(path)")
            }
            let text = try await shop.client.get("/openapi.json").text
            let schemas = try #require((document["components"] as? [String: Any])?["schemas"] as? [String: Any])
            let references = Set(text.matches(of: /"\$ref":"#\/components\/schemas\/([A-Za-z]+)"/).map { String($0.1) })
            #expect(references == Set(schemas.keys))
        }
    }
}
