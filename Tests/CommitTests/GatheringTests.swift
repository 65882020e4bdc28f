import Commit
import Testing

struct GatheringTests {
    /// What is counted at each look; the last from then on.
    private func rests(_ counts: [Int]) -> Int {
        var (look, rests) = (0, 0)
        Gathering.gather {
            defer { look += 1 }
            return counts[min(look, counts.count - 1)]
        } rest: {
            rests += 1
        }
        return rests
    }

    @Test func itEndsOnceNobodyBringsMore() {
        #expect(rests([0]) == 1)
        #expect(rests([3, 3]) == 1)
        #expect(rests([3, 5, 6, 6]) == 3)
    }

    @Test func whatArrivesWithoutEndIsNotWaitedFor() {
        #expect(rests(Array(0...100)) == Gathering.most)
    }
}
