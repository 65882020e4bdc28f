import Analysis
import Console
import Testing

@Suite struct PlannedSizeTests {
    private func size(_ planned: Int?, _ units: Int, recent: Int = 700, days: Double = 7, isRunning: Bool = true) -> PlannedSize {
        PlannedSize(planned: planned, units: units, recent: recent, span: Int64(days * 86_400_000), isRunning: isRunning)
    }

    @Test func `Days left follow from the pace of the last days`() {
        let some = size(2000, 1500)
        #expect(some.unitsPerDay == 100 && some.daysLeft == 5 && some.progress == 0.75 && some.isReached == false)
        #expect(some.check.status == .warning && some.check.text.contains("1,500 of 2,000"))
        #expect(size(2000, 1500, recent: 50, days: 0.5).daysLeft == 5)
    }

    @Test func `What is left is told in units that one can take in`() {
        #expect(size(2000, 1500).timeLeft == "about 5 days left")
        #expect(size(2000, 1500, recent: 699).timeLeft == "about 6 days left", "rounded up")
        #expect(size(2000, 1900, recent: 700).timeLeft == "about 24 hours left")
        #expect(size(1000, 999).timeLeft == "less than an hour left")
        #expect(size(1000, 1500).timeLeft == nil)
        #expect(size(2000, 1500, isRunning: false).timeLeft == nil && size(nil, 1500).timeLeft == nil)
    }

    @Test func `What is reached is reached, and what stands still has no end`() {
        let done = size(1000, 1500)
        #expect(done.daysLeft == 0 && done.progress == 1 && done.isReached == true && done.check.status == .passed)
        #expect(size(2000, 1500, isRunning: false).daysLeft == nil)
        #expect(size(2000, 1500, recent: 0).daysLeft == nil)
        #expect(size(2000, 10, recent: 10, days: 0.0001).daysLeft == nil, "a pace of nine seconds says nothing")
    }

    @Test func `Without a size nothing is promised`() {
        let none = size(nil, 1500)
        #expect(none.daysLeft == nil && none.progress == nil && none.isReached == nil && none.check.status == .skipped)
        #expect(none.unitsPerDay == 100)
    }
}
