import Console
import Enrollment
import Experiments
import HTTPServer
import HTTPServerTesting
import Testing

@Suite struct SpreadCardTests {
    @Test func `What operators wrote is escaped`() async throws {
        let now = Timestamp.now()
        var experiment = Experiment(
            key: try ExperimentKey("risky"), summary: "<script>alert(1)</script>",
            allocation: try Allocation([Variant("\"><img src=x onerror=alert(1)>", weight: 1), Variant("#fff\" onload=\"x", weight: 1)]),
            created: now)
        try experiment.start(at: 0, now: now)
        try await Fixture.both(try Catalogue([experiment])) { _, client async throws in
            let page = try await client.get("/").text
            #expect(!page.contains("<script>alert") && !page.contains("<img src=x") && !page.contains("\" onload=\""))
            #expect(page.contains("&lt;script&gt;alert(1)&lt;/script&gt;"))
        }
    }

    @Test func `After a change of weights the spread is held against what was intended of those who came`() async throws {
        try await Fixture.both { fixture, client async throws in
            let root = "/api/v1/admin/experiments"
            let body = #"{"key":"two","variants":[{"value":"a","weight":1},{"value":"b","weight":1}]}"#
            _ = try await client.post(root, as: .editor, of: fixture, body)
            _ = try await client.post("\(root)/two/start", as: .editor, of: fixture)
            func intended() async throws -> [String] {
                let card = try #require(try await client.get("/").text.split(separator: "id=\"experiment-two\"").last)
                return card.matches(of: /<td class="n intended">(.*?)<\/td>/).map { String($0.1) }
            }
            #expect(try await intended() == ["50.0 %", "50.0 %"], "while nobody came, the weights")
            for number in 0..<30 { _ = try await client.device("device-\(number)") }
            #expect(try await intended() == ["50.0 %", "50.0 %"])
            let weights = #"{"variants":[{"value":"a","weight":80},{"value":"b","weight":20}]}"#
            #expect(try await client.put("\(root)/two/variants", as: .editor, of: fixture, weights).status == 200)
            for number in 30..<60 { _ = try await client.device("device-\(number)") }
            #expect(
                try await intended() == [
                    "65.0 % <span class=\"now\">now 80.0 %</span>", "35.0 % <span class=\"now\">now 20.0 %</span>",
                ])
            let card = try #require(try await client.get("/").text.split(separator: "id=\"experiment-two\"").last)
            #expect(card.contains("65.0 % of the devices, 65.0 % intended") && card.contains("35.0 % of the devices, 35.0 % intended"))
        }
    }

    @Test func `A closed variant and a winner are told`() async throws {
        try await Fixture.both { fixture, client async throws in
            for number in 0..<20 { _ = try await client.device("device-\(number)") }
            let root = "/api/v1/admin/experiments/price"
            let variants = #"{"variants":[{"value":"10","weight":1},{"value":"20","weight":1}]}"#
            #expect(try await client.put("\(root)/variants", as: .editor, of: fixture, variants).status == 200)
            let page = try await client.get("/").text
            #expect(page.contains("<td class=\"n intended\">75.0 % <span class=\"now\">now 50.0 %</span></td>"))
            #expect(page.contains("<td class=\"n intended\">5.0 % <span class=\"now\">now closed</span></td>"))
            #expect(try await client.post("\(root)/finish", as: .editor, of: fixture, #"{"winner":"20"}"#).status == 200)
            #expect(try await client.get("/").text.contains("<b>20</b>"))
        }
    }
}
