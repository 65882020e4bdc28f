import Dispatch
package import Experiments
import Foundation
import Scheduling
import Synchronization

/// Who is known, what runs, and who may change it: the one place through which the rest of Gosset meets the stores.
///
/// Known devices and the catalogue are read from memory, on any thread, whatever the state of the store. First contacts and changes go
/// to the writer, a thread of its own, which answers them when they are durable. Whoever assigns variants looks up the device first and
/// then takes the ``snapshot``: it is never older than what was in force when the device got its ordinal.
package final class Registry: Sendable {
    /// Answers a first contact; called once, from the writer or, if the device turned out to be known, at once.
    package typealias Completion = @Sendable (Result<Device, EnrollmentError>) -> Void

    /// What may be told of the store while it is in use.
    package enum Event: Sendable {
        case failed(StoreError)
        case recovered
        /// Devices are missing.
        case incomplete(Census)
    }

    package struct Options: Sendable {
        /// The most devices in one transaction.
        package var batch = 4096
        /// The most first contacts that wait at once; more are refused.
        package var waiting = 100_000
        /// How often the devices and changes of other servers are taken in, where there may be some.
        package var pollInterval: Duration = .milliseconds(500)
        /// The pauses between attempts to recover from a failure of the store.
        package var retry: ClosedRange<Duration> = .milliseconds(100)...(.seconds(2))
        /// Tells the time.
        package var now: @Sendable () -> Timestamp = Timestamp.now
        /// Is told of the store's failures, recoveries and losses, on the writer's thread, or on the opener's while it opens.
        package var report: @Sendable (Event) -> Void = { _ in }

        /// Runs what answers all who shared a transaction, on the writer's thread: for whoever can take many answers better than one by one.
        package var answering: @Sendable (_ answers: () -> Void) -> Void = { $0() }

        package init() {}

        var limits: RegistryMemory.Queue.Limits {
            var limits = RegistryMemory.Queue.Limits()
            limits.batch = batch
            limits.waiting = waiting
            limits.pollInterval = pollInterval
            limits.retry = retry
            return limits
        }
    }

    let memory: RegistryMemory
    let options: Options
    private let woken: DispatchSemaphore
    private let writing: DispatchGroup

    /// Opens the store, takes all devices into memory and starts the writer.
    package init(_ store: sending any RegistryStore, options: Options = Options()) throws(StoreError) {
        let writer = try RegistryWriter(store: store, options: options)
        let memory = writer.memory
        let handover = Handover(writer)
        let woken = DispatchSemaphore(value: 0)
        let writing = DispatchGroup()
        writing.enter()
        let thread = Thread {
            Thread.current.name = "registry writer"
            Precedence.first.take()
            handover.writer.withLock { $0.run(woken: woken) }
            writing.leave()
        }
        thread.start()
        self.memory = memory
        self.options = options
        self.woken = woken
        self.writing = writing
    }

    deinit { beginClosing() }

    /// What makes this registry this one.
    package var id: String { memory.identity.id }

    // MARK: Devices

    /// The device of a token, or nil if it is not known here.
    ///
    /// Waits for no disk; the token need not be valid.
    package func device(for token: Span<UInt8>) -> Device? {
        memory.index.device(for: memory.fingerprint(of: token))
    }

    /// The device of a token, or nil if it is not known here.
    package func device(for token: DeviceToken) -> Device? { device(for: token.bytes.span) }

    /// Makes a device known if it is not, and answers when that is durable.
    ///
    /// - Parameter attributes: what is known of it, which decides whether targeted experiments are for it; of a known device it changes
    ///   nothing.
    package func enroll(_ token: DeviceToken, attributes: Attributes = .none, completion: @escaping Completion) {
        let newcomer = Newcomer(token: token, fingerprint: memory.fingerprint(of: token.bytes.span), attributes: attributes)
        // A device is put into the index before it leaves the queue, so whoever sees neither came before it was accepted.
        let (known, admission) = memory.queue.withLock { queue -> (Device?, RegistryMemory.Queue.Admission?) in
            if !queue.isWaiting(for: newcomer.fingerprint), let device = memory.index.device(for: newcomer.fingerprint) {
                return (device, nil)
            }
            return (nil, queue.arrive(newcomer, completion))
        }
        if let known { return completion(.success(known)) }
        switch admission {
        case .queued(let wakeWriter): if wakeWriter { woken.signal() }
        case .refused(let error): completion(.failure(error))
        case nil: break
        }
    }

    /// Makes a device known if it is not, and returns when that is durable.
    package func enroll(_ token: DeviceToken, attributes: Attributes = .none) async throws(EnrollmentError) -> Device {
        try await withCheckedContinuation { continuation in
            enroll(token, attributes: attributes) { continuation.resume(returning: $0) }
        }.get()
    }

    /// The ordinal that comes next as far as this server knows: also the number of devices, but for those that the ``census`` misses.
    package var nextOrdinal: Ordinal { memory.nextOrdinal }

    // MARK: The rest

    /// The experiments and access tokens in force.
    package var snapshot: RegistrySnapshot { memory.snapshot }

    /// Whether other servers write to it as well.
    package var isShared: Bool { memory.isShared }

    /// The revision of ``snapshot``: as cheap as reading a number, for those who keep something made from it.
    package var revision: UInt64 { memory.revision }

    /// The experiments in force.
    package var catalogue: Catalogue { snapshot.catalogue }

    /// Why nothing can be written now, or nil when all is well.
    package var failure: EnrollmentError? { memory.queue.withLock { $0.failure } }

    package var metrics: RegistryMetrics { memory.metrics }

    /// Whether the devices that are there are those that were numbered.
    ///
    /// Microseconds, however many they are.
    package var census: Census { memory.census }

    /// Refuses what comes, finishes what was accepted, and lets go of the store.
    ///
    /// Returns when that is done.
    package func close() {
        beginClosing()
        writing.wait()
    }

    private func beginClosing() {
        if memory.queue.withLock({ $0.close() }) { woken.signal() }
    }

    func submit(_ request: RegistryRequest) {
        switch memory.queue.withLock({ $0.request(request) }) {
        case .queued(let wakeWriter): if wakeWriter { woken.signal() }
        case .refused(let error): request.refuse(error)
        }
    }
}

/// Carries the writer to its thread, which then holds the lock for as long as it lives: nobody else can touch the writer or its store.
private final class Handover: Sendable {
    let writer: Mutex<RegistryWriter>

    init(_ writer: sending RegistryWriter) { self.writer = Mutex(writer) }
}
