/// Sorting of long columns of doubles by radix, on keys whose integer order is the order of the numbers.
enum SortKeys {
    /// An unsigned integer that orders as the number does; -0 and +0 become one.
    @inline(__always)
    static func key(_ value: Double) -> UInt64 {
        let bits = (value + 0).bitPattern
        // A negative number is turned round altogether, a positive one only put above it.
        return bits ^ (UInt64(bitPattern: Int64(bitPattern: bits) >> 63) | 0x8000_0000_0000_0000)
    }

    @inline(__always)
    static func value(_ key: UInt64) -> Double {
        Double(bitPattern: key ^ (key >> 63 == 1 ? 0x8000_0000_0000_0000 : .max))
    }

    /// The least double within limits for which a condition holds that, once true, stays true: bisection over the doubles themselves.
    static func bisect(from least: Double, to greatest: Double, _ holds: (Double) -> Bool) -> Double {
        var (low, high) = (key(least), key(greatest))
        while low < high {
            let middle = low + (high - low) / 2
            if holds(value(middle)) { high = middle } else { low = middle + 1 }
        }
        return value(low)
    }

    /// The keys of a sample in ascending order.
    static func sorted(_ values: Span<Double>) -> [UInt64] {
        let count = values.count
        var keys = [UInt64](unsafeUninitializedCapacity: count) { buffer, initialized in
            for i in 0..<count { buffer[i] = key(values[i]) }
            initialized = count
        }
        sort(&keys)
        return keys
    }

    /// Sorts ascending in O(n): least significant digit first, eleven bits at a time, digits that are all equal left out.
    static func sort(_ keys: inout [UInt64]) {
        let count = keys.count
        guard count > 1024 else {
            keys.sort()
            return
        }
        let (digits, bits, size, mask) = (6, UInt64(11), 2048, UInt64(2047))
        var histograms = [Int](repeating: 0, count: digits * size)
        histograms.withUnsafeMutableBufferPointer { histograms in
            keys.withUnsafeBufferPointer { keys in
                for key in keys {
                    for digit in 0..<digits { histograms[digit * size + Int((key >> (bits * UInt64(digit))) & mask)] += 1 }
                }
            }
        }
        var scratch = [UInt64](unsafeUninitializedCapacity: count) { _, initialized in initialized = count }
        for digit in 0..<digits {
            let shift = bits * UInt64(digit)
            let base = digit * size
            if histograms[base + Int((keys[0] >> shift) & mask)] == count { continue }
            var position = 0
            for i in base..<(base + size) { (histograms[i], position) = (position, position + histograms[i]) }
            histograms.withUnsafeMutableBufferPointer { places in
                keys.withUnsafeBufferPointer { keys in
                    scratch.withUnsafeMutableBufferPointer { scratch in
                        for key in keys {
                            let bucket = base + Int((key >> shift) & mask)
                            scratch[places[bucket]] = key
                            places[bucket] += 1
                        }
                    }
                }
            }
            swap(&keys, &scratch)
        }
    }
}
