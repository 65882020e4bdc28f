import Enrollment
import Experiments
import Foundation
import SeededRandom
import Synchronization
import Testing

@Suite struct DeviceIndexTests {
    private func device(_ number: Int) -> Device {
        Device(ordinal: Ordinal(number), firstSeen: Timestamp(milliseconds: 1_700_000_000_000 + Int64(number)))
    }

    @Test func everyDeviceIsFoundAndNoOther() {
        let index = DeviceIndex()
        for number in 0..<50_000 { index.insert(device(number), for: Samples.fingerprint(number)) }
        #expect(index.count == 50_000)
        #expect((0..<50_000).allSatisfy { index.device(for: Samples.fingerprint($0)) == device($0) })
        #expect((50_000..<100_000).allSatisfy { index.device(for: Samples.fingerprint($0)) == nil })
    }

    @Test func theFirstDeviceOfAFingerprintStays() {
        let index = DeviceIndex()
        #expect(index.insert(device(1), for: Samples.fingerprint(7)) == nil)
        #expect(index.insert(device(2), for: Samples.fingerprint(7)) == device(1))
        #expect(index.device(for: Samples.fingerprint(7)) == device(1))
        #expect(index.count == 1)
    }

    @Test func fingerprintsThatCrowdOnePlaceAreKeptApart() {
        let index = DeviceIndex()
        // All in one shard, at its end, so that probing wraps around.
        let crowd = (0..<500).map { Fingerprint(first: .max, second: UInt64($0) << 16) }
        for (number, fingerprint) in crowd.enumerated() { index.insert(device(number), for: fingerprint) }
        #expect(crowd.map { index.device(for: $0)?.ordinal } == crowd.indices.map { Ordinal($0) })
    }

    @Test func whatIsTakenOutIsGoneAndHidesNothingElse() {
        let index = DeviceIndex()
        let crowd = (0..<500).map { Fingerprint(first: $0 % 3 == 0 ? .max : .random(in: .min ... .max), second: UInt64($0) << 16) }
        for (number, fingerprint) in crowd.enumerated() { index.insert(device(number), for: fingerprint) }
        var present = Set(crowd.indices)
        for number in crowd.indices.shuffled() {
            #expect(index.remove(crowd[number]) == device(number))
            #expect(index.remove(crowd[number]) == nil)
            present.remove(number)
            #expect(crowd.indices.allSatisfy { (index.device(for: crowd[$0]) != nil) == present.contains($0) })
        }
        #expect(index.count == 0)
    }

    @Test(arguments: [0, 1, 0x3F_FFFF, 0x40_0000, 0x1_0000_0000, DeviceIndex.maximumOrdinal] as [Ordinal])
    func largeOrdinalsAndLateTimesSurvivePacking(ordinal: Ordinal) {
        for milliseconds: Int64 in [1, 1_763_640_000_123, 1 << 42 - 1] {
            let index = DeviceIndex()
            let device = Device(ordinal: ordinal, firstSeen: Timestamp(milliseconds: milliseconds))
            index.insert(device, for: Fingerprint(first: 0, second: 0))
            #expect(index.device(for: Fingerprint(first: 0, second: 0)) == device)
        }
    }

    @Test func itNeverTakesMoreThan48BytesADevice() {
        let index = DeviceIndex()
        // What it takes empty does not grow.
        let fixed = index.allocatedBytes
        #expect(fixed <= 32 * 1024)
        var check = 1
        for number in 1...400_000 {
            index.insert(device(number), for: Samples.fingerprint(number))
            guard number == check else { continue }
            check += max(1, check / 50)
            #expect(index.allocatedBytes <= fixed + 48 * number + 8 * 24 * min(number, 256), "at \(number) devices")
            if number >= 10_000 { #expect(index.allocatedBytes <= 48 * number, "at \(number) devices") }
        }
    }

    @Test func reservedRoomIsEnough() {
        let index = DeviceIndex()
        index.reserve(200_000)
        let reserved = index.allocatedBytes
        for number in 0..<200_000 { index.insert(device(number), for: Samples.fingerprint(number)) }
        #expect(index.allocatedBytes == reserved)
        #expect(reserved <= 48 * 200_000)
    }

    @Test func readersSeeEveryDeviceThatWasAnnouncedWhileTheWriterInserts() throws {
        let index = DeviceIndex()
        let announced = Atomic<Int>(0)
        let missed = Atomic<Int>(0)
        let readers = DispatchGroup()
        let count = 100_000
        for seed in 1...4 {
            readers.enter()
            Thread.detachNewThread {
                var generator = SeededGenerator(seed: UInt64(seed))
                while true {
                    let known = announced.load(ordering: .acquiring)
                    if known > 0 {
                        let number = Int.random(in: 0..<known, using: &generator)
                        if index.device(for: Samples.fingerprint(number))?.ordinal != Ordinal(number) {
                            missed.add(1, ordering: .relaxed)
                        }
                    }
                    if known == count { break }
                }
                readers.leave()
            }
        }
        for number in 0..<count {
            index.insert(device(number), for: Samples.fingerprint(number))
            announced.store(number + 1, ordering: .releasing)
        }
        readers.wait()
        #expect(missed.load(ordering: .relaxed) == 0)
    }
}
