internal import CScheduling
internal import Glibc

/// The processors that this process may use.
package enum Processors {
    /// How many there are for its first thread, at least one.
    package static var count: Int {
        var allowed = gosset_processors()
        return max(1, Int(gosset_allowed(getpid(), &allowed)))
    }
}
