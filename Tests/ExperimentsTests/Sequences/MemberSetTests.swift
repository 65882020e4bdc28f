import Experiments
import Testing

@Suite struct MemberSetTests {
    @Test(arguments: [0, 5, 511, 512, 1_000_003] as [Ordinal])
    func `ranks are what counting gives, wherever the first member is`(_ first: Ordinal) {
        let set = MemberSet()
        var members: [Ordinal] = []
        var ordinal = first
        // Strides from one to more than a run of bits.
        for step in 0..<400 {
            #expect(set.insert(ordinal))
            members.append(ordinal)
            ordinal += 1 + Ordinal(step * step % 700)
        }
        #expect(set.count == 400)
        let known = Set(members)
        var rank: UInt64 = 0
        for ordinal in first..<ordinal + 600 {
            #expect(set.rank(of: ordinal) == rank)
            #expect(set.position(of: ordinal) == (known.contains(ordinal) ? rank : nil))
            if known.contains(ordinal) { rank += 1 }
        }
        #expect(set.rank(of: 0) == 0)
        #expect(first == 0 || set.position(of: first - 1) == nil)
    }

    @Test func `a member that is told again changes nothing, and one that comes too late is refused`() {
        let set = MemberSet()
        for ordinal in [3, 4, 9] as [Ordinal] { set.insert(ordinal) }
        #expect(set.insert(4))
        #expect(!set.insert(5))
        #expect(set.count == 3)
        #expect(set.rank(of: 9) == 2)
        #expect(MemberSet().rank(of: 7) == 0)
        #expect(MemberSet().position(of: 7) == nil)
    }

    @Test func `ten million devices take less than two bits each`() {
        let set = MemberSet()
        for ordinal in stride(from: 0, to: 10_000_000, by: 3) as StrideTo<Ordinal> { set.insert(ordinal) }
        #expect(set.allocatedBytes * 8 < 2 * 10_000_000)
        #expect(set.rank(of: 9_000_000) == 3_000_000)
    }
}
