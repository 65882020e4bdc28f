import Foundation
import Testing

// What tests of pages do in a browser.
extension Browser {
    func signIn(_ gosset: GossetProcess) async throws {
        try await open(gosset.address + "/sign-in?next=%2Fplan")
        try await run("document.querySelector('#token').value = \(gosset.adminToken.asJSON)")
        try await click("main button")
        try await eventually("to be signed in") { try await texts("form.account button") == ["Sign out"] }
    }

    func click(_ selector: String) async throws { try await run("document.querySelector(\(selector.asJSON)).click()") }

    // How many charts are drawn now.
    func drawnCharts() async throws -> Int {
        let drawn = "[...document.querySelectorAll('gosset-chart')].filter((chart) => chart.shadowRoot?.querySelector('.drawing svg'))"
        return Int(try await run("return \(drawn).length").number ?? 0)
    }

    // Waits until so many charts are drawn as they come in sight, each within its place.
    func expectDrawnCharts(_ count: Int, sourceLocation: SourceLocation = #_sourceLocation) async throws {
        #expect(
            try await run("return document.querySelectorAll('gosset-chart').length").number == Double(count), sourceLocation: sourceLocation
        )
        for index in 0..<count {
            let chart = "document.querySelectorAll('gosset-chart')[\(index)]"
            try await run("\(chart).scrollIntoView({block: 'center'})")
            try await eventually("chart \(index)", within: 60) {
                try await run("return \(chart).shadowRoot.querySelectorAll('.drawing svg').length").number == 1
            }
            let overhang = "\(chart).shadowRoot.querySelector('svg').getBoundingClientRect().right - \(chart).getBoundingClientRect().right"
            #expect(try await run("return \(overhang)").number ?? .infinity <= 1, "chart \(index)", sourceLocation: sourceLocation)
            // Something is drawn in it: marks, and not only axes.
            let marks = "\(chart).shadowRoot.querySelectorAll('.drawing svg .role-mark path, .drawing svg .role-mark line').length"
            #expect(try await run("return \(marks)").number ?? 0 > 0, "chart \(index)", sourceLocation: sourceLocation)
        }
    }

    // What is pointed at in each chart is told beside the mouse, within the window, and in words.
    func expectTellingCharts(_ count: Int, sourceLocation: SourceLocation = #_sourceLocation) async throws {
        for index in 0..<count {
            let mark = """
                const chart = document.querySelectorAll('gosset-chart')[\(index)]; chart.scrollIntoView({block: 'center'});
                const area = (m) => { const r = m.getBoundingClientRect(); return r.width * r.height };
                const marks = [...chart.shadowRoot.querySelectorAll('.drawing svg .role-mark path[aria-label]')];
                const mark = marks.sort((a, b) => area(b) - area(a))[0], r = mark.getBoundingClientRect();
                return [r.x + r.width / 2, r.y + r.height / 2, mark.getAttribute('aria-label')]
                """
            let tip = """
                const tip = document.querySelector('#vg-tooltip-element.visible'); if (!tip) return null;
                const r = tip.getBoundingClientRect(), look = getComputedStyle(tip);
                return [tip.innerText, r.x >= 0 && r.right <= innerWidth && r.width < 420, look.visibility, look.backgroundColor != look.color]
                """
            let place = try await run(mark)
            let (x, y) = (place[0].number ?? 0, place[1].number ?? 0)
            var told = try await run(tip)
            try await eventually("chart \(index) to tell what is pointed at") {
                try await point(atX: x, y: y)
                told = try await run(tip)
                return told[0].string != nil
            }
            let text = told[0].string ?? ""
            #expect(
                told[1].boolean == true && told[2].string == "visible" && told[3].boolean == true, "chart \(index)",
                sourceLocation: sourceLocation)
            #expect(
                text.contains(/[0-9]/) && !text.contains(/undefined|told|null|NaN|\bhigh\b|\blow\b/), "\(text)",
                sourceLocation: sourceLocation)
            #expect(place[2].string?.contains(/undefined|\bhigh\b|\blow\b/) == false, "\(place)", sourceLocation: sourceLocation)
        }
    }

    // At a desk whole tables are in sight; on a phone those that are not say that there is more.
    func expectWholeTables(_ selector: String, sourceLocation: SourceLocation = #_sourceLocation) async throws {
        let wide = """
            const wide = [...document.querySelectorAll(\(selector.asJSON))]
              .filter(e => e.offsetWidth > 0 && e.scrollWidth > e.clientWidth + 1);
            """
        #expect(try await run("\(wide) return wide.length").number == 0, "a table is cut off at 1280", sourceLocation: sourceLocation)
        try await resize(width: 390, height: 844)
        let count = try await run("\(wide) return wide.length").number ?? 0
        #expect(count > 0, "no table is wider than a phone", sourceLocation: sourceLocation)
        // Whoever moves down the page meets a hint at each.
        try await eventually("a hint at each that is wider than a phone") { [self] in
            try await run(
                """
                \(wide)
                const silent = wide.filter(e => !getComputedStyle(e, '::before').content.includes('more to the right'));
                silent[0]?.scrollIntoView();
                return silent.length;
                """
            ).number == 0
        }
        try await resize(width: 1280, height: 900)
    }

    // The page fits a desk and a phone, light and dark; with GOSSET_ARTIFACTS, pictures are kept.
    func expectItFits(_ name: String, sourceLocation: SourceLocation = #_sourceLocation) async throws {
        for (width, height) in [(1280, 900), (390, 844)] {
            try await resize(width: width, height: height)
            for scheme in ["light", "dark"] {
                try await prefer(colorScheme: scheme)
                let widest = try await run("return document.documentElement.scrollWidth").number ?? .infinity
                #expect(widest <= Double(width), "\(name) scrolls sideways at \(width)", sourceLocation: sourceLocation)
                guard let directory = ProcessInfo.processInfo.environment["GOSSET_ARTIFACTS"] else { continue }
                try FileManager.default.createDirectory(atPath: directory, withIntermediateDirectories: true)
                try await screenshot().write(to: URL(fileURLWithPath: "\(directory)/\(name)-\(scheme)-\(width).png"))
            }
        }
        try await resize(width: 1280, height: 900)
        try await prefer(colorScheme: "light")
    }
}
