import Console
import Enrollment
import Foundation
import HTTPServer
import HTTPServerTesting
import Testing

@Suite struct BackupAPITests {
    private let path = "/api/v1/admin/backups"

    @Test func `only an administrator may copy the registry`() async throws {
        try await Fixture.both { fixture, client async throws in
            _ = try await client.post(path, as: .editor, of: fixture).problem(403)
            _ = try await client.post(path, as: .viewer, of: fixture).problem(403)
        }
    }

    @Test func `a registry that is kept elsewhere says how to back it up`() async throws {
        try await Fixture.both { fixture, client async throws in
            #expect(try await client.post(path, as: .admin, of: fixture).problem(409).contains("memory"))
        }
    }

    @Test func `the answer names the copy in the data directory`() async throws {
        let directory = FileManager.default.temporaryDirectory.appending(path: "gosset-\(UUID().uuidString)").path()
        defer { try? FileManager.default.removeItem(atPath: directory) }
        let registry = try Registry(SQLiteStore(directory: directory))
        defer { registry.close() }
        let token = AccessToken.random()
        try await registry.grantAccess(to: "keeper", as: .admin, token: token, actor: "test")
        let client = InProcessClient(Console(registry: registry, measurements: Measurements()).router)
        let answer = try await client.send(TestRequest("POST", path, headers: [("Authorization", "Bearer \(token.secret)")]))
        #expect(answer.status == 201)
        let file = try #require(try answer.object()["file"] as? String)
        #expect(FileManager.default.fileExists(atPath: "\(directory)/\(file)"))
    }
}
