import Console
import Experiments
import Testing

@Suite struct SignInThrottleTests {
    private func at(_ seconds: Int64) -> Timestamp { Timestamp(milliseconds: 1_700_000_000_000 + seconds * 1000) }

    @Test func `After ten wrong guesses an address waits until the first is ten minutes old`() {
        var throttle = SignInThrottle()
        for second in 0..<10 { #expect(throttle.attempt(from: "a", now: at(Int64(second))) == nil) }
        #expect(throttle.attempt(from: "a", now: at(10)) == 590)
        #expect(throttle.attempt(from: "b", now: at(10)) == nil)
        #expect(throttle.attempt(from: "a", now: at(599)) == 1)
        #expect(throttle.attempt(from: "a", now: at(600)) == nil)
        #expect(throttle.attempt(from: "a", now: at(600)) == 1)
    }

    @Test func `Who waits does not wait longer by trying`() {
        var throttle = SignInThrottle()
        for _ in 0..<10 { _ = throttle.attempt(from: "a", now: at(0)) }
        for second in 1..<600 { #expect(throttle.attempt(from: "a", now: at(Int64(second))) == 600 - second) }
        #expect(throttle.attempt(from: "a", now: at(600)) == nil)
    }

    @Test func `Guesses from everywhere make everybody wait, and are all that is remembered`() {
        var throttle = SignInThrottle()
        for number in 0..<5000 { _ = throttle.attempt(from: "\(number)", now: at(0)) }
        #expect(throttle.count == 1000)
        #expect(throttle.attempt(from: "somebody else", now: at(1)) == 599)
        #expect(throttle.attempt(from: "somebody else", now: at(600)) == nil)
        #expect(throttle.count == 1)
    }

    @Test func `A right token forgives the wrong ones before it, of its address alone`() {
        var throttle = SignInThrottle()
        for _ in 0..<9 { _ = throttle.attempt(from: "a", now: at(0)) }
        for _ in 0..<10 { _ = throttle.attempt(from: "b", now: at(0)) }
        #expect(throttle.attempt(from: "a", now: at(1)) == nil)
        throttle.succeeded(from: "a")
        for _ in 0..<10 { #expect(throttle.attempt(from: "a", now: at(2)) == nil) }
        #expect(throttle.attempt(from: "b", now: at(2)) == 598)
    }

    @Test func `A clock that is set back keeps nobody waiting`() {
        var throttle = SignInThrottle()
        for _ in 0..<10 { _ = throttle.attempt(from: "a", now: at(1_000_000)) }
        #expect(throttle.attempt(from: "a", now: at(0)) == nil)
    }
}
