import Foundation
import HTTPServerTesting
import Testing

extension Processes.ConsoleTests {
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
}
