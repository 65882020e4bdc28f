import Console
import Enrollment
import Foundation
import HTTPServer
import HTTPServerTesting
import Notifications
import SQLite
import StandIns
import Synchronization
import Testing

@Suite struct SpendingAPITests {
    @Test func `a total is answered in the agreed shape, exact to the cent`() async throws {
        try await SpendingFixture.both { shop async throws in
            #expect(try await shop.get("/total_spent/1").text == #"{"user_id":1,"total_spending":3500.75}"#)
            #expect(try await shop.get("/total_spent/1?year=2022").text == #"{"user_id":1,"year":2022,"total_spending":1500.5}"#)
            #expect(try await shop.get("/total_spent/3").text == #"{"user_id":3,"total_spending":0}"#, "known, but spent nothing")
            #expect(try await shop.get("/total_spent/1?year=1999").text == #"{"user_id":1,"year":1999,"total_spending":0}"#)
            let response = try await shop.get("/total_spent/4")
            #expect(response.status == 200 && response.headers["Content-Type"] == "application/json")
        }
    }

    @Test func `an unknown customer is 404, and what is no whole number is 400`() async throws {
        try await SpendingFixture.both { shop async throws in
            for id in ["99", "-1", "0", "99999999999999999999999"] { _ = try await shop.get("/total_spent/\(id)").problem(404) }
            for id in ["abc", "1.5", "1e3", "+1", "0x1", "%20", "-", "1%20"] { _ = try await shop.get("/total_spent/\(id)").problem(400) }
            for query in ["?year=x", "?year=1&year=2", "?year="] { _ = try await shop.get("/total_spent/1\(query)").problem(400) }
        }
    }

    @Test func `a misspelt parameter is refused on every route, with the one that was meant`() async throws {
        try await SpendingFixture.both(isPublic: true) { shop async throws in
            for (path, hint) in [
                ("/total_spent/1?yaer=2022", "There is no query parameter 'yaer'. Did you mean 'year'?"),
                ("/average_spending_by_age?Year=2022", "There is no query parameter 'Year'. Did you mean 'year'?"),
                ("/average_spending_by_age?year=2022&user=1", "There is no query parameter 'user'. There are: year, user_id, notify."),
                ("/api/v1/bonuses?limits=1", "There is no query parameter 'limits'. Did you mean 'limit'?"),
            ] { #expect(try await shop.get(path).problem(400) == hint) }
            #expect(try await shop.run("?yeer=2022").problem(400) == "There is no query parameter 'yeer'. Did you mean 'year'?")
            let write = try await shop.client.post("/write_to_mongodb?year=2022", as: .editor, of: shop.fixture, "{}").problem(400)
            #expect(write == "There is no query parameter 'year'. This route has none.")
            // Strangers are told nothing, and names are not repeated at length.
            _ = try await shop.get("/total_spent/1?yaer=2022", as: nil).problem(401)
            let long = try await shop.get("/total_spent/1?" + String(repeating: "é", count: 500) + "=1").problem(400)
            #expect(long.count < 120, "\(long)")
        }
    }

    @Test func `totals and, unless they are public, averages want a token`() async throws {
        try await SpendingFixture.both { shop async throws in
            for path in ["/total_spent/1", "/average_spending_by_age", "/api/v1/bonuses"] {
                _ = try await shop.get(path, as: nil).problem(401)
                #expect(try await shop.get(path, as: .viewer).status == 200, "\(path)")
            }
            _ = try await shop.client.post("/write_to_mongodb", json: "{}").problem(401)
            _ = try await shop.write("{}", as: .viewer).problem(403)
            _ = try await shop.client.post("/api/v1/bonuses/run", as: .viewer, of: shop.fixture).problem(403)
        }
    }

    @Test func `public averages need no token, but customers and messages do`() async throws {
        try await SpendingFixture.both(isPublic: true) { shop async throws in
            #expect(try await shop.get("/average_spending_by_age", as: nil).status == 200)
            _ = try await shop.get("/average_spending_by_age?user_id=1", as: nil).problem(401)
            _ = try await shop.get("/average_spending_by_age?notify=1", as: nil).problem(401)
            _ = try await shop.get("/average_spending_by_age?notify=1", as: .viewer).problem(403)
            _ = try await shop.get("/total_spent/1", as: nil).problem(401)
        }
    }

    @Test func `averages have three names that nobody mistakes, and say who is in no band`() async throws {
        try await SpendingFixture.both { shop async throws in
            let answer = try await shop.get("/average_spending_by_age").object()
            #expect(answer["headline"] as? String == "averagePerSpender" && answer["year"] is NSNull)
            let bands = try #require(answer["bands"] as? [[String: Any]])
            #expect(bands.compactMap { $0["band"] as? String } == ["18-24", "25-30", "31-36", "37-47", ">47"])
            let young = bands[0]
            #expect((young["customers"] as? Int, young["spenders"] as? Int, young["payments"] as? Int) == (2, 2, 3))
            #expect(young["total"] as? Double == 3600.75 && young["averagePerSpender"] as? Double == 1800.375)
            #expect(young["averagePerRegisteredCustomer"] as? Double == 1800.375 && young["averagePerPayment"] as? Double == 1200.25)
            #expect(bands[1]["spenders"] as? Int == 0 && bands[1]["averagePerSpender"] is NSNull)
            #expect(bands[1]["averagePerRegisteredCustomer"] as? Double == 0 && bands[2]["averagePerRegisteredCustomer"] is NSNull)
            let apart = try #require(answer["notInBands"] as? [String: [String: Any]])
            #expect(apart["under18"]?["customers"] as? Int == 1 && apart["under18"]?["total"] as? Double == 7)
            #expect(apart["withoutAge"]?["customers"] as? Int == 1)
            let of2022 = try await shop.get("/average_spending_by_age?year=2022").object()
            #expect(of2022["year"] as? Int == 2022 && (of2022["bands"] as? [[String: Any]])?[0]["spenders"] as? Int == 1)
        }
    }

    @Test func `a customer's band and total can be added`() async throws {
        try await SpendingFixture.both { shop async throws in
            let answer = try await shop.get("/average_spending_by_age?user_id=4").object()
            let customer = try #require(answer["customer"] as? [String: Any])
            #expect(customer["user_id"] as? Int == 4 && customer["band"] as? String == ">47")
            #expect(customer["total_spending"] as? Double == 5000)
            let young = try await shop.get("/average_spending_by_age?user_id=6").object()
            #expect((young["customer"] as? [String: Any])?["band"] as? String == "under 18")
            _ = try await shop.get("/average_spending_by_age?user_id=99").problem(404)
            for query in ["user_id=x", "year=x", "notify=2"] { _ = try await shop.get("/average_spending_by_age?\(query)").problem(400) }
        }
    }

    @Test func `what the shop writes is in the next answer`() async throws {
        try await SpendingFixture.both { shop async throws in
            for number in 1...20 {
                try shop.shop.add(payment: .real(0.01), by: 3)
                #expect(try await shop.get("/total_spent/3").text == "{\"user_id\":3,\"total_spending\":\(Double(number) / 100)}")
            }
        }
    }

    @Test func `records that cannot be read are 503 until they can`() async throws {
        try await SpendingFixture.both { shop async throws in
            try shop.shop.database.execute("ALTER TABLE user_spending RENAME TO other")
            for path in ["/total_spent/1", "/average_spending_by_age", "/api/v1/bonuses"] {
                let response = try await shop.get(path)
                #expect(response.headers["Retry-After"] != nil)
                _ = try response.problem(503)
            }
            _ = try await shop.write(#"{"user_id":1,"total_spending":2000}"#).problem(503)
            try shop.shop.database.execute("ALTER TABLE other RENAME TO user_spending")
            #expect(try await shop.get("/total_spent/1").status == 200)
        }
    }

    @Test func `management is told of averages once for each change, or when it is asked for, and of nobody's name`() async throws {
        let recorder = Recorder()
        try await SpendingFixture.both(senders: [recorder]) { shop async throws in
            recorder.sent.withLock { $0 = [] }
            for _ in 0..<5 { #expect(try await shop.get("/average_spending_by_age").status == 200) }
            try await wait(recorder, ["average-spending#1"])
            try shop.shop.add(payment: .real(1), by: 3)
            for _ in 0..<5 { _ = try await shop.get("/average_spending_by_age") }
            try await wait(recorder, ["average-spending#1", "average-spending#2"])
            let asked = try await shop.get("/average_spending_by_age?notify=1", as: .editor).object()
            #expect(asked["notification"] as? String == "will be sent")
            try await wait(recorder, ["average-spending#1", "average-spending#2", "average-spending#3"])
            _ = try await shop.get("/average_spending_by_age?year=1234")
            _ = try await shop.get("/average_spending_by_age?year=2022")
            try await wait(recorder, ["average-spending#1", "average-spending#2", "average-spending#3", "average-spending/2022#1"])
            for (_, notice) in recorder.sent.withLock({ $0 }) {
                #expect(!"\(notice)".contains("Secret") && !"\(notice)".contains("secret"))
                #expect(notice.table?.rows.count == 5 && notice.chart?.contains("vega-lite") == true)
                // The highest bar leaves room for its figure.
                let chart = try #require(try JSONSerialization.jsonObject(with: Data((notice.chart ?? "").utf8)) as? [String: Any])
                let values = (chart["data"] as? [String: [[String: Any]]])?["values"]?.compactMap { $0["average"] as? Double } ?? []
                let y = (chart["encoding"] as? [String: [String: Any]])?["y"]
                let top = try #require((y?["scale"] as? [String: Double])?["domainMax"])
                #expect(top >= 1.1 * (values.max() ?? .infinity))
            }
        }
    }

    private func wait(_ recorder: Recorder, _ events: [String]) async throws {
        for _ in 0..<1000 where recorder.events != events { try await Task.sleep(for: .milliseconds(5)) }
        #expect(recorder.events == events)
    }

    @Test func `asking for a message says so when there is nobody to tell`() async throws {
        try await SpendingFixture.both { shop async throws in
            let answer = try await shop.get("/average_spending_by_age?notify=1", as: .editor).object()
            #expect(answer["notification"] as? String == "no Telegram chat and no webhook is configured")
        }
    }
}
