import Foundation
import HTTPServerTesting
import Testing

extension Processes {
    // The console, as people use it in a real browser.
    @Suite(.serialized, .enabled(if: Browser.isInstalled)) struct ConsoleTests {
        // Pictures of the pages go here, for people to look at.
        static let artifacts = ProcessInfo.processInfo.environment["GOSSET_ARTIFACTS"]

        func withBrowser(_ body: (GossetProcess, Browser) async throws -> Void) async throws {
            let data = try TemporaryDirectory()
            let gosset = try await GossetProcess(data: data.path)
            let browser = try await Browser()
            do {
                try await body(gosset, browser)
            } catch {
                await browser.close()
                throw error
            }
            await browser.close()
            try await gosset.stop()
        }

        func signIn(_ token: String, _ gosset: GossetProcess, _ browser: Browser, at path: String = "/experiments") async throws {
            try await browser.open(gosset.address + path)
            try await eventually("the form to sign in") { try await browser.texts("#token").count == 1 }
            try await browser.type(token, into: "#token")
            try await browser.clickOn("main button.main")
            try await browser.waits("to be signed in") { try await browser.texts(".account b").count == 1 }
        }

        // MARK: From the first form to the audit trail

        @Test func `An experiment is made, started, changed, paused, finished, and all of it stands in the audit trail`() async throws {
            try await withBrowser { gosset, browser in
                try await browser.open(gosset.address + "/experiments")
                #expect(try await browser.texts("h1") == ["Sign in"], "nobody sees experiments without signing in")
                try await browser.type("gosset_of-somebody-else", into: "#token")
                try await browser.clickOn("main button.main")
                try await browser.waits("the refusal") { try await browser.texts("#refusal") == ["This access token is not valid."] }
                try await expectComplaints(browser, only: ["401"])
                try await browser.type(gosset.adminToken, into: "#token")
                try await browser.clickOn("main button.main")
                try await browser.waits("the list") { try await browser.texts("h1") == ["Experiments"] }
                #expect(try await browser.texts(".account b") == ["admin"])
                let cookie = try await browser.run("return document.cookie")
                #expect(cookie.string == "", "no script reads the session")

                try await create(browser)
                try await start(browser)
                try await gosset.assignments(of: (0..<40).map { "first-\($0)" })
                try await eventually("the page to show 40 devices") {
                    try await browser.texts("#experiment-checkout td.devices") == ["10", "30"]
                }
                let before = try await gosset.assignments(of: "first-7")["checkout"]
                try await changeWeights(browser)
                try await gosset.assignments(of: (0..<20).map { "second-\($0)" })
                try await eventually("the page to show 60 devices") {
                    try await browser.texts("#experiment-checkout td.devices") == ["20", "40"]
                }
                #expect(try await gosset.assignments(of: "first-7")["checkout"] == before)

                try await decide("pause", browser, says: "keep their values", state: "paused")
                #expect(try await gosset.assignments(of: "during-the-pause")["checkout"] == nil)
                try await decide("resume", browser, says: "Blocks go on", state: "running")
                try await finish(browser)
                #expect(try await gosset.assignments(of: "first-7")["checkout"] == "new")

                try await browser.clickOn(".tabs a[href$='/audit']")
                try await browser.waits("the trail") { try await browser.texts("#audit .what").count == 6 }
                #expect(
                    try await browser.texts("#audit .what") == [
                        "Finished it with the winner ‘new’.", "Resumed it: new devices get in again.", "Paused it: nobody new gets in.",
                        "Changed the weights from ‘old’ 25.0 %, ‘new’ 75.0 % to ‘old’ 50.0 %, ‘new’ 50.0 %.",
                        "Started it at device number 1: ‘old’ 25.0 %, ‘new’ 75.0 %.", "Created the draft: ‘old’ 25.0 %, ‘new’ 75.0 %.",
                    ])
                #expect(try await Set(browser.texts("#audit .actor")) == ["admin"])
                try await expectComplaints(browser, only: [])
            }
        }

        func create(_ browser: Browser) async throws {
            try await browser.clickOn("a.button.main")
            try await browser.waits("the form") { try await browser.texts("h1") == ["New experiment"] }
            try await browser.type("checkout", into: "#key")
            try await browser.type("The new checkout sells more.", into: "#summary")
            try await browser.type("old", into: "#value-0")
            try await browser.type("1", into: "#weight-0")
            try await browser.clickOn("button[value=add]")
            try await browser.waits("a third row") { try await browser.texts("#value-2").count == 1 }
            #expect(try await browser.run("return document.querySelector('#summary').value").string == "The new checkout sells more.")
            try await browser.clickOn("button[value='remove-2']")
            try await browser.waits("two rows") { try await browser.texts("#value-2").isEmpty }
            try await browser.type("new", into: "#value-1")
            try await browser.type("3", into: "#weight-1")
            // The size follows what is typed, without a button.
            try await browser.run("window.mark = 'still here'")
            try await browser.type("5 %", into: "#baseline")
            try await browser.type("20 %", into: "#lift")
            try await browser.type("1000", into: "#traffic")
            try await browser.waits("the size as one types") {
                try await browser.texts("#size h2").first?.contains("days at this traffic") == true
            }
            let small = try await browser.texts("#size h2").first
            try await browser.type("10 %", into: "#lift")
            try await browser.waits("another size") { try await browser.texts("#size h2").first != small }
            #expect(try await browser.run("return window.mark").string == "still here")
            try await browser.type("conversion", into: "#metric", clears: false)
            try await browser.type("purchase", into: "#fact")
            try await browser.clickOn("button[value=create]")
            try await browser.waits("the draft") { try await browser.texts("h1") == ["checkout"] }
            #expect(try await browser.texts("#done").first?.hasPrefix("The draft was created.") == true)
            #expect(try await browser.texts(".lead .chip") == ["draft"])
        }

        func start(_ browser: Browser) async throws {
            try await decide("start", browser, says: "never be told of it", isEmpty: true, state: "running")
        }

        // Goes to the page that asks, reads what it says, and does it.
        func decide(
            _ action: String, _ browser: Browser, says words: String, isEmpty: Bool = false, state: String
        ) async throws {
            try await browser.clickOn(".actions a[href$='/\(action)']")
            try await browser.waits("the question") { try await browser.texts("#confirm").count == 1 }
            let text = try await browser.texts(".consequences").joined()
            #expect(text.contains(isEmpty ? "No device is known yet" : words), "\(text)")
            try await browser.clickOn("#confirm button.main")
            try await browser.waits("it to be \(state)") { try await browser.texts(".lead .chip") == [state] }
            #expect(try await browser.texts("#done").count == 1)
        }

        func changeWeights(_ browser: Browser) async throws {
            try await browser.clickOn(".actions a[href$='/variants']")
            try await browser.waits("the rows") { try await browser.texts("#weight-1").count == 1 }
            try await browser.type("1", into: "#weight-1")
            try await browser.clickOn(".actions button.main")
            try await browser.waits("the question") { try await browser.texts("#confirm").count == 1 }
            let text = try await browser.texts(".consequences li")
            #expect(text.prefix(2) == ["‘old’: 25.0 % → 50.0 %.", "‘new’: 75.0 % → 50.0 %."])
            try await browser.clickOn("#confirm button.main")
            try await browser.waits("the change") { try await browser.texts("#epochs li").count == 2 }
        }

        func finish(_ browser: Browser) async throws {
            try await browser.clickOn(".actions a[href$='/finish']")
            try await browser.waits("the question") { try await browser.texts("#confirm").count == 1 }
            // Nothing is chosen for one: without a choice the browser does not even send the form.
            try await browser.clickOn("#confirm button.danger")
            #expect(try await browser.texts("#confirm").count == 1)
            try await browser.clickOn("#winner-1")
            try await browser.clickOn("#confirm button.danger")
            try await browser.waits("it to be finished") { try await browser.texts(".lead .chip") == ["finished"] }
            #expect(try await browser.texts(".actions").isEmpty)
        }

        // MARK: What all flows look at

        func picture(_ name: String, _ browser: Browser) async throws {
            guard let directory = ConsoleTests.artifacts else { return }
            try FileManager.default.createDirectory(atPath: directory, withIntermediateDirectories: true)
            try await browser.screenshot().write(to: URL(fileURLWithPath: "\(directory)/console-\(name).png"))
        }

        // Nothing is said in the browser's console but that a page had one of these statuses.
        func expectComplaints(
            _ browser: Browser, only statuses: [String], sourceLocation: SourceLocation = #_sourceLocation
        ) async throws {
            let others = try await browser.complaints().filter { complaint in
                // Signing out empties the cache, and Chromium says so.
                !complaint.contains("Clear-Site-Data header")
                    && !statuses.contains { complaint.contains("the server responded with a status of \($0)") }
            }
            #expect(others == [], sourceLocation: sourceLocation)
        }
    }
}

extension Browser {
    // Waits while a page is on its way: until it is there, what it is asked may fail.
    func waits(_ what: String, _ isSo: () async throws -> Bool) async throws {
        try await eventually(what) { (try? await isSo()) ?? false }
    }
}
