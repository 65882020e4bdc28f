import Dispatch
import Enrollment
import Experiments
import Foundation
import Synchronization

/// Measures the registry by itself, without HTTP: first contacts by waiters, loading, lookups and memory.
///
///     EnrollmentBenchmark [--only lookups|layers|growth|contacts|loading] [--store DIR|postgres://…] [--devices 5000000] [--seconds 3]

struct Arguments {
    var only: String?
    var store: String?
    var devices = 5_000_000
    var seconds = 3.0

    init(_ words: ArraySlice<String>) {
        var words = words
        while let name = words.popFirst(), let value = words.popFirst() {
            switch name {
            case "--only": only = value
            case "--store": store = value
            case "--devices": devices = Int(value) ?? devices
            case "--seconds": seconds = Double(value) ?? seconds
            default: print("unknown option \(name)")
            }
        }
    }
}

let arguments = Arguments(CommandLine.arguments.dropFirst())
let scratch = arguments.store ?? FileManager.default.temporaryDirectory.appending(path: "gosset-benchmark-\(getpid())").path()

func makeStore() -> any RegistryStore {
    scratch.hasPrefix("postgres") ? PostgresStore(uri: scratch) : SQLiteStore(directory: scratch)
}

func seconds(_ body: () throws -> Void) rethrows -> Double {
    try ContinuousClock().measure(body) / .seconds(1)
}

/// Keeps a number of first contacts waiting for a time, asked for by two threads as a server's event loops would.
func firstContacts(_ registry: Registry, waiters: Int, run: Int) -> (rate: Double, batch: Double, p99: Double) {
    let loops = (0..<2).map { EventLoop(registry, waiters: waiters / 2, prefix: "run-\(run)-loop-\($0)-device-") }
    let before = registry.metrics
    let finished = DispatchGroup()
    let time = seconds {
        for loop in loops {
            finished.enter()
            Thread.detachNewThread {
                loop.run(seconds: arguments.seconds)
                finished.leave()
            }
        }
        finished.wait()
    }
    let after = registry.metrics
    let enrolled = Double(after.enrolled - before.enrolled)
    let latencies = loops.flatMap { $0.latencies.withLock { $0 } }.sorted()
    return (enrolled / time, enrolled / Double(after.batches - before.batches), latencies[latencies.count * 99 / 100])
}

final class EventLoop: Sendable {
    private let registry: Registry
    private let waiters: Int
    private let prefix: String
    private let ready = Mutex<[ContinuousClock.Instant]>([])
    private let wakeup = DispatchSemaphore(value: 0)
    let latencies = Mutex<[Double]>([])

    init(_ registry: Registry, waiters: Int, prefix: String) {
        self.registry = registry
        self.waiters = waiters
        self.prefix = prefix
    }

    func run(seconds: Double) {
        let end = ContinuousClock.now + .seconds(seconds)
        var number = 0
        var outstanding = 0
        while true {
            let running = ContinuousClock.now < end
            while running, outstanding < waiters {
                number += 1
                outstanding += 1
                let began = ContinuousClock.now
                guard let token = try? DeviceToken(prefix + String(number)) else { return }
                registry.enroll(token) { [self] _ in
                    if ready.withLock({
                        $0.append(began)
                        return $0.count == 1
                    }) {
                        wakeup.signal()
                    }
                }
            }
            if outstanding == 0 { return }
            wakeup.wait()
            let answered = ready.withLock { ready in
                defer { ready.removeAll(keepingCapacity: true) }
                return ready
            }
            outstanding -= answered.count
            let now = ContinuousClock.now
            latencies.withLock { $0 += answered.map { (now - $0) / .seconds(1) } }
        }
    }
}

func residentBytes() -> Int {
    let pages = (try? String(contentsOfFile: "/proc/self/statm", encoding: .utf8))?.split(separator: " ").dropFirst().first
    return (pages.flatMap { Int($0) } ?? 0) * 4096
}

func pad(_ text: String, _ width: Int) -> String { String(repeating: " ", count: max(0, width - text.count)) + text }

func benchmarkFirstContacts() throws {
    let registry = try Registry(makeStore())
    print("waiters  first contacts/s  devices/commit  p99 ms")
    for (run, waiters) in [2, 16, 64, 256, 1024].enumerated() {
        let result = firstContacts(registry, waiters: waiters, run: run)
        print(
            pad("\(waiters)", 7), pad("\(Int(result.rate))", 17), pad(String(format: "%.1f", result.batch), 15),
            pad(String(format: "%.2f", result.p99 * 1000), 7))
    }
    print("devices enrolled: \(registry.nextOrdinal)")
    registry.close()
}

func benchmarkLoading() throws {
    do {
        let store = makeStore()
        _ = try store.open()
        let first = Int(try store.nextOrdinal())
        for start in stride(from: first, to: arguments.devices, by: 10_000) {
            let tokens = try (start..<min(start + 10_000, arguments.devices)).map { number in
                try DeviceToken(UUID().uuidString + "-" + String(number))
            }
            _ = try store.enroll(tokens, at: .now())
        }
        store.close()
    }
    let resident = residentBytes()
    var opened: Registry?
    let time = try seconds { opened = try Registry(makeStore()) }
    guard let registry = opened else { return }
    let devices = registry.metrics.devices
    print("loaded \(devices) devices in \(String(format: "%.2f", time)) s")
    print("index: \(String(format: "%.1f", Double(registry.metrics.indexBytes) / Double(devices))) bytes a device")
    print("resident growth: \(String(format: "%.1f", Double(residentBytes() - resident) / Double(devices))) bytes a device")
    registry.close()
}

func benchmarkGrowth() {
    let index = DeviceIndex()
    let resident = residentBytes()
    var generator = SystemRandomNumberGenerator()
    var worst = 0.0
    let time = seconds {
        for number in 0..<arguments.devices {
            let fingerprint = Fingerprint(first: generator.next(), second: generator.next())
            let began = ContinuousClock.now
            index.insert(Device(ordinal: Ordinal(number), firstSeen: Timestamp(milliseconds: 1)), for: fingerprint)
            worst = max(worst, (ContinuousClock.now - began) / .seconds(1))
        }
    }
    print("grew to \(arguments.devices) devices in \(String(format: "%.2f", time)) s, longest insertion \(Int(worst * 1e6)) us")
    print("index: \(String(format: "%.1f", Double(index.allocatedBytes) / Double(arguments.devices))) bytes a device")
    print("resident growth: \(String(format: "%.1f", Double(residentBytes() - resident) / Double(arguments.devices))) bytes a device")
}

func benchmarkLookups() async throws {
    let registry = try Registry(MemoryStore())
    let tokens = try (0..<100_000).map { try DeviceToken("0123456789abcdef-\($0)") }
    for token in tokens { registry.enroll(token) { _ in } }
    _ = try await registry.enroll(DeviceToken("last"))
    var found = 0
    // The processor's time: what others do on the machine does not count.
    let began = clock()
    for _ in 0..<10 {
        for token in tokens where registry.device(for: token) != nil { found += 1 }
    }
    let time = Double(clock() - began) / Double(CLOCKS_PER_SEC)
    print("known device: \(Int(time / Double(found) * 1e9)) ns")
    registry.close()
}

/// What an answer costs where experiments share a layer, beside as many that have a layer each.
func benchmarkLayers() throws {
    func nanoseconds(experiments: Int, layers: Int) throws -> Int {
        let names = try (0..<layers).map { try ExperimentKey("layer-\($0)") }
        var catalogue = try Catalogue(layers: names.map { try Layer(name: $0, created: .now()) })
        for number in 0..<experiments {
            var experiment = Experiment(
                key: try ExperimentKey("experiment-\(number)"),
                allocation: try Allocation([Variant("a", weight: 1), Variant("b", weight: 1)]),
                created: .now())
            try experiment.start(at: 0, now: .now())
            try catalogue.add(experiment, slots: 100 / experiments, of: names[number % layers])
        }
        let assigner = Assigner(catalogue)
        var sum = 0
        let began = clock()
        for ordinal in Ordinal(0)..<300_000 { sum &+= assigner.hand(of: ordinal) }
        precondition(sum > 0, "somebody is in something")
        return Int(Double(clock() - began) / Double(CLOCKS_PER_SEC) / 300_000 * 1e9)
    }
    print("experiments  in one layer  in a layer each")
    for experiments in [1, 2, 4, 8] {
        let (one, each) = (
            try nanoseconds(experiments: experiments, layers: 1), try nanoseconds(experiments: experiments, layers: experiments)
        )
        print(pad("\(experiments)", 11), pad("\(one) ns", 13), pad("\(each) ns", 16))
    }
}

func isWanted(_ part: String) -> Bool { arguments.only.map { $0 == part } ?? true }

func removeScratch() {
    if arguments.store == nil { try? FileManager.default.removeItem(atPath: scratch) }
}

if isWanted("lookups") { try await benchmarkLookups() }
if isWanted("layers") { try benchmarkLayers() }
if isWanted("growth") { benchmarkGrowth() }
if isWanted("contacts") { try benchmarkFirstContacts() }
removeScratch()
if isWanted("loading") { try benchmarkLoading() }
removeScratch()
