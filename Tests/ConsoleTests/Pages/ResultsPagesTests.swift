import Console
import Enrollment
import HTTPServer
import HTTPServerTesting
import Testing

@Suite struct ResultsPagesTests {
    @Test func `A server that works out no results says so, and what to do`() async throws {
        try await Fixture.both { fixture, client async throws in
            let viewer = try await Visitor.signedIn(.viewer, fixture, client)
            let page = try await viewer.get("/experiments/price/results")
            #expect(page.status == 200 && page.text.contains("id=\"no-results\"") && page.text.contains("--data DIRECTORY"))
            #expect(!page.text.contains("There is no plan yet"))
        }
    }
}
