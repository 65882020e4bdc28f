import Foundation
import HTTPServerTesting
import Testing

extension Processes {
    // The results of an experiment as people see them, over a real warehouse, while data arrive.
    @Suite(.enabled(if: Browser.isInstalled)) struct ResultsPageTests {
        private static let plan = """
            facts:
              purchase: {value: value}
            metrics:
              revenue: {kind: mean, of: purchase}
              bought: {kind: conversion, of: purchase}
            guardrails: {bought: {margin: 30 %}}
            decision: {ship on: revenue}
            size: 1500
            """

        @Test func `Results keep themselves current, from no plan to a verdict`() async throws {
            let data = try TemporaryDirectory()
            let gosset = try await GossetProcess(data: data.path)
            let browser = try await Browser()
            do {
                try await browser.signIn(gosset)
                try await follow(gosset, browser)
                #expect(try await browser.complaints() == [])
            } catch {
                await browser.close()
                throw error
            }
            await browser.close()
            try await gosset.stop()
        }

        private func follow(_ gosset: GossetProcess, _ browser: Browser) async throws {
            try await gosset.admin.create("checkout", [("<old>", 1), ("new", 1)])
            try await browser.open(gosset.address + "/experiments/checkout/results")
            #expect(try await browser.texts("#no-plan h2") == ["There is no plan yet"])
            try await browser.expectItFits("results-without-plan")
            // Whoever loads the page anew loses the mark.
            try await browser.run("window.mark = 'still here'")

            try await give(ResultsPageTests.plan, to: "checkout", gosset)
            try await eventually("the draft") { try await browser.texts("#waiting").first?.contains("is a draft") == true }
            try await gosset.admin.change("checkout", "start")
            try await eventually("what is waited for") {
                try await browser.texts("#waiting, #failure").first?.contains("is a draft") == false
            }

            let devices = (0..<1000).map { "device-\($0)" }
            let told = try await gosset.assignments(of: devices, connections: 8)
            let events = zip(devices, told).enumerated().compactMap { number, device -> String? in
                guard number % 4 != 0 else { return nil }
                let value = Double(20 + number * 7919 % 21) + (device.1["checkout"] == "new" ? 30 : 0)
                return #"{"id":"p","unit":"\#(device.0)","fact":"purchase","value":\#(value)}"#
            }
            let sent = try await gosset.client.post("/api/v1/events", json: "[\(events.joined(separator: ","))]")
            #expect(sent.status == 202, "\(sent.text)")
            try await eventually("the verdict", within: 60) { try await browser.texts("#verdict h2") == ["Ship “new”"] }
            // The verdict may come before the last exposures do.
            try await eventually("all units", within: 60) {
                try await browser.texts("#size label").first?.hasPrefix("1,000 of 1,500 planned units") == true
            }
            #expect(try await browser.run("return window.mark").string == "still here", "the page keeps itself current")

            #expect(try await browser.texts("section.metric h2") == ["revenue", "bought"])
            #expect(
                try await browser.texts("section.metric tbody th").contains("new less <old>"), "a value is text, whatever it looks like")
            #expect(try await browser.texts("#checks .chip").allSatisfy { ["passed", "mind"].contains($0) })
            #expect(try await browser.texts("#guardrails tbody th") == ["bought"])
            try await expectFiguresAreResults(gosset, browser)
            let charts = Int(try await browser.run("return document.querySelectorAll('gosset-chart').length").number ?? 0)
            #expect(charts >= 7)
            try await expectDrawnWhenNear(gosset, browser, of: charts)
            try await browser.expectDrawnCharts(charts)
            try await browser.expectTellingCharts(charts)
            try await browser.expectItFits("results")
            try await browser.expectWholeTables("section.metric .scroll")
            try await browser.open(gosset.address + "/experiments")
            #expect(try await browser.texts("#experiments td.last").contains { $0.contains("1,000 of 1,500 units") })
            try await endWithoutVerdict(gosset, browser)
        }

        // A chart is drawn when it comes within a screen of what is in sight, and all are when the page is printed.
        private func expectDrawnWhenNear(_ gosset: GossetProcess, _ browser: Browser, of charts: Int) async throws {
            try await browser.open(gosset.address + "/experiments/checkout/results")
            try await eventually("the first chart") { try await browser.drawnCharts() > 0 }
            try await Task.sleep(for: .seconds(1))
            #expect(try await browser.drawnCharts() < charts, "those far below wait")
            try await browser.print()
            #expect(try await browser.drawnCharts() == charts, "on paper nobody scrolls")
        }

        private func give(_ plan: String, to experiment: String, _ gosset: GossetProcess) async throws {
            let type = [("Authorization", "Bearer \(gosset.adminToken)"), ("Content-Type", "application/yaml")]
            let answer = try await gosset.client.send(
                TestRequest("PUT", "/api/v1/admin/experiments/\(experiment)/plan", headers: type, body: Array(plan.utf8)))
            #expect(answer.status == 204, "\(answer.text)")
        }

        // What is finished before the data say anything is not told to keep running.
        private func endWithoutVerdict(_ gosset: GossetProcess, _ browser: Browser) async throws {
            try await gosset.admin.create("dull", [("a", 1), ("b", 1)])
            try await give(ResultsPageTests.plan, to: "dull", gosset)
            try await gosset.admin.change("dull", "start")
            try await gosset.assignments(of: (0..<10).map { "dull-\($0)" })
            try await browser.open(gosset.address + "/experiments/dull/results")
            try await eventually("results", within: 60) { try await browser.texts("#verdict h2") == ["Keep running"] }
            try await gosset.admin.change("dull", "finish")
            try await browser.open(gosset.address + "/experiments/dull/results")
            #expect(try await browser.texts("#verdict h2") == ["It ended without a verdict"])
            let text = try await browser.texts("#verdict").first ?? ""
            #expect(!text.contains("What would change it") && text.contains("10 of 1,500 planned units: it was finished before"), "\(text)")
            try await browser.open(gosset.address + "/experiments")
            #expect(try await browser.texts("#experiments td.last").contains("ended without a verdict"))
        }

        // What is in the tables is what the API says.
        private func expectFiguresAreResults(_ gosset: GossetProcess, _ browser: Browser) async throws {
            let results = try JSON(parsing: try await gosset.admin.get("/api/v1/experiments/checkout/results").text)
            let cells = try await browser.texts("section.metric tbody td").compactMap { Double($0.replacing(",", with: "")) }
            for look in ["fixedHorizon", "alwaysValid"] {
                let interval = results[look]["metrics"][0]["comparisons"][0]["interval"]
                let low = try #require(interval["low"].number)
                let text = try await browser.texts("section.metric").first ?? ""
                #expect(text.contains("\(rounded(low)) to"), "\(look): \(low) is not in \(text)")
            }
            let means = results["alwaysValid"]["metrics"][0]["groups"].members.values.compactMap { $0["mean"].number }
            // In the tables, with four significant digits.
            #expect(means.count == 2 && means.allSatisfy { mean in cells.contains { abs($0 - mean) <= 5e-4 * mean } }, "\(means), \(cells)")
        }

        // To four significant digits, as the tables have it.
        private func rounded(_ number: Double) -> String {
            let digits = 3 - Int(log10(abs(number)).rounded(.down))
            return String(format: "%.\(max(0, digits))f", number)
        }
    }
}
