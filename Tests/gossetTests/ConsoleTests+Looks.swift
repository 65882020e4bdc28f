import Foundation
import HTTPServerTesting
import Testing

extension Processes.ConsoleTests {
    // MARK: Roles, refusals, looks

    @Test func `A viewer sees and is offered nothing else, and every page fits and can be read on every screen`() async throws {
        try await withBrowser { gosset, browser in
            try await gosset.assignments(of: (0..<300).map { "device-\($0)" })
            #expect(try await gosset.client.send(Self.oddEvents).status == 202)
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
            #expect(try await gosset.client.send(Self.oddEvents).status == 202)
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
                for page in Self.pages {
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
}
