package import Foundation

/// How to start a program so that it gets nothing of ours but what it is given: three descriptors, no blocked signals.
///
/// Foundation's `Process` lets its children inherit a socket that tells it of their end; a daemon that is left behind then keeps
/// `waitUntilExit` waiting for ever.
package struct Spawn {
    package struct Failure: Error, CustomStringConvertible { package let description: String }

    package let command: [String]
    package var environment: [String: String] = Spawn.ownEnvironment
    package var input: Int32?
    /// Files that take what it prints.
    package var output: String?
    package var errors: String?
    /// A signal that it is to ignore from the start.
    package var ignoring: Int32?

    package init(_ command: [String], input: Int32? = nil) {
        self.command = command
        self.input = input
    }

    /// Ours, but for what would configure the program under test.
    private static var ownEnvironment: [String: String] { ProcessInfo.processInfo.environment.filter { !$0.key.hasPrefix("GOSSET_") } }

    /// Starts it, as the leader of a session and so of a process group of its own.
    package func start() throws -> pid_t {
        var actions = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&actions)
        defer { posix_spawn_file_actions_destroy(&actions) }
        if let input {
            posix_spawn_file_actions_adddup2(&actions, input, 0)
        } else {
            posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0)
        }
        posix_spawn_file_actions_addopen(&actions, 1, output ?? "/dev/null", O_WRONLY | O_CREAT | O_APPEND, 0o600)
        posix_spawn_file_actions_addopen(&actions, 2, errors ?? "/dev/null", O_WRONLY | O_CREAT | O_APPEND, 0o600)
        // To close what is not open is no error.
        for descriptor: Int32 in 3..<1024 { posix_spawn_file_actions_addclose(&actions, descriptor) }

        var attributes = posix_spawnattr_t()
        posix_spawnattr_init(&attributes)
        defer { posix_spawnattr_destroy(&attributes) }
        var signals = sigset_t()
        sigemptyset(&signals)
        posix_spawnattr_setsigmask(&attributes, &signals)
        sigfillset(&signals)
        if let ignoring { sigdelset(&signals, ignoring) }
        posix_spawnattr_setsigdefault(&attributes, &signals)
        posix_spawnattr_setflags(&attributes, Int16(POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF) | Spawn.newSession)

        let arguments = command.map { strdup($0) } + [nil]
        let variables = environment.map { strdup("\($0.key)=\($0.value)") } + [nil]
        defer { (arguments + variables).forEach { free($0) } }
        var id: pid_t = 0
        let status = posix_spawnp(&id, command[0], &actions, &attributes, arguments, variables)
        guard status == 0 else { throw Failure(description: "cannot run \(command[0]): \(String(cString: strerror(status)))") }
        return id
    }

    /// Starts it, waits for its end and gives its exit status, or nil if a signal ended it.
    package func run() throws -> Int32? {
        let id = try start()
        var status: Int32 = 0
        while waitpid(id, &status, 0) < 0, errno == EINTR {}
        return status & 0x7F == 0 ? status >> 8 & 0xFF : nil
    }

    /// POSIX_SPAWN_SETSID, which is hidden behind _GNU_SOURCE.
    private static let newSession: Int16 = 0x80
}
