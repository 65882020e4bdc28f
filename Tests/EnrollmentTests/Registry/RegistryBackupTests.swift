import Enrollment
import Experiments
import Foundation
import Testing

@Suite struct RegistryBackupTests {
    @Test func aBackupTakenUnderLoadIsTheRegistryWithAllThatWasAnsweredBefore() async throws {
        let directory = try TemporaryDirectory()
        let registry = try Registry(SQLiteStore(directory: directory.path))
        // More than one step copies at once.
        let before = try await enroll(0..<60_000, in: registry)
        try await registry.change(actor: "test", action: "create") { catalogue, _ in try catalogue.add(Samples.experiment("colour")) }
        async let during = enroll(60_000..<70_000, in: registry)
        let report = try await registry.backUp(actor: "keeper")
        let after = try await during
        #expect(registry.failure == nil)
        #expect(
            try await registry.auditLog().contains { $0.action == "back up" && $0.actor == "keeper" && report.file.hasSuffix($0.subject) })
        registry.close()

        let restored = try TemporaryDirectory()
        try FileManager.default.copyItem(atPath: "\(directory.path)/\(report.file)", toPath: restored.path + "/registry.db")
        let copy = try Registry(SQLiteStore(directory: restored.path))
        #expect(copy.id == registry.id)
        #expect(copy.catalogue == registry.catalogue)
        for (token, ordinal) in before { #expect(copy.device(for: token)?.ordinal == ordinal) }
        // Of those who came meanwhile the first so many are in it, without a gap.
        for (token, ordinal) in after {
            let known = copy.device(for: token)?.ordinal
            #expect(known == (ordinal < copy.nextOrdinal ? ordinal : nil))
        }
        copy.close()
        let size = try FileManager.default.attributesOfItem(atPath: "\(directory.path)/\(report.file)")[.size] as? Int
        #expect(size == report.bytes)
        #expect(try FileManager.default.contentsOfDirectory(atPath: directory.path + "/backups").count == 1)
    }

    @Test func oneBackupIsMadeAtATimeAndTheNextOneAfterIt() async throws {
        let directory = try TemporaryDirectory()
        let registry = try Registry(SQLiteStore(directory: directory.path))
        _ = try await enroll(0..<60_000, in: registry)
        let outcomes = await withTaskGroup(of: Result<BackupReport, any Error>.self) { group in
            for _ in 0..<4 {
                group.addTask {
                    do { return .success(try await registry.backUp(actor: "test")) } catch { return .failure(error) }
                }
            }
            return await group.reduce(into: []) { $0.append($1) }
        }
        var reports: [BackupReport] = []
        for outcome in outcomes {
            switch outcome {
            case .success(let report): reports.append(report)
            case .failure(let error): #expect(error as? BackupError == .underWay)
            }
        }
        #expect(!reports.isEmpty)
        let next = try await registry.backUp(actor: "test")
        #expect(!reports.contains(next))
        registry.close()
    }

    @Test func aRegistryInMemoryCannotBeBackedUp() async throws {
        let registry = try Registry(MemoryStore())
        let error = await #expect(throws: BackupError.self) { try await registry.backUp(actor: "test") }
        guard case .unsupported = error else { Issue.record("\(String(describing: error))"); return }
        registry.close()
    }

    // As many at once as a busy server would have.
    private func enroll(_ numbers: Range<Int>, in registry: Registry) async throws -> [(DeviceToken, Ordinal)] {
        try await withThrowingTaskGroup(of: (DeviceToken, Ordinal).self) { group in
            for number in numbers {
                group.addTask {
                    let token = try Samples.token(number)
                    return (token, try await registry.enroll(token).ordinal)
                }
            }
            return try await group.reduce(into: []) { $0.append($1) }
        }
    }
}
