import Glibc

/// Told by the kernel when a database's files may have been written to: what asks the file system at every question without it.
///
/// The kernel notes an event before the write returns, so whoever asks after a commit finds it. It watches the file, its log of commits and their
/// directory, and the directories above, should one be moved. It does so only where that is all there is to watch: not where the path
/// leads over symbolic links, and not on a file system without a block device of its own, such as a network's, where others may write
/// whom this kernel does not see.
///
/// Whether there is an event may be asked from any thread; the rest by one at a time.
package final class FileWatch: Sendable {
    private let path: String
    private let descriptor: Int32

    /// Watches nothing before ``renew()``; nil if the kernel cannot tell all that happens to the file.
    package init?(path: String) {
        guard let resolved = realpath(path, nil) else { return nil }
        defer { free(resolved) }
        var status = stat()
        guard let absolute = FileWatch.absolute(path), String(cString: resolved) == absolute, stat(path, &status) == 0,
            FileWatch.isOfBlockDevice(status.st_dev)
        else { return nil }
        descriptor = inotify_init1(Int32(IN_NONBLOCK) | Int32(IN_CLOEXEC))
        self.path = absolute
        guard descriptor >= 0 else { return nil }
    }

    deinit {
        close(descriptor)
    }

    /// Whether nothing has happened since ``renew()``: takes a third of a microsecond.
    package var isQuiet: Bool {
        var descriptor = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
        return poll(&descriptor, 1, 0) == 0
    }

    /// Forgets what happened, and watches what is there now; look at the files after it.
    /// - Returns: false if not all can be watched, so that quiet would mean nothing.
    package func renew() -> Bool {
        var events = [UInt8](repeating: 0, count: 4096)
        while read(descriptor, &events, events.count) > 0 {}
        // If there is no log, its directory will tell when there is.
        _ = watch(path + "-wal", FileWatch.writing)
        var directory = FileWatch.parent(of: path[...])
        guard watch(path, FileWatch.writing), watch(String(directory), FileWatch.writing | FileWatch.naming) else { return false }
        while directory != "/" {
            directory = FileWatch.parent(of: directory)
            guard watch(String(directory), FileWatch.moving) else { return false }
        }
        return true
    }

    private func watch(_ path: String, _ events: Int32) -> Bool { inotify_add_watch(descriptor, path, UInt32(events)) >= 0 }

    /// A change of what is in a file, of how many names it has, or of where it is.
    private static let writing = IN_MODIFY | IN_ATTRIB | moving
    private static let naming = IN_CREATE | IN_DELETE | IN_MOVED_FROM | IN_MOVED_TO
    private static let moving = IN_MOVE_SELF | IN_DELETE_SELF

    /// The path from the root as it is written, whatever symbolic links there are; nil if the working directory cannot be told.
    private static func absolute(_ path: String) -> String? {
        var names = path.split(separator: "/").filter { $0 != "." }
        if !path.hasPrefix("/") {
            guard let directory = getcwd(nil, 0) else { return nil }
            defer { free(directory) }
            names = String(cString: directory).split(separator: "/") + names
        }
        return "/" + names.joined(separator: "/")
    }

    private static func parent(of path: Substring) -> Substring {
        let parent = path.prefix(upTo: path.lastIndex(of: "/") ?? path.startIndex)
        return parent.isEmpty ? "/" : parent
    }

    /// Whether a device number has a major number other than 0, which file systems without a device get.
    private static func isOfBlockDevice(_ device: dev_t) -> Bool { device & 0xFFFF_F000_000F_FF00 != 0 }
}
