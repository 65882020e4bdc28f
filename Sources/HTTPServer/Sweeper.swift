internal import Dispatch
internal import Synchronization

/// Looks after a daemon's connections a few times a second.
final class Sweeper: Sendable {
    private static let interval = DispatchTimeInterval.milliseconds(250)

    private let timer: Mutex<(any DispatchSourceTimer)?>

    init(_ daemon: Daemon) {
        let timer = DispatchSource.makeTimerSource(queue: DispatchQueue(label: "HTTPServer.Sweeper"))
        timer.schedule(deadline: .now() + Sweeper.interval, repeating: Sweeper.interval)
        timer.setEventHandler { daemon.sweep(Clock.now()) }
        timer.resume()
        self.timer = Mutex(timer)
    }

    /// - Returns: whether it was running.
    func stop() -> Bool {
        let timer = timer.withLock { $0.take() }
        timer?.cancel()
        return timer != nil
    }
}
