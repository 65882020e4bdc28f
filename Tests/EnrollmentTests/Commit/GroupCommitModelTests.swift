import Commit
import Enrollment
import SeededRandom
import Testing

/// Random events against what must hold after any of them.
@Suite struct GroupCommitModelTests {
    @Test(arguments: 1...200)
    func everyWaiterIsAnsweredOnceAndEveryDeviceIsCommittedOnce(seed: Int) throws {
        var simulation = Simulation(seed: UInt64(seed))
        for _ in 0..<600 { try simulation.event() }
        simulation.close()
        #expect(simulation.answers.values.allSatisfy { $0 == 1 })
        #expect(Set(simulation.committed).count == simulation.committed.count)
        #expect(simulation.answers.count == simulation.waiters)
    }
}

/// A writer and a crowd whose every step is drawn by lot.
private struct Simulation {
    private enum Work { case none, commit([Int]), recovery, other }

    private var generator: SeededGenerator
    private var queue: GroupCommit<Int, Int>
    private let spacing: WriterTurns.Spacing
    private var now = Duration.zero
    private var work = Work.none
    private var broken = false
    private var numbers: [Fingerprint: Int] = [:]

    /// Devices in the order of their commits.
    private(set) var committed: [Int] = []
    /// How often each waiter was answered, the refused ones too.
    private(set) var answers: [Int: Int] = [:]
    private(set) var waiters = 0

    init(seed: UInt64) {
        generator = SeededGenerator(seed: seed)
        var limits = GroupCommit<Int, Int>.Limits()
        limits.batch = Int.random(in: 1...6, using: &generator)
        limits.waiting = Int.random(in: 4...20, using: &generator)
        limits.spacing.least = .milliseconds(Int.random(in: 0...4, using: &generator))
        limits.spacing.enough = Int.random(in: 1...6, using: &generator)
        spacing = limits.spacing
        limits.pollInterval = Bool.random(using: &generator) ? .milliseconds(20) : nil
        queue = GroupCommit(limits: limits)
    }

    mutating func event() throws {
        now += .milliseconds(Int.random(in: 0...5, using: &generator))
        switch Int.random(in: 0..<10, using: &generator) {
        case 0..<5: try arrive()
        case 5: request()
        default: write()
        }
        check(queue.waiting == waiters - answers.count)
    }

    private mutating func arrive() throws {
        let number = Int.random(in: 0..<300, using: &generator)
        let fingerprint = Samples.fingerprint(number)
        numbers[fingerprint] = number
        // The registry's rule: who is in the index and not in the queue does not arrive.
        if !queue.isWaiting(for: fingerprint), committed.contains(number) { return }
        waiters += 1
        answer(queue.arrive(Newcomer(token: try Samples.token(number), fingerprint: fingerprint), waiters), waiters)
    }

    private mutating func request() {
        if case .refused = queue.request(0) { check(broken) }
    }

    private mutating func answer(_ admission: GroupCommit<Int, Int>.Admission, _ waiter: Int) {
        if case .refused = admission { answers[waiter, default: 0] += 1 }
    }

    /// Either takes the next step or finishes the last one, well or badly.
    private mutating func write() {
        switch work {
        case .none:
            step()
        case .commit(let batch):
            if fails() { return }
            committed += batch
            let entries = queue.committed()
            check(entries.map(\.newcomer.fingerprint) == batch.map(Samples.fingerprint))
            for waiter in entries.flatMap(\.waiters) { answers[waiter, default: 0] += 1 }
        case .recovery:
            if fails() { return }
            broken = false
            queue.recovered()
        case .other:
            if fails() { return }
        }
        if case .none = work { return }
        work = .none
        step()
    }

    private mutating func step() {
        switch queue.next(now: now) {
        case .commit(let newcomers):
            check(!broken && !newcomers.isEmpty)
            work = .commit(newcomers.compactMap { numbers[$0.fingerprint] })
        case .perform, .poll:
            check(!broken)
            work = .other
        case .resynchronise:
            check(broken)
            work = .recovery
        case .sleep(let time):
            check(time.map { $0 > now } ?? true)
            // Whoever lets somebody wait knows for how long.
            let isGathering = queue.waiting < spacing.enough && time.map { $0 <= now + spacing.least } ?? false
            check(broken || queue.waiting == 0 || isGathering)
        case .stop:
            check(queue.failure == .closed)
        }
    }

    private mutating func fails() -> Bool {
        guard Int.random(in: 0..<6, using: &generator) == 0 else { return false }
        broken = true
        work = .none
        for waiter in queue.failed("bad luck", now: now).waiters { answers[waiter, default: 0] += 1 }
        return true
    }

    /// `#expect` is too slow for what is checked a hundred thousand times.
    private func check(_ holds: Bool, sourceLocation: SourceLocation = #_sourceLocation) {
        if !holds { Issue.record("it does not hold", sourceLocation: sourceLocation) }
    }

    /// Closes and lets the writer finish without further bad luck.
    mutating func close() {
        _ = queue.close()
        while true {
            switch work {
            case .commit(let batch):
                committed += batch
                for waiter in queue.committed().flatMap(\.waiters) { answers[waiter, default: 0] += 1 }
            case .recovery: queue.recovered()
            case .none, .other: break
            }
            work = .none
            switch queue.next(now: now) {
            case .commit(let newcomers): work = .commit(newcomers.compactMap { numbers[$0.fingerprint] })
            case .stop: return
            default: break
            }
        }
    }
}
