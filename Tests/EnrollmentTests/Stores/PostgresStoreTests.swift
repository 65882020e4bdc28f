import Enrollment
import EnrollmentTesting
import Experiments
import Foundation
import Testing

@Suite struct PostgresStoreTests {
    private let server: PostgresTestServer

    init() throws { server = try PostgresTestServer.shared.get() }

    @Test func devicesThatAreKnownKeepTheirOrdinals() throws {
        let store = PostgresStore(uri: try server.makeDatabase())
        _ = try store.open()
        _ = try store.enroll([3, 4].map(Samples.token), at: Timestamp(milliseconds: 1))
        let mixed = try store.enroll([5, 4, 6, 3].map(Samples.token), at: Timestamp(milliseconds: 2))
        #expect(mixed.devices.map(\.ordinal) == [2, 1, 3, 0])
        #expect(mixed.devices.map(\.firstSeen.milliseconds) == [2, 1, 2, 1])
        #expect(mixed.fresh == 2..<4)
        let known = try store.enroll([6, 5].map(Samples.token), at: Timestamp(milliseconds: 3))
        #expect(known.devices.map(\.ordinal) == [3, 2])
        #expect(known.fresh.isEmpty)
    }

    @Test func serversThatStartTogetherMakeOneRegistry() async throws {
        let uri = try server.makeDatabase()
        let identities = try await withThrowingTaskGroup { group in
            for _ in 0..<6 {
                group.addTask {
                    let store = PostgresStore(uri: uri)
                    return try store.open()
                }
            }
            return try await group.reduce(into: Set()) { $0.insert($1) }
        }
        #expect(identities.count == 1)
    }

    @Test func aNewerSchemaIsRefused() throws {
        let uri = try server.makeDatabase()
        _ = try PostgresStore(uri: uri).open()
        try server.run("UPDATE gosset.schema_version SET version = 9", in: uri)
        let error = #expect(throws: StoreError.self) { try PostgresStore(uri: uri).open() }
        #expect(error?.code == .newerSchema)
    }

    // What each later version added is taken away again, which leaves what an earlier program wrote.
    @Test(arguments: 1...4) func `What an earlier version wrote is there, and takes what is new`(version: Int) async throws {
        let uri = try server.makeDatabase()
        let devices = try await EarlierRegistry.fill(PostgresStore(uri: uri))
        let steps = [
            1: "DROP TABLE gosset.link; ALTER TABLE gosset.state DROP COLUMN last_link;",
            2: "DROP TABLE gosset.arrangement; DROP TABLE gosset.member;",
            4: "DROP TABLE gosset.forgotten;",
        ]
        let back = steps.filter { $0.key >= version }.map(\.value).joined()
        try server.run(back + "UPDATE gosset.schema_version SET version = \(version)", in: uri)
        try await EarlierRegistry.expect(devices, in: PostgresStore(uri: uri))
    }

    @Test func aReadOnlyDatabaseIsRefused() throws {
        let uri = try server.makeDatabase()
        _ = try PostgresStore(uri: uri).open()
        try server.run("ALTER DATABASE \(uri.split(separator: "/").last ?? "") SET default_transaction_read_only = on", in: uri)
        let error = #expect(throws: StoreError.self) { try PostgresStore(uri: uri).open() }
        #expect(error?.code == .readOnly)
    }

    @Test func aServerThatIsNotThereIsSaidToBeAway() {
        let store = PostgresStore(uri: "postgres://nobody:hunter2hunter2@127.0.0.1:1/none")
        let error = #expect(throws: StoreError.self) { try store.open() }
        #expect(error?.code == .disconnected)
        #expect(error?.description.contains("hunter2") == false)
        #expect(error?.description.contains("\n") == false)
    }

    @Test func aServerThatDoesNotAnswerIsGivenUp() async throws {
        let uri = try server.makeDatabase()
        let store = PostgresStore(uri: uri, patience: .seconds(1))
        _ = try store.open()
        // Somebody else has the turn, and keeps it.
        async let blocker: Void = { _ = try? server.run("BEGIN; UPDATE gosset.state SET opened = 1; SELECT pg_sleep(60)", in: uri) }()
        let gaveUp = try await giveUp(store)
        #expect(gaveUp == .timeout)
        try server.run(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE pid <> pg_backend_pid() AND datname = current_database()", in: uri
        )
        await blocker
    }

    private func giveUp(_ store: PostgresStore) async throws -> StoreError.Code? {
        // Until the other one has got its turn, we get ours.
        for number in 0..<1000 {
            do throws(StoreError) {
                guard let token = try? Samples.token(number) else { return nil }
                _ = try store.enroll([token], at: Timestamp(milliseconds: 1))
            } catch {
                return error.code
            }
            try await Task.sleep(for: .milliseconds(5))
        }
        return nil
    }
}
