import Foundation
import HTTPServerTesting
import Testing

extension Processes {
    // The console, as people use it in a real browser.
    @Suite(.serialized, .enabled(if: Browser.isInstalled)) struct ConsoleTests {
        // Pictures of the pages go here, for people to look at.
        private static let artifacts = ProcessInfo.processInfo.environment["GOSSET_ARTIFACTS"]

        private func withBrowser(_ body: (GossetProcess, Browser) async throws -> Void) async throws {
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

        private func signIn(_ token: String, _ gosset: GossetProcess, _ browser: Browser, at path: String = "/experiments") async throws {
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

        private func create(_ browser: Browser) async throws {
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

        private func start(_ browser: Browser) async throws {
            try await decide("start", browser, says: "never be told of it", isEmpty: true, state: "running")
        }

        // Goes to the page that asks, reads what it says, and does it.
        private func decide(
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

        private func changeWeights(_ browser: Browser) async throws {
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

        private func finish(_ browser: Browser) async throws {
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

        // MARK: Keyboard alone

        @Test func `All of it can be done by keyboard, and the focus is always seen`() async throws {
            try await withBrowser { gosset, browser in
                try await browser.open(gosset.address + "/experiments")
                try await browser.waits("the focus on the token") { try await browser.focused() == "Access token" }
                try await browser.press(gosset.adminToken + Browser.enter)
                try await browser.waits("the list") { try await browser.texts("h1") == ["Experiments"] }
                try await browser.press(Browser.tab)
                #expect(try await browser.focused() == "To the content", "the navigation can be skipped")
                try await browser.tab(to: "New experiment")
                try await browser.press(Browser.enter)
                try await browser.waits("the form") { try await browser.texts("h1") == ["New experiment"] }
                try await browser.tab(to: "Key")
                try await browser.press("by-keyboard")
                for (field, text) in [("Value", "old"), ("Value", "new")] {
                    try await browser.tab(to: field)
                    try await browser.press(text)
                }
                // A condition: the new row has the focus, and what is typed is read aloud as it is understood.
                try await browser.tab(to: "Add a condition")
                try await browser.press(Browser.enter)
                try await browser.waits("the row") { try await browser.focused() == "Attribute" }
                try await browser.press("country")
                try await browser.tab(to: "Value")
                try await browser.press("DE, AT")
                try await browser.waits("how it is read") {
                    try await browser.texts("#who").joined().contains("‘country’ is the text ‘DE’ or the text ‘AT’")
                }
                try await browser.tab(to: "Create the draft")
                try await browser.press(Browser.enter)
                try await browser.waits("the draft") { try await browser.texts("h1") == ["by-keyboard"] }
                try await browser.tab(to: "Start")
                try await browser.press(Browser.enter)
                try await browser.waits("the question") { try await browser.texts("#confirm").count == 1 }
                try await browser.tab(to: "Start")
                try await browser.press(Browser.enter)
                try await browser.waits("it to run") { try await browser.texts(".lead .chip") == ["running"] }
                try await browser.tab(to: "Sign out")
                try await browser.press(Browser.enter)
                try await browser.waits("to be signed out") { try await browser.texts("h1") == ["Sign in"] }
                try await browser.open(gosset.address + "/experiments")
                #expect(try await browser.texts("h1") == ["Sign in"])
                try await expectComplaints(browser, only: [])
            }
        }

        @Test func `On a phone the pages are a menu, which opens by touch and by keyboard and closes by Escape`() async throws {
            try await withBrowser { gosset, browser in
                try await browser.resize(width: 390, height: 844)
                try await signIn(gosset.adminToken, gosset, browser)
                let seen = "return [...document.querySelectorAll('.top nav a')].filter(a => a.checkVisibility()).length"
                let height = try await browser.run("return document.querySelector('.top').offsetHeight").number
                #expect(height ?? .infinity < 80, "the page begins at \(height ?? 0)")
                #expect(try await browser.run(seen).number == 0)
                try await browser.clickOn(".top button[popovertarget]")
                try await browser.waits("all pages") { try await browser.run(seen).number == 12 }
                try await browser.expectItFits("menu")
                try await browser.resize(width: 390, height: 844)
                try await browser.press(Browser.escape)
                try await browser.waits("the menu to close") { try await browser.run(seen).number == 0 }
                try await browser.tab(to: "Menu")
                try await browser.press(Browser.enter)
                try await browser.tab(to: "Layers")
                try await browser.press(Browser.enter)
                try await browser.waits("the page") { try await browser.texts("h1") == ["Layers and holdouts"] }
                try await browser.resize(width: 1280, height: 900)
                #expect(try await browser.run(seen).number == 12, "on a desk they are always there")
                #expect(
                    try await browser.run("return document.querySelector('.top button[popovertarget]').checkVisibility()").boolean == false)
            }
        }

        // MARK: A holdout, from the form to its release

        @Test func `A draft under a holdout is edited, run and won, and the holdout is released after it was said what that means`()
            async throws
        {
            try await withBrowser { gosset, browser in
                try await signIn(gosset.adminToken, gosset, browser)
                try await browser.clickOn("nav a[href='/layers']")
                try await browser.waits("the page") { try await browser.texts("h1") == ["Layers and holdouts"] }
                try await browser.clickOn("#holdouts summary")
                try await browser.type("global", into: "#holdout-name")
                try await browser.type("20 %", into: "#holdout-percent")
                try await browser.clickOn("#holdouts form button.main")
                try await browser.waits("the holdout") { try await browser.texts("#holdouts tbody th").count == 1 }

                try await browser.open(gosset.address + "/experiments/new")
                try await browser.type("offer", into: "#key")
                for (index, value) in ["old", "new"].enumerated() { try await browser.type(value, into: "#value-\(index)") }
                try await browser.run(
                    "const l = document.querySelector('#layer'); l.value = '*new'; l.dispatchEvent(new Event('input', {bubbles: true}))")
                try await browser.type("50", into: "#slots")
                try await browser.type("page", into: "#new_layer")
                try await browser.run(
                    "const h = document.querySelector('#holdout'); h.value = 'global'; h.dispatchEvent(new Event('input', {bubbles: true}))"
                )
                try await browser.waits("who could be in it") {
                    try await browser.texts("#who").joined().contains("40.0 % of the devices that are new")
                }
                try await browser.clickOn("button[value=create]")
                try await browser.waits("the draft") { try await browser.texts("h1") == ["offer"] }
                try await browser.clickOn(".actions a[href$='/edit']")
                try await browser.waits("the form") { try await browser.texts("#summary").count == 1 }
                try await browser.type("The new offer sells more.", into: "#summary")
                try await browser.run(
                    "const l = document.querySelector('#layer'); l.value = ''; l.dispatchEvent(new Event('input', {bubbles: true}))")
                // The layer's holdout was its own; by itself the experiment says it.
                try await browser.run(
                    "const h = document.querySelector('#holdout'); h.value = 'global'; h.dispatchEvent(new Event('input', {bubbles: true}))"
                )
                try await browser.waits("the holdout alone") { try await browser.texts("#who").joined().contains("80.0 %") }
                try await picture("draft", browser)
                try await browser.clickOn("button[value=create]")
                try await browser.waits("the draft again") { try await browser.texts(".hypothesis") == ["The new offer sells more."] }
                #expect(try await browser.texts("#done") == ["The draft was saved."])

                try await decide("start", browser, says: "never be told of it", isEmpty: true, state: "running")
                try await gosset.assignments(of: (0..<20).map { "device-\($0)" })
                try await finish(browser)
                var before: [[String: String]] = []
                for number in 0..<20 { before.append(try await gosset.assignments(of: "device-\(number)")) }
                #expect(before.count { $0["offer"] == nil } == 4)
                try await browser.open(gosset.address + "/layers")
                try await browser.clickOn("#holdouts a.button")
                try await browser.waits("the question") { try await browser.texts("#confirm").count == 1 }
                #expect(
                    try await browser.texts(".consequences li").first
                        == "The winner ‘new’ of ‘offer’ goes at once to the 4 devices that the holdout kept out of it.")
                try await browser.clickOn("#confirm button.danger")
                try await browser.waits("the release") { try await browser.texts("#done") == ["The holdout was released."] }
                #expect(try await browser.texts("#holdouts .chip") == ["released"])
                for (number, had) in before.enumerated() {
                    let has = try await gosset.assignments(of: "device-\(number)")
                    #expect(has == had.merging(["offer": "new"]) { $1 })
                }
                let held = try #require(before.firstIndex { $0["offer"] == nil })
                try await browser.open(gosset.address + "/experiments/offer/explain?device=device-\(held)")
                #expect(try await browser.texts("#explanation p").first?.contains("A holdout had kept the device out of it") == true)
                try await browser.open(gosset.address + "/audit")
                #expect(try await browser.texts("#audit .what").first?.hasPrefix("holdout/global: Released the holdout") == true)
                try await expectComplaints(browser, only: [])
            }
        }

        // MARK: Roles, refusals, looks

        @Test func `A viewer sees and is offered nothing else, and every page fits and can be read on every screen`() async throws {
            try await withBrowser { gosset, browser in
                try await gosset.assignments(of: (0..<300).map { "device-\($0)" })
                #expect(try await gosset.client.send(ConsoleTests.oddEvents).status == 202)
                #expect(
                    try await gosset.admin.send("POST", "/api/v1/admin/holdouts", json: #"{"name":"global","percent":5}"#).status == 201)
                #expect(
                    try await gosset.admin.send("POST", "/api/v1/admin/layers", json: #"{"name":"checkout-page","holdout":"global"}"#)
                        .status
                        == 201)
                try await gosset.admin.create("draft-of-a-very-long-name-that-does-not-fit-into-a-phone-at-all", [("a", 1), ("b", 2)])
                try await signIn(gosset.adminToken, gosset, browser)
                try await browser.open(gosset.address + "/access")
                try await browser.type("ann", into: "#name")
                try await browser.clickOn("main button.main")
                try await browser.waits("the token") { try await browser.texts("code#token").count == 1 }
                let viewer = try #require(try await browser.texts("code#token").first)
                try await looks(gosset, browser)

                try await browser.open(gosset.address + "/experiments/price/plan")
                try await browser.type("facts: {f: }\nmetrics: {m: {kind: maen, of: f}}", into: "#plan")
                try await browser.clickOn("main button.main")
                try await browser.waits("the mistake") { try await browser.texts("#excerpt mark").count == 1 }
                try await picture("plan-mistake", browser)
                try await expectComplaints(browser, only: ["422"])

                try await browser.clickOn(".account button")
                try await browser.waits("to be signed out") { try await browser.texts("h1") == ["Sign in"] }
                try await signIn(viewer, gosset, browser, at: "/experiments/price?done=pause")
                #expect(try await browser.texts("h1") == ["price"], "one goes on to where one wanted to go")
                #expect(try await browser.texts(".actions").isEmpty)
                #expect(try await !browser.texts("nav a").contains("Access"))
                try await browser.open(gosset.address + "/experiments/price/pause")
                #expect(try await browser.texts("h1") == ["Forbidden"])
                #expect(try await browser.texts(".problem p").first?.contains("wants the role editor") == true)
                try await expectComplaints(browser, only: ["403"])
            }
        }

        private static let pages = [
            "experiments", "experiments/new", "experiments/price", "experiments/price/pause", "experiments/price/variants",
            "experiments/price/finish", "experiments/price/plan", "experiments/price/explain?device=device-1", "experiments/price/audit",
            "experiments/draft-of-a-very-long-name-that-does-not-fit-into-a-phone-at-all",
            "experiments/draft-of-a-very-long-name-that-does-not-fit-into-a-phone-at-all/edit", "layers", "holdouts/global/release",
            "experiments/price/results", "events", "audit", "access", "access/ann/revoke",
            "sign-in", "plan", "spending", "compare", "",
        ]

        // Facts of every length, one of them told twice, one of the future.
        private static let oddEvents = TestRequest.events(
            lines: ["visit", "purchase", "purchase", String(repeating: "a-long-name.", count: 5)].enumerated().map {
                #"{"id":"\#($0.offset)","unit":"device-1","fact":"\#($0.element)"}"#
            } + [#"{"id":"0","unit":"device-1","fact":"visit","time":"2099-01-01T00:00:00Z"}"#])

        // The page of events follows what comes, without being loaded again.
        @Test func `The page of events keeps itself current`() async throws {
            try await withBrowser { gosset, browser in
                try await signIn(gosset.adminToken, gosset, browser)
                try await browser.clickOn("nav a[href='/events']")
                try await browser.waits("the page") { try await browser.texts("h1") == ["Events"] }
                #expect(try await browser.texts("#no-facts").count == 1)
                try await browser.run("window.mark = 'still here'")
                #expect(try await gosset.client.send(ConsoleTests.oddEvents).status == 202)
                try await eventually("the events on the page") { try await browser.texts("#received") == ["5"] }
                #expect(try await browser.texts("#skewed") == ["1"])
                let long = String(repeating: "a-long-name.", count: 5)
                #expect(try await browser.texts("#facts th[scope=row]") == ["purchase", "visit", long])
                #expect(try await browser.texts("#facts td.count") == ["2", "2", "1"])
                try await eventually("the delivery", within: 60) { try await browser.texts("#waiting") == ["0"] }
                #expect(try await browser.texts("#delivered") == ["4"])
                #expect(try await browser.texts("#duplicates") == ["1"])
                #expect(try await browser.texts("#oldest") == ["none waits"])
                #expect(try await browser.run("return window.mark").string == "still here")
                #expect(try await browser.texts("caption") == ["How far they came", "What was odd", "Facts"])
                try await expectComplaints(browser, only: [])
            }
        }

        private func looks(_ gosset: GossetProcess, _ browser: Browser) async throws {
            for (width, height) in [(1280, 900), (390, 844)] {
                try await browser.resize(width: width, height: height)
                for scheme in ["light", "dark"] {
                    try await browser.prefer(colorScheme: scheme)
                    for page in ConsoleTests.pages {
                        try await browser.open(gosset.address + "/" + page)
                        let name = page.replacing("/", with: "-").prefix { $0 != "?" } + "-\(scheme)-\(width)"
                        let widths = try await browser.run("return [document.documentElement.scrollWidth, window.innerWidth]")
                        #expect(
                            widths[0].number ?? .infinity <= Double(width) && widths[1].number == Double(width), "\(name) scrolls sideways")
                        try await expectReadable(browser, String(name))
                        let top = try await browser.run("return document.querySelector('.top').offsetHeight").number ?? .infinity
                        #expect(top < 80, "\(name) begins at \(top)")
                        try await picture(String(name), browser)
                    }
                }
            }
            try await browser.resize(width: 1280, height: 900)
            try await expectComplaints(browser, only: [])
        }

        // What somebody needs who does not see the page.
        private func expectReadable(_ browser: Browser, _ name: String) async throws {
            let flaws = try await browser.run(
                """
                const flaws = [];
                if (document.querySelectorAll('h1').length !== 1) flaws.push('not one h1');
                if (!document.querySelector('main') || !document.documentElement.lang) flaws.push('no main or language');
                for (const e of document.querySelectorAll('input:not([type=hidden], [hidden]), select, textarea'))
                  if (!e.labels?.length && !e.ariaLabel) flaws.push('no label: ' + e.outerHTML);
                for (const e of document.querySelectorAll('a, button'))
                  if (!e.textContent.trim() && !e.ariaLabel && !e.querySelector('img[alt]')) flaws.push('no name: ' + e.outerHTML);
                for (const e of document.querySelectorAll('img:not([alt])')) flaws.push('no alt: ' + e.outerHTML);
                const ids = [...document.querySelectorAll('[id]')].map(e => e.id);
                for (const id of ids) if (ids.indexOf(id) !== ids.lastIndexOf(id)) flaws.push('twice: #' + id);
                for (const e of document.querySelectorAll('[style], script:not([src])')) flaws.push('inline: ' + e.outerHTML);
                return flaws;
                """)
            #expect(flaws.elements.compactMap(\.string) == [], "\(name)")
        }

        private func picture(_ name: String, _ browser: Browser) async throws {
            guard let directory = ConsoleTests.artifacts else { return }
            try FileManager.default.createDirectory(atPath: directory, withIntermediateDirectories: true)
            try await browser.screenshot().write(to: URL(fileURLWithPath: "\(directory)/console-\(name).png"))
        }

        // Nothing is said in the browser's console but that a page had one of these statuses.
        private func expectComplaints(
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
