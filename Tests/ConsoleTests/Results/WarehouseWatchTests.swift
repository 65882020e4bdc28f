import Console
import Experiments
import Testing

@Suite struct WarehouseWatchTests {
    private func at(_ seconds: Int64) -> Timestamp { Timestamp(milliseconds: 1000 * seconds) }

    @Test func `A long absence is told once, and so is its end`() {
        var watch = WarehouseWatch(patience: .seconds(60))
        #expect(watch.failed(at: at(59), since: at(0)) == false)
        #expect(watch.delivered() == false, "nobody was told that it was away")
        #expect(watch.failed(at: at(100), since: at(70)) == false)
        #expect(watch.failed(at: at(130), since: at(70)) == true)
        #expect(watch.failed(at: at(190), since: at(70)) == false)
        #expect(watch.delivered() == true)
        #expect(watch.delivered() == false)
        #expect(watch.failed(at: at(500), since: at(200)) == true)
    }
}
