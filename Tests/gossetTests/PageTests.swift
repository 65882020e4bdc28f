import Foundation
import HTTPServerTesting
import Testing

extension Processes {
    // The pages, as people see them in a real browser.
    @Suite(.enabled(if: Browser.isInstalled)) struct PageTests {
        // Pictures of the pages go here, for people to look at.
        private static let artifacts = ProcessInfo.processInfo.environment["GOSSET_ARTIFACTS"]

        @Test func `Pages tell the truth`() async throws {
            let data = try TemporaryDirectory()
            let shop = data.path + "/shop.db"
            #expect(try await GossetProcess.run(["simulate", "customers", shop]).ending == .exited(0))
            let gosset = try await GossetProcess(data: data.path + "/data", ["--spending", shop, "--public-averages"])
            let browser = try await Browser()
            do {
                try await statisticsFollowTheRegistry(gosset, browser)
                try await simulationsAreExact(gosset, browser)
                try await spendingIsShown(gosset, browser)
                try await theDocumentIsShown(gosset, browser)
                try await errorsArePages(gosset, browser)
                try await pagesFitOnEveryScreen(gosset, browser)
            } catch {
                await browser.close()
                throw error
            }
            await browser.close()
            try await gosset.stop()
        }

        // MARK: The statistics

        private func statisticsFollowTheRegistry(_ gosset: GossetProcess, _ browser: Browser) async throws {
            try await gosset.assignments(of: (0..<100).map { "early-\($0)" })
            try await browser.open(gosset.address + "/")
            try await expectTablesAreStatistics(gosset, browser)
            // Whoever loads the page anew loses the mark.
            try await browser.run("window.mark = 'still here'")
            for count in [1, 119, 380] {
                try await gosset.assignments(of: (0..<count).map { "later-\(count)-\($0)" })
                let devices = try await gosset.statistics().devices
                try await eventually("the page to show \(devices) devices") { try await browser.texts("#devices") == ["\(devices)"] }
                try await expectTablesAreStatistics(gosset, browser)
            }
            #expect(try await browser.texts("#experiment-price td.devices") == ["450", "60", "30", "60"])
            #expect(try await browser.texts("#experiment-button_color td.percent") == ["33.3 %", "33.3 %", "33.3 %"])

            try await gosset.admin.create("late", [("<b>bold</b>", 1), ("plain", 3)])
            try await gosset.admin.change("late", "start")
            try await gosset.admin.change("price", "pause")
            try await gosset.assignments(of: (0..<8).map { "latest-\($0)" })
            try await eventually("the new experiment on the page") { try await browser.texts("#experiment-late td.devices") == ["2", "6"] }
            #expect(
                try await browser.texts("#experiment-late td.value") == ["<b>bold</b>", "plain"], "a value is text, whatever it looks like")
            #expect(try await browser.texts("#experiment-price .chip") == ["paused"])
            try await expectTablesAreStatistics(gosset, browser)
            #expect(try await browser.run("return window.mark").string == "still here", "the page keeps itself current")
            try await expectNoComplaints(browser, "/")
        }

        // The numbers of the tables are the registry's, and the bars are as long as the numbers say.
        private func expectTablesAreStatistics(
            _ gosset: GossetProcess, _ browser: Browser, sourceLocation: SourceLocation = #_sourceLocation
        ) async throws {
            let statistics = try await gosset.statistics()
            for experiment in statistics.experiments {
                let card = "#experiment-\(experiment.key)"
                #expect(try await browser.texts("\(card) td.devices") == experiment.counts.map(String.init), sourceLocation: sourceLocation)
                #expect(try await browser.texts("\(card) td.value") == experiment.variants.map(\.value), sourceLocation: sourceLocation)
                let shares = experiment.variants.map { String(format: "%.1f %%", $0.percent ?? 0) }
                #expect(try await browser.texts("\(card) td.percent") == shares, sourceLocation: sourceLocation)
                let intended = experiment.variants.map { String(format: "%.1f %%", 100 * $0.expectedDevices / Double(experiment.devices)) }
                #expect(try await browser.texts("\(card) td.intended") == intended, sourceLocation: sourceLocation)
                let header = "\(experiment.devices) device\(experiment.devices == 1 ? "" : "s")"
                #expect(try await browser.texts("\(card) header .number") == [header], sourceLocation: sourceLocation)
                let script = "return [...document.querySelectorAll('\(card) rect.fill')].map(bar => parseFloat(bar.getAttribute('width')))"
                let bars = try await browser.run(script).elements.compactMap(\.number)
                #expect(bars.count == experiment.variants.count, sourceLocation: sourceLocation)
                for (bar, variant) in zip(bars, experiment.variants) {
                    #expect(abs(bar - (variant.percent ?? 0)) < 0.01, sourceLocation: sourceLocation)
                }
            }
        }

        // MARK: The other pages

        private func simulationsAreExact(_ gosset: GossetProcess, _ browser: Browser) async throws {
            let before = try await gosset.statistics()
            try await gosset.admin.change("price", "resume")
            try await browser.open(gosset.address + "/simulate")
            try await browser.run("document.querySelector('#devices').value = '600'; document.querySelector('button.main').click()")
            try await eventually("the simulation to be done") {
                try await browser.run("return document.querySelector('#progress')?.dataset.state").string == "done"
            }
            #expect(try await browser.texts("#experiment-button_color td.devices") == ["200", "200", "200"])
            #expect(try await browser.texts("#experiment-price td.devices") == ["450", "60", "30", "60"])
            #expect(try await browser.texts("#experiment-price td.percent") == ["75.0 %", "10.0 %", "5.0 %", "10.0 %"])
            #expect(try await browser.texts("#progress header .number") == ["600 of 600 devices"])
            #expect(try await gosset.statistics().devices == before.devices, "invented devices are in no statistics")

            // A long one shows how far it is, without a reload.
            try await browser.open(gosset.address + "/simulate")
            try await browser.run("document.querySelector('#devices').value = '300000'; document.querySelector('button.main').click()")
            var steps: Set<Double> = []
            try await eventually("a long simulation to be done", within: 90, every: .milliseconds(50)) {
                let state = try await browser.run(
                    "const p = document.querySelector('#progress'); return p && [p.dataset.state, p.querySelector('progress').value]")
                steps.insert(state[1].number ?? 0)
                return state[0].string == "done"
            }
            #expect(steps.contains(300_000))
            #expect(steps.count > 2, "there is progress to be seen: \(steps)")
            #expect(try await browser.texts("#experiment-price td.devices") == ["225,000", "30,000", "15,000", "30,000"])
            try await expectNoComplaints(browser, "/simulate")
        }

        private func spendingIsShown(_ gosset: GossetProcess, _ browser: Browser) async throws {
            try await browser.open(gosset.address + "/")
            try await browser.run("[...document.querySelectorAll('nav a')].find(link => link.textContent == 'Spending').click()")
            try await eventually("the bands") { try await browser.texts("#bands td.value") == ["18-24", "25-30", "31-36", "37-47", ">47"] }
            #expect(try await browser.texts("nav a[aria-current=page]") == ["Spending"])
            let answer = try JSON(parsing: try await gosset.client.get("/average_spending_by_age").text)
            let averages = answer["bands"].elements.compactMap { $0["averagePerSpender"].number }
            let shown = try await browser.texts("#bands td.devices").compactMap { Double($0.replacing(",", with: "")) }
            #expect(shown.count == 5 && zip(shown, averages).allSatisfy { abs($0 - $1) < 0.006 }, "\(shown) are not \(averages)")
            #expect(try await browser.texts("#bonuses") == [], "bonuses are for who is signed in")
            try await look(up: "1", gosset, browser)
            #expect(try await browser.texts("#customer h2") == ["Customer 1"])
            #expect(try await browser.texts("#bonuses h2") == ["Bonuses of 2025"])
            let run = TestRequest("POST", "/api/v1/bonuses/run?year=2025", headers: [("Authorization", "Bearer \(gosset.adminToken)")])
            let created = try JSON(parsing: try await gosset.client.send(run).text)["created"].number ?? 0
            try await look(up: "1", gosset, browser)
            let states = try await browser.texts("#bonuses .chip.running")
            #expect(created > 0 && Double(states.count) == min(200, created) && Set(states) == ["delivered"])
            try await expectNoComplaints(browser, "/spending")
        }

        private func look(up customer: String, _ gosset: GossetProcess, _ browser: Browser) async throws {
            try await browser.open(gosset.address + "/spending")
            if try await browser.texts("#user_id").isEmpty {
                try await browser.open(gosset.address + "/sign-in?next=/spending")
                try await browser.run(
                    "document.querySelector('#token').value = '\(gosset.adminToken)'; document.querySelector('.main').click()")
                try await eventually("the form") { try await browser.texts("#user_id").count == 1 }
            }
            try await browser.run(
                """
                document.querySelector('#user_id').value = '\(customer)'; document.querySelector('button.main').click()
                """)
            try await eventually("the customer") { try await browser.texts("#customer").count == 1 }
        }

        private func theDocumentIsShown(_ gosset: GossetProcess, _ browser: Browser) async throws {
            let document = try JSON(parsing: try await gosset.client.get("/openapi.json").text)
            let operations = document["paths"].members.values.flatMap(\.members.values).count
            try await browser.open(gosset.address + "/docs")
            try await eventually("Swagger UI to show all operations", within: 60) {
                try await browser.texts("#swagger .opblock").count == operations
            }
            #expect(try await browser.texts("#swagger .title").first?.hasPrefix("Gosset") == true)
            let paths = try await browser.run(
                "return [...document.querySelectorAll('#swagger .opblock-summary-path')].map(e => e.dataset.path)")
            #expect(Set(paths.elements.compactMap(\.string)) == Set(document["paths"].members.keys))
            // All of it comes from this server.
            let origins = try await browser.run("return performance.getEntriesByType('resource').map(entry => new URL(entry.name).origin)")
            #expect(Set(origins.elements.compactMap(\.string)) == [gosset.address])
            try await expectNoComplaints(browser, "/docs")
        }

        private func errorsArePages(_ gosset: GossetProcess, _ browser: Browser) async throws {
            try await browser.open(gosset.address + "/no/such/page")
            #expect(try await browser.texts("h1") == ["Not Found"])
            // That it was not found is said in the console as well.
            let complaints = try await browser.complaints()
            #expect(complaints.allSatisfy { $0.contains("404") }, "\(complaints)")
        }

        // MARK: Looks

        private func pagesFitOnEveryScreen(_ gosset: GossetProcess, _ browser: Browser) async throws {
            for (width, height) in [(1280, 900), (390, 844)] {
                try await browser.resize(width: width, height: height)
                for scheme in ["light", "dark"] {
                    try await browser.prefer(colorScheme: scheme)
                    for page in ["", "simulate", "spending", "docs"] {
                        if page == "spending" {
                            try await look(up: "1", gosset, browser)
                        } else {
                            try await browser.open(gosset.address + "/" + page)
                        }
                        if page == "docs" {
                            try await eventually("Swagger UI") { try await browser.texts("#swagger .opblock").count > 0 }
                        }
                        let picture = "\(page == "" ? "statistics" : page)-\(scheme)-\(width)"
                        let widths = try await browser.run("return [document.documentElement.scrollWidth, window.innerWidth]")
                        #expect(widths[0].number ?? .infinity <= Double(width), "\(picture) scrolls sideways")
                        #expect(widths[1].number == Double(width))
                        let dark = try await browser.run("return matchMedia('(prefers-color-scheme: dark)').matches")
                        #expect(dark.boolean == (scheme == "dark"))
                        let brightness = try await browser.run(
                            "return getComputedStyle(document.body).backgroundColor.match(/\\d+/g).slice(0, 3).reduce((a, b) => a + +b, 0) / 3"
                        )
                        #expect(((brightness.number ?? 0) < 128) == (scheme == "dark"), "\(picture)")
                        let png = try await browser.screenshot()
                        #expect(png.starts(with: [0x89, 0x50, 0x4E, 0x47]) && png.count > 5000)
                        if let directory = PageTests.artifacts {
                            try FileManager.default.createDirectory(atPath: directory, withIntermediateDirectories: true)
                            try png.write(to: URL(fileURLWithPath: "\(directory)/\(picture).png"))
                        }
                    }
                }
            }
            try await expectNoComplaints(browser, "all pages")
        }

        private func expectNoComplaints(_ browser: Browser, _ page: String, sourceLocation: SourceLocation = #_sourceLocation) async throws
        {
            let complaints = try await browser.complaints()
            #expect(complaints == [], "\(page)", sourceLocation: sourceLocation)
        }
    }
}

extension GossetProcess {
    var address: String { "http://127.0.0.1:\(port)" }
}
