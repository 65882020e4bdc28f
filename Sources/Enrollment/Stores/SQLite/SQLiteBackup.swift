import CSQLite
import Experiments
import Foundation

/// A backup by SQLite's own means: pages are copied in steps, and pages that this connection writes meanwhile are copied again, so that
/// the copy is the registry at the moment of the last step.
///
/// It is written under a temporary name, synced, and only then given its own. What is left when it is given up is removed.
final class SQLiteBackup: RegistryBackup {
    /// A megabyte: first contacts wait no longer than that takes.
    private static let pagesAStep: Int32 = 256

    private let source: SQLiteConnection
    private let directory: String
    private let file: String
    private var destination: OpaquePointer?
    private var backup: OpaquePointer?

    private var temporary: String { path + ".part" }
    private var path: String { "\(directory)/\(file)" }

    /// - Parameters:
    ///   - directory: the data directory; the file is put into `backups` there.
    ///   - name: the file's.
    init(of source: SQLiteConnection, directory: String, name: String) throws(BackupError) {
        self.source = source
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
        let status = sqlite3_open_v2(temporary, &destination, SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX, nil)
        guard status == SQLITE_OK else { throw failure(status) }
        backup = source.backUp(to: destination)
        guard backup != nil else { throw failure(sqlite3_errcode(destination)) }
    }

    deinit {
        end()
        unlink(temporary)
    }

    func advance() throws(BackupError) -> BackupReport? {
        let status = sqlite3_backup_step(backup, Self.pagesAStep)
        switch status {
        case SQLITE_OK: return nil
        case SQLITE_DONE: break
        case SQLITE_BUSY, SQLITE_LOCKED: throw .failed("another program uses \(temporary)")
        default: throw failure(status)
        }
        guard end() else { throw .failed("\(temporary) could not be finished") }
        var properties = stat()
        guard Self.sync(temporary), stat(temporary, &properties) == 0, rename(temporary, path) == 0, Self.sync(directory + "/backups")
        else {
            throw .failed("cannot sync or rename \(temporary): \(String(cString: strerror(errno)))")
        }
        return BackupReport(file: file, bytes: Int(properties.st_size))
    }

    /// Lets go of the copy.
    /// - Returns: whether all went well until now.
    @discardableResult
    private func end() -> Bool {
        let isFinished = sqlite3_backup_finish(backup) == SQLITE_OK
        backup = nil
        let isClosed = sqlite3_close(destination) == SQLITE_OK
        destination = nil
        return isFinished && isClosed
    }

    private func failure(_ status: Int32) -> BackupError {
        .failed("\(String(cString: sqlite3_errstr(status))) (SQLite error \(status)) while writing \(temporary)")
    }

    private static func sync(_ path: String) -> Bool {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { return false }
        defer { close(descriptor) }
        return fsync(descriptor) == 0
    }
}
