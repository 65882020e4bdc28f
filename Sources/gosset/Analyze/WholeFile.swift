import Foundation
import Glibc

/// Writes a file beside its place and moves it there, so that a part of it is never taken for the whole.
struct WholeFile {
    struct Failure: Error, CustomStringConvertible {
        let description: String

        init(_ path: String, _ reason: String) { description = "\(path) cannot be written: \(reason)" }
    }

    private let path: String
    private let temporary: String

    /// Writes the bytes under a temporary name in the same folder.
    init(_ bytes: Data, for path: String) throws {
        (self.path, temporary) = (path, "\(path).\(getpid()).part")
        do throws(OutputError) {
            let file = try OutputFile(temporary)
            try file.write(Array(bytes))
            try file.sync()
        } catch {
            unlink(temporary)
            throw Failure(path, error.reason)
        }
    }

    /// Gives the file its name.
    func publish() throws {
        guard rename(temporary, path) == 0 else {
            let reason = String(cString: strerror(errno))
            discard()
            throw Failure(path, reason)
        }
    }

    /// Takes away what was written, unless it has its name already.
    func discard() { unlink(temporary) }
}
