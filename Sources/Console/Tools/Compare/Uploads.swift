import Dispatch
import Experiments
import Synchronization

/// The shelf of files as all requests share it.
final class Uploads: Sendable {
    private let shelf = Mutex(UploadShelf())
    private let now: @Sendable () -> Timestamp

    init(now: @escaping @Sendable () -> Timestamp) { self.now = now }

    /// Takes a file in; its id cannot be guessed.
    func add(_ bytes: [UInt8], name: String, owner: String) -> String {
        let id = (0..<2).map { _ in
            let digits = String(UInt64.random(in: .min ... .max), radix: 16)
            return String(repeating: "0", count: 16 - digits.count) + digits
        }.joined()
        shelf.withLock { $0.add(bytes, name: name, owner: owner, id: id, now: now()) }
        sweepLater()
        return id
    }

    func find(_ id: String, owner: String) -> UploadShelf.Upload? { shelf.withLock { $0.find(id, owner: owner, now: now()) } }

    func remove(_ id: String, owner: String) { shelf.withLock { $0.remove(id, owner: owner) } }

    /// A file goes when its time is over, though nobody comes to ask for another; it may have been asked for meanwhile.
    private func sweepLater() {
        DispatchQueue.global(qos: .utility).asyncAfter(deadline: .now() + .seconds(UploadShelf.seconds + 1)) { [weak self] in
            guard let self else { return }
            let isEmpty = shelf.withLock { shelf in
                shelf.sweep(now())
                return shelf.uploads.isEmpty
            }
            if !isEmpty { sweepLater() }
        }
    }
}
