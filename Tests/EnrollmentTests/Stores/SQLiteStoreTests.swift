import Enrollment
import Experiments
import Foundation
import Testing

@Suite struct SQLiteStoreTests {
    /// Runs SQL in the database of a registry that is not open, by the command-line program.
    private func run(_ sql: String, in directory: TemporaryDirectory) throws {
        let process = Process()
        process.executableURL = URL(filePath: "/usr/bin/sqlite3")
        process.arguments = [directory.path + "/registry.db", sql]
        try process.run()
        process.waitUntilExit()
        #expect(process.terminationStatus == 0)
    }

    private func makeRegistry(_ directory: TemporaryDirectory, devices: Int = 0) throws {
        let store = SQLiteStore(directory: directory.path)
        _ = try store.open()
        if devices > 0 { _ = try store.enroll((0..<devices).map(Samples.token), at: Timestamp(milliseconds: 1)) }
    }

    @Test func aSecondOwnerIsRefusedAndToldWhoTheFirstIs() throws {
        let directory = try TemporaryDirectory()
        let first = SQLiteStore(directory: directory.path)
        _ = try first.open()
        let error = #expect(throws: StoreError.self) { try SQLiteStore(directory: directory.path).open() }
        #expect(error?.code == .directoryInUse)
        #expect(error?.description == "The data directory \(directory.path) is in use by another server (process \(getpid()))")
        first.close()
        _ = try SQLiteStore(directory: directory.path).open()
    }

    @Test func theDirectoryIsFreeWhenItsOwnerIsGone() throws {
        let directory = try TemporaryDirectory()
        try makeRegistry(directory)
        try makeRegistry(directory)
    }

    @Test func theDirectoryAndItsFilesAreTheirOwnersAlone() throws {
        let parent = try TemporaryDirectory()
        let path = parent.path + "/deep/data"
        let store = SQLiteStore(directory: path)
        _ = try store.open()
        _ = try store.enroll([Samples.token(1)], at: Timestamp(milliseconds: 1))
        func permissions(_ path: String) throws -> Int? {
            try FileManager.default.attributesOfItem(atPath: path)[.posixPermissions] as? Int
        }
        #expect(try permissions(path) == 0o700)
        for file in try FileManager.default.contentsOfDirectory(atPath: path) {
            #expect(try permissions(path + "/" + file) == 0o600, "\(file)")
        }
    }

    @Test func aNewerSchemaIsRefused() throws {
        let directory = try TemporaryDirectory()
        try makeRegistry(directory)
        try run("PRAGMA user_version = 7", in: directory)
        let error = #expect(throws: StoreError.self) { try makeRegistry(directory) }
        #expect(error?.code == .newerSchema)
        #expect(error?.message.contains("schema version 7") == true)
    }

    // What each later version added is taken away again, which leaves what an earlier program wrote.
    @Test(arguments: 1...3) func `What an earlier version wrote is there, and takes what is new`(version: Int) async throws {
        let directory = try TemporaryDirectory()
        let devices = try await EarlierRegistry.fill(SQLiteStore(directory: directory.path))
        let steps = [
            1: "DROP TABLE link; DELETE FROM sqlite_sequence WHERE name = 'link';", 2: "DROP TABLE arrangement; DROP TABLE member;",
        ]
        let back = steps.filter { $0.key >= version }.map(\.value).joined()
        try run(back + "PRAGMA user_version = \(version)", in: directory)
        try await EarlierRegistry.expect(devices, in: SQLiteStore(directory: directory.path))
    }

    @Test func anotherProgramsDatabaseIsRefused() throws {
        let directory = try TemporaryDirectory()
        try run("CREATE TABLE something (a); PRAGMA user_version = 1", in: directory)
        let error = #expect(throws: StoreError.self) { try makeRegistry(directory) }
        #expect(error?.code == .rejected)
    }

    @Test func aFileThatIsNoDatabaseIsRefused() throws {
        let directory = try TemporaryDirectory()
        try Data(repeating: 0x41, count: 8192).write(to: URL(filePath: directory.path + "/registry.db"))
        let error = #expect(throws: StoreError.self) { try makeRegistry(directory) }
        #expect(error?.code == .corrupt)
        #expect(error?.message == "\(directory.path)/registry.db cannot be read as a registry")
    }

    @Test func aFileInPlaceOfTheDirectoryIsNamed() throws {
        let directory = try TemporaryDirectory()
        let path = directory.path + "/file"
        try Data().write(to: URL(filePath: path))
        let error = #expect(throws: StoreError.self) { try SQLiteStore(directory: path).open() }
        #expect(error?.description == "\(path) is a file, and data are kept in a directory: name another with --data")
        let other = #expect(throws: StoreError.self) { try SQLiteStore(directory: "/proc/nothing").open() }
        #expect(other?.description == "Cannot make the data directory /proc/nothing: No such file or directory")
    }

    @Test func aMissingDeviceIsNoticedWhenLoading() throws {
        let directory = try TemporaryDirectory()
        try makeRegistry(directory, devices: 10)
        try run("DELETE FROM device WHERE ordinal = 4", in: directory)
        let registry = try Registry(SQLiteStore(directory: directory.path))
        defer { registry.close() }
        #expect(registry.census.missing == [4..<5])
        #expect(registry.nextOrdinal == 10)
    }

    @Test func aTokenThatIsThereTwiceIsNoticedWhenLoading() throws {
        let directory = try TemporaryDirectory()
        try makeRegistry(directory, devices: 10)
        try run("UPDATE device SET token = 'device-2' WHERE ordinal = 7", in: directory)
        let error = #expect(throws: StoreError.self) { try Registry(SQLiteStore(directory: directory.path)) }
        #expect(error == StoreError(.corrupt, "The devices 2 and 7 have the same token"))
    }

    @Test func everyCommitIsInTheLogBeforeItReturns() throws {
        let directory = try TemporaryDirectory()
        let store = SQLiteStore(directory: directory.path)
        _ = try store.open()
        for number in 0..<20 {
            _ = try store.enroll([Samples.token(number)], at: Timestamp(milliseconds: 1))
            // What a crash would leave: the files as they are now.
            let copy = try TemporaryDirectory()
            for file in ["registry.db", "registry.db-wal"] {
                try FileManager.default.copyItem(atPath: directory.path + "/" + file, toPath: copy.path + "/" + file)
            }
            let recovered = SQLiteStore(directory: copy.path)
            _ = try recovered.open()
            #expect(try recovered.nextOrdinal() == Ordinal(number + 1))
        }
    }
}
