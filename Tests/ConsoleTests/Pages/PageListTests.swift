import Console
import Enrollment
import Foundation
import HTTPServer
import Testing

// The documentation's list of pages, held to the router.
@Suite struct PageListTests {
    // The paths of the first column of the first table, and the rest of their row.
    private static func listed() throws -> [(path: String, row: Substring)] {
        let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent()
        let text = try String(contentsOf: root.appending(path: "Documentation/console.md"), encoding: .utf8)
        return text.split(separator: "\n").filter { $0.hasPrefix("| `/") }.flatMap { line in
            let cells = line.dropFirst().split(separator: "|", maxSplits: 1)
            return cells[0].matches(of: /`(\/[^`]*)`/).map { (String($0.1), cells[1]) }
        }
    }

    // Parts of pages, which a page itself asks for.
    private static func isPart(_ path: String) -> Bool {
        path.hasSuffix("/live") || ["/experiments/new/size", "/experiments/new/who"].contains(path)
    }

    @Test func `Every page that the router has is listed, and no other`() async throws {
        let fixture = try await Fixture()
        let pages = fixture.console.endpoints.filter { endpoint in
            guard endpoint.method == .get, !PageListTests.isPart(endpoint.path), !endpoint.path.hasPrefix("/api/") else { return false }
            switch endpoint.handler {
            case .page, .open: return true
            case .inline, .task, .inlineBearer, .bearer, .form, .upload: return false
            }
        }.map(\.path)
        let listed = try PageListTests.listed().map(\.path)
        #expect(pages.count > 30)
        #expect(Set(listed).count == listed.count, "each once")
        #expect(Set(pages).subtracting(listed).isEmpty, "not listed: \(Set(pages).subtracting(listed).sorted())")
        #expect(Set(listed).subtracting(pages).isEmpty, "no pages: \(Set(listed).subtracting(pages).sorted())")
    }

    @Test func `Whom a page is for is as the router has it`() async throws {
        let fixture = try await Fixture()
        let rows = Dictionary(try PageListTests.listed(), uniquingKeysWith: { first, _ in first })
        for endpoint in fixture.console.endpoints where endpoint.method == .get {
            guard let row = rows[endpoint.path] else { continue }
            let role = row.split(separator: "|").last?.trimmingCharacters(in: .whitespaces) ?? ""
            switch endpoint.handler {
            case .page(let least, _): #expect(role.hasPrefix(least.rawValue), "\(endpoint.path): \(role)")
            case .open: #expect(role == "everybody", "\(endpoint.path): \(role)")
            case .inline, .task, .inlineBearer, .bearer, .form, .upload: Issue.record("\(endpoint.path) is no page")
            }
        }
    }
}
