import Foundation
import HTTPServerTesting
import Testing
import Warehouse
import WarehouseTesting

extension Processes {
    // One person, several devices: from the first answer over events to results that count persons, on the program itself.
    @Suite struct PersonResultsTests {
        private static let plan = """
            by: person
            size: 120
            active: visit
            facts:
              visit:
              purchase: {value: value}
            metrics:
              revenue: {kind: mean, of: purchase}
            """

        private func identify(_ device: String, _ person: String, _ gosset: GossetProcess) async throws {
            let answer = try await gosset.admin.send("POST", "/api/v1/identify", json: #"{"device":"\#(device)","person":"\#(person)"}"#)
            #expect(answer.status == 200, "\(answer.text)")
        }

        private func results(_ gosset: GossetProcess) async throws -> JSON {
            try JSON(parsing: try await gosset.admin.get("/api/v1/experiments/offer/results").text)
        }

        @Test func `Results count persons, and a person who is erased is in none`() async throws {
            let data = try TemporaryDirectory()
            let gosset = try await GossetProcess(data: data.path, adminToken: "an-operator-of-this-test")
            try await gosset.admin.create("offer", [("old", 1), ("new", 1)])
            let headers = [("Authorization", "Bearer \(gosset.adminToken)"), ("Content-Type", "application/yaml")]
            let put = TestRequest(
                "PUT", "/api/v1/admin/experiments/offer/plan", headers: headers, body: Array(PersonResultsTests.plan.utf8))
            #expect(try await gosset.client.send(put).status == 204)
            try await gosset.admin.change("offer", "start")

            // Two devices call themselves as persons will be called; they are nobody's, and count for nobody.
            for number in [1, 35] { _ = try await gosset.assignments(of: "person-\(number)") }

            // Thirty have a phone that asks first, and a tablet that is linked before it asks.
            var first: [String: String] = [:]
            for number in 0..<30 {
                let told = try await gosset.assignments(of: "phone-\(number)")
                first["person-\(number)"] = told["offer"]
                try await identify("phone-\(number)", "person-\(number)", gosset)
                try await identify("tablet-\(number)", "person-\(number)", gosset)
                #expect(try await gosset.assignments(of: "tablet-\(number)")["offer"] == told["offer"])
            }
            // Ten have two devices that both asked before anybody knew; twenty devices are nobody's.
            var crossed = 0
            for number in 30..<40 { first["person-\(number)"] = try await gosset.assignments(of: "laptop-\(number)")["offer"] }
            for number in 30..<40 {
                let told = try await gosset.assignments(of: "desktop-\(number)")["offer"]
                if told != first["person-\(number)"] { crossed += 1 }
                for device in ["laptop", "desktop"] { try await identify("\(device)-\(number)", "person-\(number)", gosset) }
            }
            for number in 0..<20 { first["lone-\(number)"] = try await gosset.assignments(of: "lone-\(number)")["offer"] }

            // Everybody buys on their second device or under their own name, and visits with it.
            var revenue: [String: Double] = [:]
            var events: [String] = []
            func buy(_ unit: String, _ person: String, _ value: Double) {
                events.append(#"{"id":"p\#(events.count)","unit":"\#(unit)","fact":"purchase","value":\#(value)}"#)
                revenue[person, default: 0] += value
            }
            for number in 0..<40 {
                let device = number < 30 ? "tablet" : "desktop"
                buy("\(device)-\(number)", "person-\(number)", Double(number + 1))
                events.append(#"{"id":"v","unit":"\#(device)-\#(number)","fact":"visit"}"#)
            }
            buy("phone-0", "person-0", 1000)
            buy("person-0", "person-0", 5)
            buy("person-35", "person-35", 7)
            buy("lone-3", "lone-3", 11)
            #expect(try await gosset.client.send(.events(lines: events)).status == 202)

            func expect(_ results: JSON, without gone: Set<String> = []) {
                let units = first.keys.filter { !gone.contains($0) }
                #expect(results["size"]["units"].number == Double(units.count) && results["size"]["planned"].number == 120)
                let arrived = results["arrivals"]["variants"].elements.compactMap { $0["units"].number }.reduce(0, +)
                #expect(arrived == Double(units.count { !$0.hasPrefix("lone") }), "persons of whom the fact tells")
                for look in ["fixedHorizon", "alwaysValid"] {
                    let groups = results[look]["metrics"][0]["groups"]
                    for variant in ["old", "new"] {
                        let mine = units.filter { first[$0] == variant }
                        #expect(groups[variant]["n"].number == Double(mine.count))
                        #expect(groups[variant]["sum"].number == mine.reduce(0) { $0 + (revenue[$1] ?? 0) })
                    }
                }
                let check = results["alwaysValid"]["checks"].elements.first { $0["name"].string == "persons who crossed over" }
                #expect(check?["text"].string?.hasPrefix("\(crossed) person") == true || crossed == 0, "\(check?["text"].string ?? "")")
                let names = results["alwaysValid"]["checks"].elements.first { $0["name"].string == "devices named as persons are" }
                #expect(names?["text"].string?.hasPrefix("2 devices have a person's id") == true)
            }
            // The first results may be of the first units.
            func whole(_ units: Int, _ arrived: Int) async throws -> JSON? {
                let results = try await results(gosset)
                let arrivals = results["arrivals"]["variants"].elements.compactMap { $0["units"].number }.reduce(0, +)
                return results["size"]["units"].number == Double(units) && arrivals == Double(arrived) ? results : nil
            }
            let found = try await eventually("results", within: 60) { try await whole(60, 40) }
            expect(found)

            let erased = try await gosset.admin.delete("/api/v1/admin/persons/person-0")
            #expect(erased.status == 202, "\(erased.text)")
            #expect(try JSON(parsing: erased.text)["devices"].number == 2)
            let after = try await eventually("results without them", within: 60) { try await whole(59, 39) }
            expect(after, without: ["person-0"])
            #expect(try await gosset.admin.delete("/api/v1/admin/persons/person-0").status == 202)
            let log = try await gosset.admin.get("/api/v1/admin/audit").text
            #expect(log.contains("\"forget\"") && !log.contains("person-0"))
            try await eventually("the erasures", within: 60) { try await gosset.events()["warehouse"]["erasures"].number == 0 }
            try await gosset.stop()
            let warehouse = try await TestWarehouses.connect("duckdb:\(data.path)/warehouse.duckdb")
            for table in ["gosset_events", "gosset_exposures", "gosset_links"] {
                let left = try await warehouse.query(
                    "SELECT count(*) AS n FROM \(table: table) WHERE unit IN ('phone-0', 'tablet-0', 'person-0')")
                #expect(try left.counts("n") == [0], "\(table)")
            }
        }
    }
}
