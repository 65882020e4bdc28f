import Foundation
import HTTPServerTesting
import Testing

// A headless Chromium, driven through chromedriver: W3C WebDriver, which is JSON over HTTP.
final class Browser: Sendable {
    struct Failure: Error, CustomStringConvertible { let description: String }

    // Whether it is installed here.
    static let isInstalled = ["/usr/bin/chromium", "/usr/bin/chromedriver"].allSatisfy { FileManager.default.isExecutableFile(atPath: $0) }

    private let driver: Program
    private let profile: TemporaryDirectory
    private let port: Int
    private let session: String

    init() async throws {
        let profile = try TemporaryDirectory()
        let driver = try Program(["/usr/bin/chromedriver", "--port=0"], environment: ["HOME": profile.path])
        let port = try await eventually("chromedriver", within: 60) {
            driver.output.firstMatch(of: #/started successfully on port (\d+)/#).flatMap { Int($0.1) }
        }
        let arguments = [
            "--headless=new", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--no-first-run", "--hide-scrollbars",
            "--window-size=1280,900",
            "--disable-background-networking", "--disable-component-update", "--user-data-dir=\(profile.path)/profile",
        ]
        let options = "{\"binary\":\"/usr/bin/chromium\",\"args\":[\(arguments.map(\.asJSON).joined(separator: ","))]}"
        let capabilities =
            "{\"capabilities\":{\"alwaysMatch\":{\"browserName\":\"chrome\",\"goog:loggingPrefs\":{\"browser\":\"ALL\"},\"goog:chromeOptions\":\(options)}}}"
        let answer = try await Browser.call(port, "POST", "/session", capabilities)
        guard let session = answer["sessionId"].string else { throw Failure(description: "chromedriver made no session") }
        self.driver = driver
        self.profile = profile
        self.port = port
        self.session = session
    }

    // Ends the browser. The driver, and with it what it started, goes with the object.
    func close() async { _ = try? await Browser.call(port, "DELETE", "/session/\(session)", "") }

    // MARK: What a person does

    func open(_ address: String) async throws { try await command("url", "{\"url\":\(address.asJSON)}") }

    // Runs a function body in the page and gives what it returns.
    @discardableResult
    func run(_ script: String) async throws -> JSON { try await command("execute/sync", "{\"script\":\(script.asJSON),\"args\":[]}") }

    // The texts of all elements that a selector finds, with no-break spaces read as spaces.
    func texts(_ selector: String) async throws -> [String] {
        let text = "element.textContent.trim().replaceAll('\\u00a0', ' ')"
        return try await run("return [...document.querySelectorAll(\(selector.asJSON))].map(element => \(text))").elements
            .compactMap(\.string)
    }

    // Gives a file to a field of a form.
    func choose(file: String, in selector: String) async throws {
        let element = try await element(selector)
        try await command("element/\(element)/value", "{\"text\":\(file.asJSON)}")
    }

    // What the page has written to the console since it was asked last: script errors, violations of its policy, failed loads.
    func complaints() async throws -> [String] {
        try await command("se/log", "{\"type\":\"browser\"}").elements.compactMap { $0["message"].string }
    }

    // A window of this size; a phone's pages are laid out as on a phone.
    func resize(width: Int, height: Int) async throws {
        let isPhone = width < 600
        try await develop(
            "Emulation.setDeviceMetricsOverride",
            "{\"width\":\(width),\"height\":\(height),\"deviceScaleFactor\":\(isPhone ? 2 : 1),\"mobile\":\(isPhone)}")
    }

    func prefer(colorScheme: String) async throws {
        try await develop("Emulation.setEmulatedMedia", "{\"features\":[{\"name\":\"prefers-color-scheme\",\"value\":\"\(colorScheme)\"}]}")
    }

    // Lays the page out for paper, as the browser's own command does.
    func print() async throws { try await command("print", "{}") }

    // A picture of the window, as PNG.
    func screenshot() async throws -> Data {
        let text = try await Browser.call(port, "GET", "/session/\(session)/screenshot", "").string
        guard let data = text.flatMap({ Data(base64Encoded: $0) }) else { throw Failure(description: "no screenshot") }
        return data
    }

    // MARK: Wires

    // What WebDriver calls the reference of an element.
    private static let elementKey = "element-6066-11e4-a52e-4f735466cecf"

    private static func identity(of value: JSON) -> String? { value[elementKey].string }

    func element(_ selector: String) async throws -> String {
        let found = try await command("element", "{\"using\":\"css selector\",\"value\":\(selector.asJSON)}")
        guard let identity = Browser.identity(of: found) else { throw Failure(description: "there is no \(selector)") }
        return identity
    }

    // A command of Chromium's own protocol.
    private func develop(_ name: String, _ parameters: String) async throws {
        try await command("goog/cdp/execute", "{\"cmd\":\"\(name)\",\"params\":\(parameters)}")
    }

    @discardableResult
    func command(_ name: String, _ body: String) async throws -> JSON {
        try await Browser.call(port, "POST", "/session/\(session)/\(name)", body)
    }

    // The driver answers only who calls it by its own name.
    private static func call(_ port: Int, _ method: String, _ path: String, _ body: String) async throws -> JSON {
        let head =
            "\(method) \(path) HTTP/1.1\r\nHost: 127.0.0.1:\(port)\r\nContent-Type: application/json\r\nContent-Length: \(body.utf8.count)\r\n\r\n"
        let response = try await onThreads(1) { _ in
            try LiveConnection(port: port, patienceSeconds: 120).roundTrip(Array((head + body).utf8))
        }[0]
        let value = try JSON(parsing: response.text)["value"]
        guard response.status == 200 else {
            throw Failure(description: "\(method) \(path): \(value["error"].string ?? "") \(value["message"].string ?? response.text)")
        }
        return value
    }
}
