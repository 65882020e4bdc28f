import Randomization
import Testing

@Suite struct PermutedSlotsTests {
    private let key = SecretKey(low: 0x0123_4567_89ab_cdef, high: 0xfedc_ba98_7654_3210)

    @Test(arguments: [1, 2, 3, 20, 100, 128] as [UInt64])
    func `every position belongs to one owner, and ranks number an owner's without gaps`(_ size: UInt64) {
        let owners = [
            PermutedSlots((0..<size).filter { $0 % 3 == 0 }, of: size, key: key),
            PermutedSlots((0..<size).filter { $0 % 3 != 0 }, of: size, key: key),
        ]
        var next: [UInt64] = [0, 0]
        for position in 0..<(3 * size + 5) {
            #expect(owners.map { $0.rank(of: position) } == next)
            let numbers = owners.map { $0.position(of: position) }
            #expect(numbers.count { $0 != nil } == 1)
            for (index, number) in numbers.enumerated() {
                guard let number else { continue }
                #expect(number == next[index])
                next[index] += 1
            }
            #expect((owners[0].slot(at: position) % 3 == 0) == (numbers[0] != nil))
        }
    }

    @Test func `an owner has its share of every whole block`() {
        let slots = PermutedSlots(5..<35, of: 100, key: key)
        #expect(slots.count == 30)
        for block in 0..<UInt64(20) { #expect(slots.rank(of: 100 * block) == 30 * block) }
    }

    @Test(arguments: [1, 2, 20, 100, 128] as [UInt64])
    func `a place that is worked out once serves every owner`(_ size: UInt64) {
        let all = PermutedSlots(0..<size, of: size, key: key)
        let owners = [PermutedSlots(0..<size / 3, of: size, key: key), PermutedSlots(size / 3..<size, of: size, key: key)]
        for position in 0..<(2 * size + 3) {
            let place = all.place(of: position)
            #expect(place.slot == all.slot(at: position))
            for owner in owners {
                #expect(owner.position(at: place) == owner.position(of: position) && owner.rank(at: place) == owner.rank(of: position))
            }
        }
    }

    @Test func `another dealing of the same slots is another order`() {
        let (one, other) = (PermutedSlots(0..<50, of: 100, key: key), PermutedSlots(0..<50, of: 100, key: key, dealing: 1))
        #expect((0..<100).map { one.slot(at: $0) } != (0..<100).map { other.slot(at: $0) })
        #expect(Set((0..<100).map { other.slot(at: $0) }).count == 100)
    }

    // Values fixed once and for ever: if one changes, devices in the field would change their slots.
    @Test func `the slots of a block never change between versions`() {
        let slots = PermutedSlots(0..<2, of: 5, key: key)
        #expect((0..<15).map { slots.slot(at: $0) } == [4, 2, 3, 1, 0, 3, 0, 1, 4, 2, 1, 2, 3, 0, 4])
    }
}
