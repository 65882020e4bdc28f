package import Experiments
import Synchronization

/// Every known device in memory: fingerprint → ordinal and first seen.
///
/// Read from any thread while the writer inserts. The devices are dealt out to 256 shards by their fingerprint; a reader and
/// the writer meet only in one of them, for the length of a probe. When a shard grows, the others stay open.
///
/// `@unchecked Sendable`: the pointer is constant, what it points to are locks with what they guard, made in `init` and freed in `deinit`.
/// As objects the shards would be retained and released for every device asked for, which takes as long as the probe.
package final class DeviceIndex: @unchecked Sendable {
    private static let shardCount = 256

    /// The devices that the index can number.
    package static let maximumOrdinal: Ordinal = 1 << 38 - 1

    private let shards: UnsafeMutablePointer<Mutex<DeviceTable>>

    package init() {
        shards = .allocate(capacity: Self.shardCount)
        for index in 0..<Self.shardCount { (shards + index).initialize(to: Mutex(DeviceTable())) }
    }

    deinit {
        shards.deinitialize(count: Self.shardCount)
        shards.deallocate()
    }

    /// The device with this fingerprint, or nil.
    ///
    /// Tens of nanoseconds.
    package func device(for fingerprint: Fingerprint) -> Device? {
        shards[shard(of: fingerprint)].withLock { $0.device(for: fingerprint) }
    }

    /// Puts a device in.
    ///
    /// A fingerprint that is there already keeps its device, which is returned.
    @discardableResult
    package func insert(_ device: Device, for fingerprint: Fingerprint) -> Device? {
        shards[shard(of: fingerprint)].withLock { $0.insert(device, for: fingerprint) }
    }

    /// Takes the device of a fingerprint out, and returns it if there was one.
    @discardableResult
    package func remove(_ fingerprint: Fingerprint) -> Device? {
        shards[shard(of: fingerprint)].withLock { $0.remove(fingerprint) }
    }

    /// Makes room for this many devices, so that loading them grows nothing.
    package func reserve(_ count: Int) {
        // Shares of the shards vary by the square root of their mean; four times that is enough for all of them.
        let share = Double(count) / Double(Self.shardCount)
        for index in 0..<Self.shardCount {
            shards[index].withLock { $0.reserve(Int((share + 4 * share.squareRoot()).rounded(.up))) }
        }
    }

    /// The number of devices.
    package var count: Int {
        (0..<Self.shardCount).reduce(0) { $0 + shards[$1].withLock { $0.count } }
    }

    /// The bytes that all of this takes: entries with their slack, shards and the headers of their allocations.
    package var allocatedBytes: Int {
        let fixed = Self.shardCount * (MemoryLayout<Mutex<DeviceTable>>.stride + 16)
        return (0..<Self.shardCount).reduce(fixed) { $0 + shards[$1].withLock { $0.allocatedBytes } }
    }

    private func shard(of fingerprint: Fingerprint) -> Int { Int(truncatingIfNeeded: fingerprint.second & 0xFF) }
}
