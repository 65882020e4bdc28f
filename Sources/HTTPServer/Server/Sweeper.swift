internal import Dispatch
internal import Synchronization

/// Looks after a daemon's connections a few times a second, until it is released.
final class Sweeper: Sendable {
    private let timer: Mutex<any DispatchSourceTimer>

    init(_ sweep: @escaping @Sendable () -> Void) {
        let interval = DispatchTimeInterval.milliseconds(250)
        let timer = DispatchSource.makeTimerSource(queue: DispatchQueue(label: "HTTPServer.Sweeper"))
        timer.schedule(deadline: .now() + interval, repeating: interval)
        timer.setEventHandler(handler: sweep)
        timer.resume()
        self.timer = Mutex(timer)
    }

    deinit {
        timer.withLock { $0.cancel() }
    }
}
