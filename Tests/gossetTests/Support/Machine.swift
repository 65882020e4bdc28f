import Foundation

// What tests do to the machine with its own tools.
enum Machine {
    struct Failure: Error, CustomStringConvertible { let description: String }

    // Runs a tool, and throws what it says if it fails.
    static func run(_ command: String...) async throws {
        let program = try Program(command)
        guard try await program.end() == .exited(0) else {
            throw Failure(description: "\(command.joined(separator: " ")): \(program.errors)")
        }
    }

    // Makes a library that stands before the system's own syncing (`LD_PRELOAD`) and does something first, in C.
    static func syncLibrary(in folder: TemporaryDirectory, _ first: String) async throws -> String {
        let source = """
            #include <errno.h>
            #include <sys/syscall.h>
            #include <unistd.h>
            static int sync_after(long call, int file) { \(first) return (int)syscall(call, file); }
            int fsync(int file) { return sync_after(SYS_fsync, file); }
            int fdatasync(int file) { return sync_after(SYS_fdatasync, file); }
            """
        let library = folder.path + "/sync.so"
        try Data(source.utf8).write(to: URL(fileURLWithPath: folder.path + "/sync.c"))
        try await run("cc", "-shared", "-fPIC", "-o", library, folder.path + "/sync.c")
        return library
    }

    // Whether we may mount file systems here.
    static let canMount: Bool = {
        guard geteuid() == 0, let directory = try? TemporaryDirectory() else { return false }
        guard mount("tmpfs", directory.path, "tmpfs", 0, "size=64k") == 0 else { return false }
        return umount2(directory.path, Int32(MNT_DETACH)) == 0
    }()

    // Whether files can be made immutable here, so that even who has them open can write no more.
    static let canMakeImmutable: Bool = {
        guard geteuid() == 0, let directory = try? TemporaryDirectory() else { return false }
        let file = directory.path + "/file"
        let descriptor = open(file, O_RDWR | O_CREAT | O_CLOEXEC, 0o600)
        defer { close(descriptor) }
        guard system("chattr +i '\(file)' 2>/dev/null") == 0 else { return false }
        defer { _ = system("chattr -i '\(file)'") }
        return write(descriptor, "x", 1) < 0
    }()
}

// A file system in memory, of a size of its own; unmounted when nobody holds it any more.
final class SmallDisk: Sendable {
    let directory: TemporaryDirectory
    private let undoing: Int

    var path: String { directory.path }

    init(kilobytes: Int) throws {
        directory = try TemporaryDirectory()
        guard mount("tmpfs", directory.path, "tmpfs", 0, "size=\(kilobytes)k") == 0 else {
            throw Machine.Failure(description: "mount: \(String(cString: strerror(errno)))")
        }
        undoing = Guardian.shared.remember("umount -l '\(directory.path)'")
    }

    deinit {
        umount2(directory.path, Int32(MNT_DETACH))
        Guardian.shared.forget(undoing)
    }

    // Takes all the room that is left, and says how many bytes that was.
    @discardableResult
    func fill() throws -> Int {
        let descriptor = open(path + "/filler", O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else { throw Machine.Failure(description: "cannot fill \(path)") }
        defer { close(descriptor) }
        let page = [UInt8](repeating: 1, count: 4096)
        var taken = 0
        while case let count = write(descriptor, page, page.count), count > 0 { taken += count }
        return taken
    }

    // Gives back what `fill` took.
    func empty() throws { try FileManager.default.removeItem(atPath: path + "/filler") }

    func makeReadOnly() throws {
        guard mount("tmpfs", path, "tmpfs", UInt(MS_REMOUNT | MS_RDONLY), nil) == 0 else {
            throw Machine.Failure(description: "remount: \(String(cString: strerror(errno)))")
        }
    }
}
