import Foundation

// What a person does with mouse and keyboard: real input events, in the browser's own order.
extension Browser {
    // Clicks on what a selector finds, where it can be seen.
    func clickOn(_ selector: String) async throws {
        try await command("element/\(element(selector))/click", "{}")
    }

    // Types into a field, after what is in it is taken out.
    func type(_ text: String, into selector: String, clears: Bool = true) async throws {
        let id = try await element(selector)
        if clears { try await command("element/\(id)/clear", "{}") }
        try await command("element/\(id)/value", "{\"text\":\(text.asJSON)}")
    }

    // Presses keys one after the other, wherever the focus is.
    func press(_ keys: String) async throws {
        let strokes = keys.unicodeScalars.flatMap { key in
            ["keyDown", "keyUp"].map { "{\"type\":\"\($0)\",\"value\":\(String(key).asJSON)}" }
        }
        try await command(
            "actions", "{\"actions\":[{\"type\":\"key\",\"id\":\"keyboard\",\"actions\":[\(strokes.joined(separator: ","))]}]}")
    }

    // Moves the mouse to a place in the window, in small steps as a hand does.
    func point(atX x: Double, y: Double) async throws {
        let moves = [(x - 3, y), (x, y)].map {
            "{\"type\":\"pointerMove\",\"duration\":20,\"x\":\(Int($0)),\"y\":\(Int($1))}"
        }
        try await command(
            "actions",
            "{\"actions\":[{\"type\":\"pointer\",\"id\":\"mouse\",\"parameters\":{\"pointerType\":\"mouse\"},\"actions\":[\(moves.joined(separator: ","))]}]}"
        )
    }

    static let tab = "\u{E004}"
    static let escape = "\u{E00C}"
    static let enter = "\u{E007}"
    static let space = "\u{E00D}"

    // What has the focus, as somebody hears it: its own text, its label or its name.
    func focused() async throws -> String {
        try await run(
            """
            const e = document.activeElement; if (!e || e === document.body) return '';
            return (e.getAttribute('aria-label') || (e.labels && e.labels[0] ? e.labels[0].textContent : e.textContent)).trim()
            """
        ).string ?? ""
    }

    // Presses the tabulator until the focus is on what is called so; every stop on the way must show that it has the focus.
    func tab(to name: String, most: Int = 60) async throws {
        for _ in 0..<most {
            try await press(Browser.tab)
            let outline = try await run("return getComputedStyle(document.activeElement).outlineStyle").string ?? "none"
            let isHidden = try await run("return document.activeElement.matches('body, [tabindex=\"-1\"]')").boolean ?? false
            if outline == "none", !isHidden { throw Failure(description: "the focus cannot be seen on \(try await focused())") }
            if try await focused().hasPrefix(name) { return }
        }
        throw Failure(description: "no way by keyboard to '\(name)'")
    }
}
