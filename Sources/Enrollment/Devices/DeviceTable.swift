import Experiments

/// One shard of the index: an open-addressed table of 24-byte entries.
///
/// Linear probing at a load of 0.64 to 0.8: a table grows by a quarter, not to double, so that slack never costs more than half an
/// entry a device. A slot is the high half of `fingerprint × capacity` (no power of two is needed), which keeps the order of
/// fingerprints: growing walks both tables from front to back, at the speed of memory.
struct DeviceTable: ~Copyable {
    private var entries: UnsafeMutablePointer<Entry>?
    private(set) var capacity = 0
    private(set) var count = 0

    deinit { entries?.deallocate() }

    /// Bytes that the entries take, slack included.
    var allocatedBytes: Int { capacity * MemoryLayout<Entry>.stride }

    func device(for fingerprint: Fingerprint) -> Device? {
        guard let entries else { return nil }
        var slot = slot(of: fingerprint)
        while !entries[slot].isVacant {
            if entries[slot].stands(for: fingerprint) { return entries[slot].device }
            slot = slot + 1 == capacity ? 0 : slot + 1
        }
        return nil
    }

    /// Puts the device in unless its fingerprint is there already; then that one stays and is returned.
    mutating func insert(_ device: Device, for fingerprint: Fingerprint) -> Device? {
        if let present = self.device(for: fingerprint) { return present }
        if (count + 1) * 5 > capacity * 4 { grow(to: Swift.max(8, capacity + capacity / 4)) }
        place(Entry(fingerprint, device))
        count += 1
        return nil
    }

    /// Takes the device of a fingerprint out, if there is one.
    ///
    /// Those that had to give way to it move up, so that no gap stops a search: D. E. Knuth, "The Art of Computer Programming", volume 3,
    /// section 6.4, algorithm R.
    mutating func remove(_ fingerprint: Fingerprint) -> Device? {
        guard let entries else { return nil }
        var gap = slot(of: fingerprint)
        while !entries[gap].isVacant, !entries[gap].stands(for: fingerprint) { gap = gap + 1 == capacity ? 0 : gap + 1 }
        guard !entries[gap].isVacant else { return nil }
        let device = entries[gap].device
        var slot = gap
        while true {
            slot = slot + 1 == capacity ? 0 : slot + 1
            let entry = entries[slot]
            if entry.isVacant { break }
            let home = self.slot(of: entry.fingerprint)
            // It may move up unless its home lies behind the gap and not behind itself, going round.
            let isBetween = gap <= slot ? gap < home && home <= slot : gap < home || home <= slot
            if isBetween { continue }
            entries[gap] = entry
            gap = slot
        }
        entries[gap] = .vacant
        count -= 1
        return device
    }

    /// Makes room for this many devices at once.
    mutating func reserve(_ count: Int) {
        let needed = (count * 5 + 3) / 4
        if needed > capacity { grow(to: needed) }
    }

    private func slot(of fingerprint: Fingerprint) -> Int {
        Int(fingerprint.first.multipliedFullWidth(by: UInt64(capacity)).high)
    }

    private mutating func place(_ entry: Entry) {
        guard let entries else { return }
        var slot = slot(of: entry.fingerprint)
        while !entries[slot].isVacant { slot = slot + 1 == capacity ? 0 : slot + 1 }
        entries[slot] = entry
    }

    private mutating func grow(to newCapacity: Int) {
        let old = UnsafeBufferPointer(start: entries, count: capacity)
        let new = UnsafeMutablePointer<Entry>.allocate(capacity: newCapacity)
        new.initialize(repeating: .vacant, count: newCapacity)
        entries = new
        capacity = newCapacity
        for entry in old where !entry.isVacant { place(entry) }
        old.baseAddress?.deallocate()
    }
}

/// Fingerprint, ordinal and first seen in 192 bits: 112 + 38 + 42.
///
/// 38 bits number 274 billion devices, 42 bits of milliseconds reach the year 2109. Of the 16 bits of the fingerprint that
/// are not kept, eight chose the shard.
private struct Entry {
    private var word0: UInt64
    private var word1: UInt64
    private var word2: UInt64

    /// A device that was first seen at the beginning of 1970 does not exist.
    static let vacant = Entry(word0: 0, word1: 0, word2: 0)

    private init(word0: UInt64, word1: UInt64, word2: UInt64) {
        self.word0 = word0
        self.word1 = word1
        self.word2 = word2
    }

    init(_ fingerprint: Fingerprint, _ device: Device) {
        let firstSeen = UInt64(clamping: device.firstSeen.milliseconds)
        word0 = fingerprint.first
        word1 = fingerprint.second & ~0xFFFF | (device.ordinal >> 22 & 0xFFFF)
        word2 = min(max(firstSeen, 1), 1 << 42 - 1) << 22 | device.ordinal & 0x3F_FFFF
    }

    var isVacant: Bool { word2 == 0 }

    var fingerprint: Fingerprint { Fingerprint(first: word0, second: word1 & ~0xFFFF) }

    var device: Device {
        Device(ordinal: (word1 & 0xFFFF) << 22 | word2 & 0x3F_FFFF, firstSeen: Timestamp(milliseconds: Int64(word2 >> 22)))
    }

    func stands(for fingerprint: Fingerprint) -> Bool {
        word0 == fingerprint.first && (word1 ^ fingerprint.second) >> 16 == 0
    }
}
