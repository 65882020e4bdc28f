import Foundation
import Scheduling
import Testing

@Suite struct SchedulingTests {
    // What a thread of its own finds.
    private func onThread<Value: Sendable>(_ body: @escaping @Sendable () -> Value) async -> Value {
        await withCheckedContinuation { continuation in Thread.detachNewThread { continuation.resume(returning: body()) } }
    }

    // Where the running thread may go.
    private static var processors: [Int] {
        let status = (try? String(contentsOfFile: "/proc/thread-self/status", encoding: .utf8)) ?? ""
        let list = status.firstMatch(of: #/Cpus_allowed_list:\s*([\d,-]+)/#)?.1 ?? ""
        return list.split(separator: ",").flatMap { range in
            let ends = range.split(separator: "-").compactMap { Int($0) }
            return Array(ends[0]...ends[ends.count - 1])
        }
    }

    private static var niceness: Int32 { getpriority(Int32(PRIO_PROCESS.rawValue), 0) }

    @Test(arguments: [(Precedence.first, 0), (.ordinary, 0), (.after, 5), (.last, 19)] as [(Precedence, Int32)])
    func `a thread stands back, and those that it makes, and nobody else`(_ precedence: Precedence, _ niceness: Int32) async {
        let own = Self.niceness
        let (found, made) = await onThread {
            precedence.take()
            let made = DispatchSemaphore(value: 0)
            nonisolated(unsafe) var inherited: Int32 = -1
            Thread.detachNewThread {
                inherited = Self.niceness
                made.signal()
            }
            made.wait()
            return (Self.niceness, inherited)
        }
        #expect(found == max(own, niceness) && made == found)
        #expect(await onThread { Self.niceness } == own)
    }

    @Test func `a thread settles on one processor, and those that it makes may use all`() async {
        let all = Self.processors
        #expect(Processors.count == all.count)
        for place in all.indices {
            let (found, made) = await onThread {
                Processors.settle(place)
                let made = DispatchSemaphore(value: 0)
                nonisolated(unsafe) var inherited: [Int] = []
                Thread.detachNewThread {
                    inherited = Self.processors
                    made.signal()
                }
                made.wait()
                return (Self.processors, inherited)
            }
            #expect(found == [all[place]] && made == all)
        }
        // There is no such place.
        #expect(await onThread { () -> [Int] in Processors.settle(all.count); return Self.processors } == all)
        #expect(await onThread { Self.processors } == all)
    }
}
