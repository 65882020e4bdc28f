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

    // Waits until so many charts are drawn, each in a frame whose height is that of its drawing.
    func expectDrawnCharts(_ count: Int, sourceLocation: SourceLocation = #_sourceLocation) async throws {
        // Frames are loaded when they come into sight.
        for index in 0..<count {
            try await run("document.querySelectorAll('gosset-chart')[\(index)].scrollIntoView()")
            try await eventually("chart \(index)", within: 60) {
                try await inFrame(ofChart: index, "return document.querySelectorAll('#chart svg').length").number == 1
            }
            let height = try await inFrame(ofChart: index, "return document.querySelector('#chart').offsetHeight").number ?? 0
            try await eventually("the height of chart \(index)") {
                let frame = try await run(
                    "return document.querySelectorAll('gosset-chart')[\(index)].shadowRoot.querySelector('iframe').offsetHeight")
                return abs((frame.number ?? 0) - height) <= 1
            }
            // Its origin is nobody's: it sees nothing of the page around it.
            let reach = "try { return parent.document.title } catch (error) { return error.name }"
            #expect(try await inFrame(ofChart: index, reach).string == "SecurityError", sourceLocation: sourceLocation)
        }
        #expect(
            try await run("return document.querySelectorAll('gosset-chart').length").number == Double(count), sourceLocation: sourceLocation
        )
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
