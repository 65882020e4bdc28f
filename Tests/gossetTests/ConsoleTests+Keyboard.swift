import Foundation
import HTTPServerTesting
import Testing

extension Processes.ConsoleTests {
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
}
