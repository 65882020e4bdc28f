internal import Glibc

/// The bytes of a file, or of standard input for the path `-`, in order.
struct ByteSource: ~Copyable {
    private let descriptor: Int32
    private let path: String
    /// How many bytes there are, where that is known.
    private(set) var size: Int?

    init(path: String) throws(TableError) {
        self.path = path
        guard path != "-" else {
            descriptor = STDIN_FILENO
            return
        }
        descriptor = open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { throw .unreadable(path: path, reason: String(cString: strerror(errno))) }
        var status = stat()
        let isKnown = fstat(descriptor, &status) == 0
        if isKnown, status.st_mode & S_IFMT == S_IFDIR {
            close(descriptor)
            throw .unreadable(path: path, reason: "it is a directory")
        }
        if isKnown, status.st_mode & S_IFMT == S_IFREG { size = status.st_size }
        _ = posix_fadvise(descriptor, 0, 0, POSIX_FADV_SEQUENTIAL)
    }

    deinit {
        if descriptor != STDIN_FILENO { close(descriptor) }
    }

    /// Reads up to as many bytes as there is room for; 0 at the end.
    func read(into room: UnsafeMutableRawBufferPointer) throws(TableError) -> Int {
        while true {
            let count = Glibc.read(descriptor, room.baseAddress, room.count)
            if count >= 0 { return count }
            if errno != EINTR { throw .unreadable(path: path, reason: String(cString: strerror(errno))) }
        }
    }
}
