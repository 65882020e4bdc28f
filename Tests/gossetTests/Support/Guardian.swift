import EnrollmentTesting
import Foundation
import Synchronization

// Undoes what the tests did to the machine, should they crash before they do it themselves.
//
// A shell reads from a pipe what would have to be undone, and what no longer has; when the pipe closes, which it does however the tests
// end, it undoes the rest, the latest first.
final class Guardian: Sendable {
    static let shared = Guardian()

    private let pipe: Int32
    private let count = Atomic(0)

    private init() {
        var ends: [Int32] = [-1, -1]
        // Without it the tests still run.
        _ = Foundation.pipe(&ends)
        for end in ends { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
        signal(SIGPIPE, SIG_IGN)
        let script = """
            declare -A undo
            while IFS=' ' read -r number command; do
                if [ -n "$command" ]; then undo[$number]=$command; else unset "undo[$number]"; fi
            done
            for number in $(printf '%s\\n' "${!undo[@]}" | sort -rn); do eval "${undo[$number]}"; done
            """
        _ = try? Spawn(["/bin/bash", "-c", script], input: ends[0]).start()
        close(ends[0])
        pipe = ends[1]
    }

    // Remembers a command of the shell, until `forget` is told the number.
    func remember(_ command: String) -> Int {
        let number = count.add(1, ordering: .relaxed).newValue
        say("\(number) \(command)")
        return number
    }

    func forget(_ number: Int) { say("\(number)") }

    // A line is shorter than a pipe's buffer, so lines of several threads do not mix.
    private func say(_ line: String) {
        let bytes = Array((line + "\n").utf8)
        _ = write(pipe, bytes, bytes.count)
    }
}
