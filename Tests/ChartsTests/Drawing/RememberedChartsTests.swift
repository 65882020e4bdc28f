import Charts
import Foundation
import Synchronization
import Testing

@Suite struct RememberedChartsTests {
    // Counts what it draws; what is called "broken" it cannot draw at first.
    private final class Counting: ChartRenderer {
        private let drawn = Mutex<[String: Int]>([:])

        func count(_ specification: String) -> Int { drawn.withLock { $0[specification] ?? 0 } }

        func png(of specification: String) async -> Data? {
            let count = drawn.withLock { drawn in
                drawn[specification, default: 0] += 1
                return drawn[specification] ?? 0
            }
            await Task.yield()
            return specification == "broken" && count == 1 ? nil : Data(specification.utf8)
        }
    }

    @Test func `a chart is drawn once, also for many at the same time`() async {
        let counting = Counting()
        let charts = RememberedCharts(counting)
        await withTaskGroup(of: Data?.self) { group in
            for _ in 0..<50 { group.addTask { await charts.png(of: "a") } }
            for await picture in group { #expect(picture == Data("a".utf8)) }
        }
        #expect(await charts.png(of: "b") == Data("b".utf8))
        #expect(counting.count("a") == 1 && counting.count("b") == 1)
    }

    @Test func `what could not be drawn is tried again, and the earliest is forgotten`() async {
        let counting = Counting()
        let charts = RememberedCharts(counting, capacity: 2)
        #expect(await charts.png(of: "broken") == nil)
        #expect(await charts.png(of: "broken") == Data("broken".utf8))
        for name in ["a", "b", "a", "b", "broken"] { _ = await charts.png(of: name) }
        #expect(counting.count("a") == 1 && counting.count("b") == 1 && counting.count("broken") == 3)
    }
}
