import Console
import Enrollment
import Experiments
import Foundation
import HTTPServer
import HTTPServerTesting
import Logging
import Testing

@Suite struct StatisticsAPITests {
    @Test func `Counts stand beside what was intended, and drafts do not show`() async throws {
        try await Fixture.both { fixture, client async throws in
            let body = #"{"key":"secret-plan","variants":[{"value":"a","weight":1},{"value":"b","weight":1}]}"#
            _ = try await client.post("/api/v1/admin/experiments", as: .editor, of: fixture, body)
            for number in 0..<600 { _ = try await client.device("device-\(number)") }
            let response = try await client.get("/api/v1/statistics")
            #expect(!response.text.contains("secret-plan"))
            let statistics = try response.object()
            #expect(statistics["devices"] as? Int == 600)
            let experiments = try #require(statistics["experiments"] as? [[String: Any]])
            let price = try #require(experiments.last)
            #expect(price["balanced"] as? Bool == true)
            let variants = try #require(price["variants"] as? [[String: Any]])
            #expect(variants.map { $0["devices"] as? Int } == [450, 60, 30, 60])
            #expect(variants.map { $0["percent"] as? Double } == [75, 10, 5, 10])
            #expect(variants.map { $0["intendedPercent"] as? Double } == [75, 10, 5, 10])
        }
    }

    @Test func `An experiment does not count devices that are older`() async throws {
        try await Fixture.both(.empty) { fixture, client async throws in
            for number in 0..<7 { _ = try await client.device("older-\(number)") }
            let body = #"{"key":"new","variants":[{"value":"a","weight":1},{"value":"b","weight":1}]}"#
            _ = try await client.post("/api/v1/admin/experiments", as: .editor, of: fixture, body)
            _ = try await client.post("/api/v1/admin/experiments/new/start", as: .editor, of: fixture)
            for number in 0..<4 { _ = try await client.device("newer-\(number)") }
            let experiments = try #require(try await client.get("/api/v1/statistics").object()["experiments"] as? [[String: Any]])
            #expect(experiments.first?["devices"] as? Int == 4)
        }
    }

    @Test func `The page shows the same numbers, and works without JavaScript`() async throws {
        try await Fixture.both { _, client async throws in
            for number in 0..<20 { _ = try await client.device("device-\(number)") }
            let page = try await client.get("/")
            #expect(page.headers["Content-Type"] == "text/html; charset=utf-8")
            for text in [">20<", "button_color", "#FF0000", "75.0 %", "<td class=\"n devices\">15</td>", "http-equiv=\"refresh\""] {
                #expect(page.text.contains(text), "\(text)")
            }
            let policy = try #require(page.headers["Content-Security-Policy"])
            #expect(!policy.contains("unsafe"))
        }
    }

    // Over sockets alone: in process a stream would not end.
    @Test func `The live part is sent again when devices arrive`() async throws {
        let fixture = try await Fixture()
        let server = try Server.start(fixture.console.router, logger: .silent)
        let port = server.port
        let told = Task.detached {
            let connection = try LiveConnection(port: port)
            try connection.write(Array("GET /statistics/live HTTP/1.1\r\nHost: x\r\n\r\n".utf8))
            try LiveConnection.read(connection, until: "id=\"devices\">0<")
            _ = try LiveClient(port: port).sendBlocking(TestRequest("GET", "/api/v1/experiments", headers: [("Device-Token", "phone")]))
            try LiveConnection.read(connection, until: "id=\"devices\">1<")
            return true
        }
        #expect(try await told.value)
        await server.stop(grace: .seconds(1))
    }
}

extension LiveConnection {
    // Reads lines until one contains the text; throws when the server falls silent first.
    fileprivate static func read(_ connection: LiveConnection, until text: String) throws {
        while try !connection.readLine().contains(text) {}
    }
}
