import Enrollment
import Experiments
import Foundation
import Testing

/// Real disks that are really full or read-only.
///
/// They need the right to mount.
@Suite(.enabled(if: SmallDisk.isPermitted)) struct RegistryDiskTests {
    /// Long, so that the disk is soon full.
    private func token(_ number: Int) throws -> DeviceToken { try DeviceToken("\(number)-" + String(repeating: "x", count: 240)) }

    private func makeRegistry(_ disk: SmallDisk) throws -> Registry {
        var options = Registry.Options()
        options.retry = .milliseconds(10)...(.milliseconds(50))
        return try Registry(SQLiteStore(directory: disk.path + "/data"), options: options)
    }

    @Test func aFullDiskRefusesFirstContactsUntilThereIsRoom() async throws {
        let disk = try SmallDisk(kilobytes: 1024)
        let registry = try makeRegistry(disk)
        let known = try await registry.enroll(token(0))
        let ballast = disk.path + "/ballast"
        try disk.fill(ballast)
        var answered: [Int: Ordinal] = [0: known.ordinal]
        // Room that is left in the log's and the database's pages is still used, so the first failures may pass by themselves.
        for number in 1..<5000 {
            do throws(EnrollmentError) {
                guard let token = try? self.token(number) else { return }
                answered[number] = try await registry.enroll(token).ordinal
            } catch {
                guard case .unavailable(let reason) = error else { Issue.record(error); return }
                #expect(reason.contains("disk is full"))
                try await Task.sleep(for: .milliseconds(100))
                if registry.failure != nil { break }
            }
        }
        #expect(registry.failure != nil)
        #expect(try registry.device(for: token(0)) == known)
        try FileManager.default.removeItem(atPath: ballast)
        try await eventually("it recovers") { registry.failure == nil }
        answered[5000] = try await registry.enroll(token(5000)).ordinal
        registry.close()
        let reopened = try makeRegistry(disk)
        for (number, ordinal) in answered { #expect(try reopened.device(for: token(number))?.ordinal == ordinal) }
        #expect(reopened.nextOrdinal >= Ordinal(answered.count))
        reopened.close()
    }

    @Test func aBackupThatDoesNotFitLeavesNothingAndHarmsNothing() async throws {
        let disk = try SmallDisk(kilobytes: 4096)
        let registry = try makeRegistry(disk)
        for number in 0..<4000 { _ = try await registry.enroll(token(number)) }
        // Room for what the registry writes itself, but not for a copy of it.
        let reserve = disk.path + "/reserve"
        #expect(FileManager.default.createFile(atPath: reserve, contents: Data(count: 512 << 10)))
        try disk.fill(disk.path + "/ballast")
        try FileManager.default.removeItem(atPath: reserve)
        let error = await #expect(throws: BackupError.self) { try await registry.backUp(actor: "test") }
        guard case .failed(let reason) = error else { Issue.record("\(String(describing: error))"); return }
        #expect(reason.contains("disk is full"))
        #expect(try FileManager.default.contentsOfDirectory(atPath: disk.path + "/data/backups").isEmpty)
        try FileManager.default.removeItem(atPath: disk.path + "/ballast")
        #expect(try await registry.enroll(token(4000)).ordinal == 4000)
        registry.close()
    }

    @Test func aDirectoryThatCanOnlyBeReadIsRefusedWithAClearLine() throws {
        let disk = try SmallDisk(kilobytes: 1024)
        try makeRegistry(disk).close()
        try disk.remount("ro")
        let error = #expect(throws: StoreError.self) { try makeRegistry(disk) }
        #expect(error?.code == .readOnly)
        #expect(error?.description.contains("Read-only file system") == true)
        try disk.remount("rw")
        try makeRegistry(disk).close()
    }
}

/// A file system of its own in memory, gone with the object.
final class SmallDisk {
    static let isPermitted = (try? SmallDisk(kilobytes: 64)) != nil

    struct Failure: Error {}

    let path: String
    private let directory: TemporaryDirectory

    init(kilobytes: Int) throws {
        directory = try TemporaryDirectory()
        path = directory.path
        try Self.run("/bin/mount", ["-t", "tmpfs", "-o", "size=\(kilobytes)k", "tmpfs", path])
    }

    deinit { try? Self.run("/bin/umount", ["-l", path]) }

    func remount(_ option: String) throws { try Self.run("/bin/mount", ["-o", "remount,\(option)", path]) }

    /// Writes a file until there is no room left.
    func fill(_ file: String) throws {
        let descriptor = open(file, O_WRONLY | O_CREAT, 0o600)
        guard descriptor >= 0 else { throw Failure() }
        defer { close(descriptor) }
        for size in [4096, 1] {
            let bytes = [UInt8](repeating: 0, count: size)
            while write(descriptor, bytes, size) > 0 {}
        }
    }

    private static func run(_ program: String, _ arguments: [String]) throws {
        let process = Process()
        process.executableURL = URL(filePath: program)
        process.arguments = arguments
        process.standardError = FileHandle.nullDevice
        try process.run()
        process.waitUntilExit()
        guard process.terminationStatus == 0 else { throw Failure() }
    }
}
