internal import CScheduling

/// The processors that this process may use.
package enum Processors {
    /// How many there are, at least one.
    package static var count: Int { max(1, Int(gosset_processors())) }

    /// Keeps the running thread on one of them, but not the threads that it makes.
    ///
    /// For as many threads as there are processors, none of which is idle for long. Left to itself, Linux puts two of them on one processor for
    /// tenths of a second while a thread that stands back has the other one: for where somebody may go who wakes up, that one is as busy as any.
    ///
    /// - Parameter place: of the processor, from 0.
    package static func settle(_ place: Int) { gosset_settle(Int32(place)) }
}
