import Foundation
import HTTPServerTesting
import Testing

extension Processes.ConsoleTests {
    @Test func `A page that keeps itself current says so when it cannot any more, and leads back through signing in`() async throws {
        try await withBrowser { gosset, browser in
            let made = try await gosset.admin.send("POST", "/api/v1/admin/tokens", json: #"{"name":"ann","role":"viewer"}"#)
            let token = try #require(try JSON(parsing: made.text)["token"].string)
            let page = "/experiments/price/results"
            try await signIn(token, gosset, browser, at: page)
            try await browser.waits("the page") { try await browser.texts("h1") == ["price"] }
            #expect(try await browser.texts(".stale").isEmpty)
            #expect(try await gosset.admin.delete("/api/v1/admin/tokens/ann").status < 300)
            try await eventually("the notice", within: 60) {
                try await browser.texts(".stale[role=alert]")
                    == ["You are signed out, so what is shown here is not kept current any more. Sign in again"]
            }
            try await browser.expectItFits("signed-out")
            try await browser.clickOn(".stale a")
            try await browser.waits("the form to sign in") { try await browser.texts("h1") == ["Sign in"] }
            try await browser.type(gosset.adminToken, into: "#token")
            try await browser.clickOn("main button.main")
            try await browser.waits("the page again") { try await browser.run("return location.pathname").string == page }
            #expect(try await browser.texts(".stale").isEmpty)
            try await expectComplaints(browser, only: ["401"])
        }
    }

    @Test func `What is wrong in a form has the focus and says why, and all text can be read`() async throws {
        try await withBrowser { gosset, browser in
            try await signIn(gosset.adminToken, gosset, browser)
            for (query, field) in [("baseline=5,5", "baseline"), ("power=80", "power")] {
                try await browser.open(gosset.address + "/plan?" + query)
                try await browser.waits("the focus") { try await browser.run("return document.activeElement.id").string == field }
                let told = "document.getElementById(document.activeElement.getAttribute('aria-describedby')).textContent"
                #expect(try await browser.run("return \(told)").string?.isEmpty == false, "\(query)")
            }
            for scheme in ["light", "dark"] {
                try await browser.prefer(colorScheme: scheme)
                for path in ["plan", "experiments", "experiments/price", "experiments/new", "layers", "access", "simulate", "events"] {
                    try await browser.open(gosset.address + "/" + path)
                    #expect(try await browser.run(Self.faint).elements.compactMap(\.string) == [], "\(path), \(scheme)")
                }
            }
            try await expectComplaints(browser, only: ["422"])
        }
    }

    // Texts and hints with a contrast below 4.5 (WCAG 2.2, 1.4.3), and tables that neither their caption nor a label names.
    private static let faint = """
        const light = (c) => c.map(v => v / 255).map(v => v <= .04045 ? v / 12.92 : ((v + .055) / 1.055) ** 2.4)
            .reduce((sum, v, i) => sum + v * [.2126, .7152, .0722][i], 0);
        const colour = (text) => { const [r, g, b, a = 1] = text.match(/[\\d.]+/g).map(Number); return [[r, g, b], a]; };
        const behind = (e) => { for (; e; e = e.parentElement) { const [c, a] = colour(getComputedStyle(e).backgroundColor); if (a === 1) return c; }
            return [255, 255, 255]; };
        const contrast = (e, part) => { const [one, two] = [light(colour(getComputedStyle(e, part).color)[0]), light(behind(e))];
            return (Math.max(one, two) + .05) / (Math.min(one, two) + .05); };
        const flaws = [], seen = new Set(), walk = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
        while (walk.nextNode()) {
            const e = walk.currentNode.parentElement;
            if (!walk.currentNode.data.trim() || seen.has(e) || e.closest('svg, script') || !e.checkVisibility()) continue;
            seen.add(e);
            if (contrast(e) < 4.5) flaws.push(walk.currentNode.data);
        }
        for (const e of document.querySelectorAll('[placeholder]'))
            if (e.checkVisibility() && contrast(e, '::placeholder') < 4.5) flaws.push('hint of ' + e.id);
        for (const e of document.querySelectorAll('table')) if (!e.caption && !e.ariaLabel) flaws.push('table: ' + e.textContent.slice(0, 40));
        for (const e of document.querySelectorAll('th:not([scope])')) flaws.push('no scope: ' + e.textContent);
        return flaws;
        """
}
