import HTTPServer
import HTTPServerTesting
import Testing

@Suite struct ServerTests {
    @Test func `A taken port is a clear error`() async throws {
        try await withServer(Router()) { server async throws in
            #expect(throws: ServerError.portTaken(host: "127.0.0.1", port: server.port)) {
                try Server.start(Router(), port: server.port)
            }
        }
    }
}
