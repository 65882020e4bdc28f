import Enrollment
import HTTPServer
import Text

/// Copies of the registry, made while it serves.
struct BackupAPI: Sendable {
    let registry: Registry

    var endpoints: [Endpoint] {
        [Endpoint(.post, "/api/v1/admin/backups", .createBackup, .bearer(.admin) { _, actor in try await create(actor: actor) })]
    }

    private func create(actor: String) async throws -> Response {
        let report = try await registry.backUp(actor: actor)
        return .json(["file": .string(report.file), "bytes": .integer(report.bytes)], status: .created)
    }
}
