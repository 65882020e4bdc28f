import Notifications
import Synchronization

// A way to nobody: takes down what it is told.
final class Recorder: Sender {
    let sent = Mutex<[(event: String, notice: Notice)]>([])
    let name = "recorder"

    func send(_ notice: Notice, event: String) async -> DeliveryOutcome {
        sent.withLock { $0.append((event, notice)) }
        return .delivered
    }

    var events: [String] { sent.withLock { $0.map(\.event) } }
}
