internal import CMicroHTTPD

/// The event loops that a thread will wake when it has answered all that it has to answer: a loop that is woken by the first of many answers
/// runs at once, beside the thread that is at work on the others, and would have to be woken again for those.
final class HeldWakes {
    private var loops: [EventLoop] = []

    /// Those of the running thread, if it holds them.
    static var current: HeldWakes? {
        gosset_mhd_held_wakes().map { Unmanaged<HeldWakes>.fromOpaque($0).takeUnretainedValue() }
    }

    /// Holds what the closure wakes on this thread until it is done; not to be nested.
    static func hold(_ body: () -> Void) {
        let held = HeldWakes()
        gosset_mhd_hold_wakes(Unmanaged.passUnretained(held).toOpaque())
        body()
        gosset_mhd_hold_wakes(nil)
        for loop in held.loops { loop.wakeNow() }
    }

    func add(_ loop: EventLoop) {
        if !loops.contains(where: { $0 === loop }) { loops.append(loop) }
    }
}
