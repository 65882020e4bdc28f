import Audience
import Testing
import Text

@Suite struct VisitorTests {
    private static let nothing: [String: String] = [:]
    private static let offered = [Behaviour.cinema: Behaviour.cinemaOffer]

    @Test func `The same seed and number are the same visitor`() {
        for number in 0..<100 {
            let (one, same) = (Visitor(number: number, seed: 7), Visitor(number: number, seed: 7))
            #expect(one.deeds(under: Self.nothing) == same.deeds(under: Self.nothing))
            #expect(one.country == same.country && one.token == same.token)
        }
        let other = (0..<100).filter {
            Visitor(number: $0, seed: 7).deeds(under: Self.nothing) != Visitor(number: $0, seed: 8).deeds(under: Self.nothing)
        }
        #expect(other.count > 30)
    }

    @Test func `Everybody visits, and does each thing once`() {
        for number in 0..<1000 {
            let facts = Visitor(number: number, seed: 1).deeds(under: Self.offered).map(\.fact)
            #expect(facts.first == "visit" && Set(facts).count == facts.count)
        }
    }

    @Test func `The bank's offer wins subscribers, loses none, and changes nothing else`() {
        var (without, with) = (0, 0)
        for number in 0..<20_000 {
            let visitor = Visitor(number: number, seed: 1)
            let (before, after) = (visitor.deeds(under: Self.nothing), visitor.deeds(under: Self.offered))
            let isSubscriber = { (deeds: [Deed]) in deeds.contains { $0.fact == "subscription" } }
            #expect(!isSubscriber(before) || isSubscriber(after))
            #expect(before.filter { $0.fact != "subscription" } == after.filter { $0.fact != "subscription" })
            without += isSubscriber(before) ? 1 : 0
            with += isSubscriber(after) ? 1 : 0
        }
        // Four standard deviations of 20,000 draws at 12 and 15.6 of 100.
        #expect(abs(without - 2400) < 184 && abs(with - 3120) < 206, "\(without), \(with)")
    }

    @Test func `What is bought costs what the experiment says`() {
        for price in ["5", "10", "20", "50"] {
            let bought = (0..<2000).flatMap { Visitor(number: $0, seed: 1).deeds(under: [Behaviour.price: price]) }
                .filter { $0.fact == "purchase" }
            #expect(!bought.isEmpty && bought.allSatisfy { $0.value == Double(price) })
        }
    }

    @Test func `An event names its unit, and is told as the API wants it`() {
        let deed = Deed("purchase", value: 9.5, properties: ["country": "DE", "app": "1"])
        #expect(
            deed.event(of: "visitor-1").description
                == #"{"id":"purchase","unit":"visitor-1","fact":"purchase","value":9.5,"properties":{"app":"1","country":"DE"}}"#)
    }
}
