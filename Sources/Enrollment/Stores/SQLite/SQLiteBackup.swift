import Experiments
import Foundation
import SQLite

/// A backup by SQLite's own means: the registry as it is at the moment of the last step.
///
/// It is written under a temporary name, synced, and only then given its own. What is left when it is given up is removed.
final class SQLiteBackup: RegistryBackup {
    /// A megabyte: first contacts wait no longer than that takes.
    private static let pagesAStep: Int32 = 256

    private let directory: String
    private let file: String
    private var copy: DatabaseCopy?

    private var temporary: String { path + ".part" }
    private var path: String { "\(directory)/\(file)" }

    /// - Parameters:
    ///   - directory: the data directory; the file is put into `backups` there.
    ///   - name: the file's.
    init(of source: Connection<StoreError>, directory: String, name: String) throws(BackupError) {
        self.directory = directory
        file = "backups/\(name)"
        do {
            try FileManager.default.createDirectory(
                atPath: directory + "/backups", withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
        } catch {
            throw .failed("cannot make \(directory)/backups: \(error.localizedDescription)")
        }
        let descriptor = open(temporary, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else { throw .failed("cannot make \(temporary): \(String(cString: strerror(errno)))") }
        close(descriptor)
        do throws(DatabaseError) { copy = try DatabaseCopy(of: source, to: temporary) } catch { throw .failed(error.message) }
    }

    deinit {
        copy = nil
        unlink(temporary)
    }

    func advance() throws(BackupError) -> BackupReport? {
        do throws(DatabaseError) {
            guard try copy?.advance(pages: Self.pagesAStep) == true else { return nil }
        } catch {
            throw .failed(error.code == .busy ? "another program uses \(temporary)" : error.message)
        }
        copy = nil
        var properties = stat()
        guard Self.sync(temporary), stat(temporary, &properties) == 0, rename(temporary, path) == 0, Self.sync(directory + "/backups")
        else {
            throw .failed("cannot sync or rename \(temporary): \(String(cString: strerror(errno)))")
        }
        return BackupReport(file: file, bytes: Int(properties.st_size))
    }

    private static func sync(_ path: String) -> Bool {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { return false }
        defer { close(descriptor) }
        return fsync(descriptor) == 0
    }
}
