import Console
import Enrollment
import Foundation
import HTTPServer
import HTTPServerTesting
import Testing

@Suite struct HelpPagesTests {
    private static let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent().deletingLastPathComponent().appending(path: "Documentation")

    @Test func `Every document is a page for everybody, and its links lead to what is there`() async throws {
        let names = try FileManager.default.contentsOfDirectory(atPath: HelpPagesTests.folder.path).filter { $0.hasSuffix(".md") }
        #expect(names.count > 10)
        let fixture = try await Fixture()
        let client = InProcessClient(fixture.console.router)
        let list = try await client.get("/help")
        var pages: [String: String] = [:]
        for name in names.map({ String($0.dropLast(3)) }) {
            let page = try await client.get("/help/" + name)
            #expect(page.status == 200 && list.text.contains("href=\"/help/\(name)\""), "\(name)")
            pages["/help/" + name] = page.text
        }
        for (path, text) in pages {
            for match in text.matches(of: /(?:href|src)="(\/help\/[^"#]*)?(#[^"]*)?"/) where match.1 != nil || match.2 != nil {
                let target = match.1.map(String.init) ?? path
                let page = try #require(pages[target], "\(path) leads to \(target)")
                guard let anchor = match.2?.dropFirst(), anchor != "content" else { continue }
                #expect(page.contains("id=\"\(anchor)\""), "\(path) leads to \(target)#\(anchor)")
            }
            for match in text.matches(of: /src="(\/assets\/[^"]*\.svg)"/) { #expect(try await client.get(String(match.1)).status == 200) }
        }
        #expect(pages["/help/cinema"]?.contains("<img src=\"/assets/") == true)
        #expect(try await client.get("/help/nothing").status == 404)
    }

    @Test func `The foot of a page leads to what is about it`() async throws {
        try await Fixture.both { fixture, client async throws in
            let viewer = try await Visitor.signedIn(.viewer, fixture, client)
            for (path, help) in [
                ("/", "assignment"), ("/experiments/price", "console"), ("/compare", "results-and-tools"), ("/events", "events"),
                ("/plan", "statistics"), ("/effect-check", "effect-check"),
            ] {
                let text = try await viewer.get(path).text
                #expect(
                    text.contains("About this page: <a href=\"/help/\(help)\">") && text.contains("href=\"/help\">Documentation"), "\(path)"
                )
            }
        }
    }
}
