import Events
import Experiments
import Testing

@Suite struct EventClockTests {
    private let received = Timestamp(milliseconds: 1_800_000_000_000)

    private func reading(secondsAgo: Int64) -> EventClock.Reading {
        EventClock().reading(of: Timestamp(milliseconds: received.milliseconds - secondsAgo * 1000), received: received)
    }

    @Test func `A clock that is a little ahead is believed, and one that is far ahead is not`() {
        #expect(reading(secondsAgo: 0) == .plausible)
        #expect(reading(secondsAgo: -300) == .plausible)
        #expect(reading(secondsAgo: -301) == .skewed)
    }

    @Test func `What is a day old is late`() {
        #expect(reading(secondsAgo: 86_399) == .plausible)
        #expect(reading(secondsAgo: 86_400) == .late)
    }
}
