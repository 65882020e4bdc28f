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

    @Test func `A closed variant and a winner are told`() async throws {
        try await Fixture.both { fixture, client async throws in
            for number in 0..<20 { _ = try await client.device("device-\(number)") }
            let root = "/api/v1/admin/experiments/price"
            let variants = #"{"variants":[{"value":"10","weight":1},{"value":"20","weight":1}]}"#
            #expect(try await client.put("\(root)/variants", as: .editor, of: fixture, variants).status == 200)
            #expect(try await client.get("/").text.contains("<td class=\"n intended\">closed</td>"))
            #expect(try await client.post("\(root)/finish", as: .editor, of: fixture, #"{"winner":"20"}"#).status == 200)
            #expect(try await client.get("/").text.contains("<b>20</b>"))
        }
    }
}
