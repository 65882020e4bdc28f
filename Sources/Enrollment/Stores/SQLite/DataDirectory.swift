import Foundation

/// A directory that one process at a time may use.
///
/// The lock is the system's, on an open file: it goes with the process however that ends, so a crash leaves nothing to clean up.
final class DataDirectory {
    let path: String
    private let lock: Int32

    /// Makes the directory if need be, for its owner only, and takes it.
    init(path: String) throws(StoreError) {
        self.path = path
        do {
            try FileManager.default.createDirectory(
                atPath: path, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
        } catch {
            var isDirectory: ObjCBool = false
            if FileManager.default.fileExists(atPath: path, isDirectory: &isDirectory) {
                throw StoreError(.rejected, "\(path) is a file, and data are kept in a directory: name another with --data")
            }
            let system = (error as NSError).userInfo[NSUnderlyingErrorKey] as? POSIXError
            throw Self.error("Cannot make the data directory \(path)", system?.code.rawValue ?? EIO)
        }
        lock = open(path + "/registry.lock", O_RDWR | O_CREAT | O_CLOEXEC, 0o600)
        guard lock >= 0 else { throw Self.error("Cannot open \(path)/registry.lock") }
        guard flock(lock, LOCK_EX | LOCK_NB) == 0 else {
            let failure = errno
            let owner = Self.owner(of: lock)
            guard failure == EWOULDBLOCK else { throw Self.error("Cannot lock \(path)/registry.lock", failure) }
            throw StoreError(
                .directoryInUse, "The data directory \(path) is in use by another server\(owner.map { " (process \($0))" } ?? "")")
        }
        // For whoever finds the directory taken. The lock holds without it, so a full disk does not matter here.
        let process = Array("\(getpid())\n".utf8)
        if ftruncate(lock, 0) == 0 { _ = pwrite(lock, process, process.count, 0) }
    }

    deinit {
        // Closing alone would leave the lock with a child process that was just forked and has not yet become its program.
        flock(lock, LOCK_UN)
        close(lock)
    }

    /// Makes sure that the file is there, readable by its owner only; SQLite gives its other files the same permissions.
    func touch(_ name: String) throws(StoreError) -> String {
        let file = "\(path)/\(name)"
        let descriptor = open(file, O_RDWR | O_CREAT | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else { throw Self.error("Cannot open \(file)") }
        close(descriptor)
        return file
    }

    private static func owner(of lock: Int32) -> Int32? {
        var bytes = [UInt8](repeating: 0, count: 16)
        let count = pread(lock, &bytes, bytes.count, 0)
        return Int32(String(decoding: bytes.prefix(max(count, 0)), as: UTF8.self).trimmingCharacters(in: .whitespacesAndNewlines))
    }

    private static func error(_ message: String, _ number: Int32 = errno) -> StoreError {
        let code: StoreError.Code =
            switch number {
            case EACCES, EPERM, EROFS: .readOnly
            case ENOSPC, EDQUOT: .full
            default: .inputOutput
            }
        return StoreError(code, message, cause: String(cString: strerror(number)))
    }
}
