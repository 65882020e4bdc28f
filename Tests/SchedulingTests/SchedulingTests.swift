import CScheduling
import Foundation
import Scheduling
import Synchronization
import Testing

@Suite struct SchedulingTests {
    // What a thread of its own finds.
    private func onThread<Value: Sendable>(_ body: @escaping @Sendable () -> Value) async -> Value {
        await withCheckedContinuation { continuation in Thread.detachNewThread { continuation.resume(returning: body()) } }
    }

    private static var processors: [Int] { processors(of: "thread-self") }

    // Where a thread may go.
    private static func processors(of thread: String) -> [Int] {
        let status = (try? String(contentsOfFile: "/proc/\(thread)/status", encoding: .utf8)) ?? ""
        let list = status.firstMatch(of: #/Cpus_allowed_list:\s*([\d,-]+)/#)?.1 ?? ""
        return list.split(separator: ",").flatMap { range in
            let ends = range.split(separator: "-").compactMap { Int($0) }
            return Array(ends[0]...ends[ends.count - 1])
        }
    }

    // Where a thread is, or was last.
    private static func processor(of thread: Int32) -> Int {
        let status = (try? String(contentsOfFile: "/proc/self/task/\(thread)/stat", encoding: .utf8)) ?? ""
        let fields = status.split(separator: ")").last?.split(separator: " ") ?? []
        return fields.count > 36 ? Int(fields[36]) ?? -1 : -1
    }

    // Has the running thread stay on some processors.
    private static func keep(to processors: [Int]) {
        var set = gosset_processors()
        withUnsafeMutableBytes(of: &set) { bytes in
            for processor in processors { bytes[processor / 8] |= 1 << (processor % 8) }
        }
        #expect(gosset_allow(0, &set) != 0)
    }

    // Has the running thread join and be awake on a processor.
    private static func takeSeat(in seating: Seating, on processor: Int) -> SeatedThread {
        let seat = seating.join()
        keep(to: [processor])
        seating.sit(seat)
        return seat
    }

    private static var niceness: Int32 { getpriority(Int32(PRIO_PROCESS.rawValue), 0) }

    // How long the running thread's slices are, in nanoseconds; nil where the kernel does not tell, or has none of a thread's own.
    private static var slice: Int? {
        let text = (try? String(contentsOfFile: "/proc/thread-self/sched", encoding: .utf8)) ?? ""
        return text.firstMatch(of: #/se\.slice\s*:\s*(\d+)/#).flatMap { Int($0.1) }
    }

    @Test(.enabled(if: Self.slice != nil))
    func `who answers is not kept waiting by who stands back, nor are the threads that it makes such`() async {
        func slices(_ precedence: Precedence) async -> [Int?] {
            await onThread {
                precedence.take()
                let made = DispatchSemaphore(value: 0)
                let inherited = Mutex<Int?>(nil)
                Thread.detachNewThread {
                    inherited.withLock { $0 = Self.slice }
                    made.signal()
                }
                made.wait()
                return [Self.slice, inherited.withLock { $0 }]
            }
        }
        let usual = await onThread { Self.slice }
        #expect(await slices(.first) == [100_000, usual])
        #expect(await slices(.early) == [200_000, usual])
        #expect(await slices(.ordinary) == [usual, usual])
        #expect(await slices(.after) == [100_000_000, 100_000_000])
        #expect(await slices(.last) == [100_000_000, 100_000_000])
    }

    @Test(arguments: [(Precedence.first, 0), (.early, 0), (.ordinary, 0), (.after, 5), (.last, 19)] as [(Precedence, Int32)])
    func `a thread stands back, and those that it makes, and nobody else`(_ precedence: Precedence, _ niceness: Int32) async {
        let own = Self.niceness
        let (found, made) = await onThread {
            precedence.take()
            let made = DispatchSemaphore(value: 0)
            let inherited = Mutex<Int32>(-1)
            Thread.detachNewThread {
                inherited.withLock { $0 = Self.niceness }
                made.signal()
            }
            made.wait()
            return (Self.niceness, inherited.withLock { $0 })
        }
        #expect(found == max(own, niceness) && made == found)
        #expect(await onThread { Self.niceness } == own)
    }

    // A member that was last awake on the first processor is met there by another one.
    private func meet(isAtWork: Bool) async -> (place: Int, allowed: [Int], after: [Int]) {
        let all = Self.processors
        let seating = Seating()
        let name = Atomic<Int32>(0)
        let isAwake = Atomic(false)
        async let after = onThread {
            let seat = Self.takeSeat(in: seating, on: all[0])
            Self.keep(to: all)
            if !isAtWork { seating.rise(seat) }
            name.store(gosset_thread(), ordering: .releasing)
            while !isAwake.load(ordering: .acquiring) {}
            seating.sit(seat)
            return Self.processors
        }
        let (place, allowed) = await onThread {
            while name.load(ordering: .acquiring) == 0 { usleep(100) }
            let other = name.load(ordering: .relaxed)
            _ = Self.takeSeat(in: seating, on: all[0])
            let found = (Self.processor(of: other), Self.processors(of: "self/task/\(other)"))
            Self.keep(to: all)
            return found
        }
        isAwake.store(true, ordering: .releasing)
        return (place, allowed, await after)
    }

    @Test(.enabled(if: Processors.count > 1), arguments: [false, true])
    func `whoever wakes up on the seat of another sends it elsewhere, where it is not kept`(_ isAtWork: Bool) async {
        let all = Self.processors
        for _ in 0..<20 {
            let met = await meet(isAtWork: isAtWork)
            #expect(met.place != all[0] && met.allowed == (isAtWork ? all : [all[1]]) && met.after == all)
        }
    }

    @Test(.enabled(if: Processors.count > 1))
    func `who may go elsewhere by now than when it joined is not sent`() async {
        let all = Self.processors
        let seating = Seating()
        let name = Atomic<Int32>(0)
        let isAwake = Atomic(false)
        async let after = onThread {
            let seat = Self.takeSeat(in: seating, on: all[0])
            name.store(gosset_thread(), ordering: .releasing)
            while !isAwake.load(ordering: .acquiring) { usleep(100) }
            seating.sit(seat)
            return Self.processors
        }
        await onThread {
            while name.load(ordering: .acquiring) == 0 { usleep(100) }
            _ = Self.takeSeat(in: seating, on: all[0])
        }
        isAwake.store(true, ordering: .releasing)
        #expect(await after == [all[0]])
    }
}
