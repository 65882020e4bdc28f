import Foundation

/// A program that is run with nothing of ours but its standard streams.
///
/// Foundation's `Process` lets its children inherit a socket that tells it of their end; a daemon that is left behind then keeps
/// `waitUntilExit` waiting for ever. Here a child gets three descriptors and no more.
struct ChildProcess: ~Copyable {
    private let id: pid_t

    init(_ command: [String], input: Int32? = nil, output: Int32? = nil) throws(PostgresTestServer.Failure) {
        var actions = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&actions)
        defer { posix_spawn_file_actions_destroy(&actions) }
        if let input {
            posix_spawn_file_actions_adddup2(&actions, input, 0)
        } else {
            posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0)
        }
        if let output {
            posix_spawn_file_actions_adddup2(&actions, output, 1)
        } else {
            posix_spawn_file_actions_addopen(&actions, 1, "/dev/null", O_WRONLY, 0)
        }
        posix_spawn_file_actions_adddup2(&actions, 1, 2)
        // To close what is not open is no error.
        for descriptor: Int32 in 3..<1024 { posix_spawn_file_actions_addclose(&actions, descriptor) }
        let arguments = command.map { strdup($0) } + [nil]
        defer { arguments.forEach { free($0) } }
        var id: pid_t = 0
        let status = posix_spawnp(&id, command[0], &actions, nil, arguments, environ)
        guard status == 0 else { throw PostgresTestServer.Failure("Cannot run \(command[0]): \(String(cString: strerror(status)))") }
        self.id = id
    }

    /// Waits for its end and gives its exit status, or nil if a signal ended it.
    consuming func wait() -> Int32? {
        var status: Int32 = 0
        while waitpid(id, &status, 0) < 0, errno == EINTR {}
        return status & 0x7F == 0 ? status >> 8 & 0xFF : nil
    }
}
