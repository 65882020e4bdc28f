package import Experiments
import Synchronization
package import Warehouse

/// Moves events from the spool, and exposures from the registry, to the warehouse.
///
/// It does one thing after the other on its connection; ``DeliveryPace`` says what comes next. A warehouse that is away
/// only delays: what is not delivered stays in the spool. Whatever ends a delivery half-way, the next one repeats it, and what is there
/// already is not taken twice.
package actor Deliverer {
    /// Something an operator may want to know.
    package enum Event: Hashable, Sendable {
        case connected(warehouse: String)
        /// It is tried again; nothing has been delivered since.
        case failed(reason: String, since: Timestamp)
        /// Something could be delivered after a failure.
        case recovered
        case erased(units: Int)
    }

    package struct Options: Sendable {
        package var pace = DeliveryPace.Policy()
        /// Events are deleted from the warehouse so long after they were taken in; nil keeps them.
        package var retention: Duration?
        /// The bytes of events that one transaction takes.
        package var bytes = 4 << 20
        /// The devices whose exposures one transaction takes.
        package var devices = 10_000
        /// How long to wait at once for a warehouse that deletes when it comes to it; after that it is asked at each delivery whether it has.
        package var erasing: Duration = .seconds(1)
        /// How long a warehouse that is connected to may say nothing before that is a failure.
        package var silence: Duration = .seconds(10)
        /// Tells the time.
        package var now: @Sendable () -> Timestamp = Timestamp.now
        package var report: @Sendable (Event) -> Void = { _ in }
        /// Is given the warehouse when there is news in it, also while more waits, and may connect to it once more and ask it whatever it likes.
        ///
        /// It says whether it has taken the news in; if not, it is asked again. Deliveries wait for it no longer than ``DeliveryPace`` says.
        package var arrived: @Sendable (any Warehouse, News) async -> Bool = { _, _ in true }

        package init() {}
    }

    /// What there is in the warehouse.
    package struct News: Hashable, Sendable {
        /// The source of exposures: how far that came, ``EventTables`` says.
        package let exposures: String
        /// Grows whenever something arrives.
        package let number: UInt64

        package init(exposures: String, number: UInt64) { (self.exposures, self.number) = (exposures, number) }
    }

    /// How deliveries stand.
    package struct Status: Hashable, Sendable {
        /// The devices whose exposures the warehouse has: all below this ordinal.
        package var exposures: Ordinal?
        /// When something was delivered last, or there was nothing to be delivered.
        package var current: Timestamp?
        /// When nothing was wrong last; when it began, if that has not been yet.
        package var sound: Timestamp?
        /// Why nothing is delivered, or nil; without the words that name hosts, users and ports.
        package var failure: String?

        /// Since when nothing is delivered; nil while it is.
        package var failing: Timestamp? { failure == nil ? nil : sound }
    }

    private let spool: Spool
    private let source: ExposureSource
    private let connect: @Sendable () async throws -> any Warehouse
    private let options: Options
    private let start = ContinuousClock.now
    private let published = Mutex(Status())
    /// When it began to connect, as long as that lasts.
    private let connecting = Mutex<ContinuousClock.Instant?>(nil)
    private var pace: DeliveryPace
    private var warehouse: (any Warehouse)?
    private var nextExposure: Ordinal = 0
    private var lastLink: Int64 = 0
    /// The registry's revision when the spool was last searched for whom other servers forgot.
    private var forgottenRevision: UInt64?
    /// The erasures that the warehouse was asked for, and has not finished.
    private var asked: Set<Erasure> = []
    /// Numbers of news: what there is, and what was taken in.
    private var news: UInt64 = 1
    private var taken: UInt64 = 0
    private var hasFailed = false
    private var work: Task<Void, Never>?
    /// Somebody takes in the news.
    private var listener: Task<Void, Never>?
    /// When somebody was told news last.
    private var told: Duration = .zero

    /// - Parameter connect: connects to the warehouse anew.
    package init(
        spool: Spool, exposures source: ExposureSource, options: Options = Options(),
        connect: @escaping @Sendable () async throws -> any Warehouse
    ) {
        self.spool = spool
        self.source = source
        self.connect = connect
        self.options = options
        var policy = options.pace
        if options.retention == nil { policy.expiry = nil } else if policy.expiry == nil { policy.expiry = .seconds(3600) }
        pace = DeliveryPace(policy: policy)
        published.withLock { $0.sound = options.now() }
    }

    /// How deliveries stand; may be asked at any time.
    package nonisolated var status: Status {
        var status = published.withLock { $0 }
        // Where nobody refuses a connection, one may be waited for without an error for minutes.
        if status.failure == nil, let begun = connecting.withLock({ $0 }), ContinuousClock.now - begun >= options.silence {
            status.failure = "the warehouse does not answer"
        }
        return status
    }

    /// Has whoever is given the warehouse be given it again soon, though nothing arrived.
    package func review() { news += 1 }

    /// Begins to deliver.
    package func run() {
        guard work == nil else { return }
        work = Task { while !Task.isCancelled { await self.proceed() } }
    }

    /// Delivers no more; what is under way is finished, and what waits stays in the spool.
    package func close() async {
        work?.cancel()
        warehouse?.hasten(true)
        await work?.value
        await silence()
        warehouse = nil
    }

    private var now: Duration { ContinuousClock.now - start }

    private func proceed() async {
        do {
            switch pace.step(now: now, besides: givesWay) {
            case .rest(let duration): try? await Task.sleep(for: duration)
            case .connect: try await open()
            case .expire: try await expire()
            case .deliver(let withExposures):
                // Who closes it has hastened it already.
                warehouse?.hasten(isOverflowing || Task.isCancelled)
                let begun = now
                let remainder = try await deliver(withExposures: withExposures)
                pace.delivered(remainder, took: now - begun, now: now)
                tellNews()
            }
        } catch {
            // The spool is closed when the server is being stopped.
            if Task.isCancelled || (error as? SpoolError) == .closed { return }
            warehouse = nil
            pace.failed(now: now)
            let since = published.withLock { status in
                status.failure = (error as? WarehouseError)?.forClients ?? "\(error)"
                return status.sound ?? options.now()
            }
            hasFailed = true
            options.report(.failed(reason: "\(error)", since: since))
        }
    }

    /// Whether news is being taken in, and what waits may wait for that.
    private var givesWay: Bool { listener != nil && !isOverflowing }

    /// Whether so many events wait that nobody else may come first.
    private var isOverflowing: Bool { spool.status.bytes >= options.bytes * 8 }

    private func tellNews() {
        guard listener == nil, taken < news, pace.tells(now: now, last: told), let warehouse else { return }
        told = now
        let latest = News(exposures: exposuresName, number: news)
        listener = Task {
            let isTaken = await options.arrived(warehouse, latest)
            if isTaken { taken = latest.number }
            listener = nil
        }
    }

    private var exposuresName: String { "exposures/" + source.registry }
    private var linksName: String { "links/" + source.registry }
    private var eventsName: String { "events/" + spool.name }

    /// Whoever takes in news is to end, and has ended then.
    private func silence() async {
        listener?.cancel()
        await listener?.value
    }

    private func open() async throws {
        // While anybody still reads, the old database is open: the same file must not be opened a second time beside it.
        await silence()
        let warehouse = try await connectWatched()
        let tables = EventTables(warehouse)
        try await tables.prepare()
        nextExposure = Ordinal(clamping: try await tables.position(of: exposuresName))
        lastLink = try await tables.position(of: linksName)
        try await expectOwnExposures(tables)
        self.warehouse = warehouse
        pace.connected(now: now)
        news += 1
        published.withLock {
            $0.failure = nil
            $0.exposures = nextExposure
        }
        options.report(.connected(warehouse: "\(warehouse.dialect)"))
    }

    /// Makes sure that the devices whose exposures the warehouse has are those of this registry.
    ///
    /// A registry that was restored from a copy gives the numbers of those it lost to others, whose exposures would be taken for delivered.
    private func expectOwnExposures(_ tables: EventTables) async throws {
        guard nextExposure > 0, let (ordinal, unit) = try await tables.lastExposure(below: nextExposure) else { return }
        // Another server may have delivered devices that this one has yet to hear of.
        for _ in 0..<20 {
            let batch = try await source.read(ordinal, 1)
            guard batch.end > ordinal else {
                try await Task.sleep(for: .milliseconds(100))
                continue
            }
            // Who was forgotten since goes by no name that the warehouse has.
            let units = Set(batch.exposures().filter { $0.ordinal == ordinal }.map(\.unit))
            if units.isEmpty || units.contains(unit) { return }
            break
        }
        throw WarehouseError.invalid(
            "the warehouse has exposures of devices that this registry does not know, as when it was restored from an older copy: drop "
                + "gosset_exposures, gosset_links and gosset_deliveries there, and they are delivered anew")
    }

    /// Connects; the status tells meanwhile if that takes long.
    private func connectWatched() async throws -> any Warehouse {
        connecting.withLock { $0 = .now }
        defer { connecting.withLock { $0 = nil } }
        return try await connect()
    }

    private func expire() async throws {
        guard let warehouse, let retention = options.retention else { return }
        let before = Timestamp(milliseconds: options.now().milliseconds - Int64(retention / .milliseconds(1)))
        await silence()
        try await EventTables(warehouse).expire(before: before)
        news += 1
        pace.expired(now: now)
    }

    /// Delivers some, and tells what waits after that.
    private func deliver(withExposures: Bool) async throws -> DeliveryPace.Remainder {
        guard let warehouse else { return .init() }
        let tables = EventTables(warehouse)
        try await eraseForgotten()
        try await erase(tables)
        let exposures = withExposures ? try await deliverExposures(tables) : .asBefore
        let hasMoreEvents = try await deliverEvents(tables)
        published.withLock {
            $0.exposures = nextExposure
            ($0.current, $0.sound) = (options.now(), options.now())
        }
        if hasFailed { options.report(.recovered) }
        hasFailed = false
        return .init(events: hasMoreEvents, exposures: exposures)
    }

    /// Has the warehouse delete what somebody asked to be deleted.
    ///
    /// Before anything is delivered: nothing is under way then, what was delivered is there, and what waits in the spool under such a name came
    /// after it was asked, from a device that is a new one.
    private func erase(_ tables: EventTables) async throws {
        let erasures = try await spool.erasures()
        guard !erasures.isEmpty else { return }
        let new = erasures.filter { !asked.contains($0) }
        if !new.isEmpty {
            // Whoever takes in news may keep what is to be deleted, and does not after that.
            await silence()
            // Where other servers deliver too, or an earlier run asked for it and went on, a device that came again may be there already, as a
            // new one.
            let mayBeBack = source.forgotten != nil || tables.dialect == .clickHouse
            for (time, erasures) in Dictionary(grouping: new, by: \.requested) {
                try await tables.erase(units: Set(erasures.map(\.unit)).sorted(), until: mayBeBack ? time : nil)
            }
            asked.formUnion(new)
        }
        guard try await tables.areErased(within: new.isEmpty ? .zero : options.erasing) else { return }
        try await spool.finish(erasures)
        asked = []
        news += 1
        options.report(.erased(units: Set(erasures.map(\.unit)).count))
    }

    /// Takes out of the spool what waits of units that were deleted through other servers of the registry.
    ///
    /// Asked once more when events are delivered and before they leave the spool: who is forgotten after that is deleted from the warehouse by
    /// the server that was asked, with what was just delivered.
    private func eraseForgotten() async throws {
        guard let ask = source.forgotten, let oldest = spool.status.oldest else { return }
        let forgotten = try await ask(oldest, forgottenRevision)
        if !forgotten.isEmpty { _ = try await spool.erase(forgotten: forgotten.time) }
        forgottenRevision = forgotten.revision
    }

    /// Delivers who is whose, and exposures.
    private func deliverExposures(_ tables: EventTables) async throws -> DeliveryPace.Exposures {
        let begun = now
        let hasMoreLinks = try await deliverLinks(tables)
        let batch = try await source.read(nextExposure, options.devices)
        if batch.next > nextExposure {
            try await tables.deliver(batch.exposures(), source: exposuresName, through: batch.next)
            nextExposure = batch.next
            news += 1
        }
        guard batch.next < batch.end || hasMoreLinks else { return .none }
        return .some(took: now - begun)
    }

    private func deliverLinks(_ tables: EventTables) async throws -> Bool {
        let links = try await source.links(lastLink, options.devices)
        guard let last = links.last?.number else { return false }
        try await tables.deliver(links, source: linksName, through: last)
        lastLink = last
        news += 1
        return links.count == options.devices
    }

    private func deliverEvents(_ tables: EventTables) async throws -> Bool {
        let batches = try await spool.oldestBatches(bytes: options.bytes)
        guard let last = batches.last?.numbers.upperBound else { return false }
        let events = try await tables.warehouse.perform { Result { try batches.flatMap { try $0.events() } } }.get()
        let delivered = try await tables.deliver(events, source: eventsName, through: last)
        try await eraseForgotten()
        try await spool.discard(through: last, delivered: delivered, duplicates: events.count - delivered)
        news += 1
        // What came meanwhile is gathered: a delivery of few events costs hardly less than one of many.
        return batches.count == SpoolSession.mostBatches || batches.reduce(0) { $0 + $1.bytes.count } >= options.bytes
    }
}
