import Spending
import Testing

@Suite struct DeliveryPaceTests {
    @Test func `each failure doubles the pause up to the longest, and success begins anew`() {
        var pace = DeliveryPace(first: .seconds(1), longest: .seconds(60))
        #expect((0..<8).map { _ in pace.failed() } == [1, 2, 4, 8, 16, 32, 60, 60].map { .seconds($0) })
        for _ in 0..<1000 { #expect(pace.failed() == .seconds(60)) }
        pace.succeeded()
        #expect(pace.failed() == .seconds(1))
    }
}
