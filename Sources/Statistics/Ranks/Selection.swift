/// Order statistics without a full sort.
enum Selection {
    /// The median of values that are not empty.
    ///
    /// Takes O(n) expected time.
    static func median(_ values: Span<Double>) -> Double {
        let middle = values.count / 2
        let isOdd = values.count % 2 == 1
        guard values.count > 4096 else {
            var scratch = [Double](copying: values)
            return middlemost(&scratch, middle, isOdd: isOdd)
        }
        return values.withUnsafeBufferPointer { values in
            // The leading bits of the keys narrow the search to one bucket; of an even count both middle values may be needed.
            let shift = UInt64(48)
            var histogram = [Int32](repeating: 0, count: 1 << 16)
            for value in values { histogram[Int(SortKeys.key(value) >> shift)] += 1 }
            let lowerRank = isOdd ? middle : middle - 1
            var (bucket, before) = (0, 0)
            while before + Int(histogram[bucket]) <= lowerRank {
                before += Int(histogram[bucket])
                bucket += 1
            }
            var last = bucket
            var reached = before + Int(histogram[bucket])
            while reached <= middle {
                last += 1
                reached += Int(histogram[last])
            }
            var candidates: [Double] = []
            candidates.reserveCapacity(reached - before)
            for value in values {
                let place = Int(SortKeys.key(value) >> shift)
                if place >= bucket, place <= last { candidates.append(value) }
            }
            return middlemost(&candidates, middle - before, isOdd: isOdd)
        }
    }

    /// The value of a rank, or for an even count the mean of it and the one before.
    private static func middlemost(_ values: inout [Double], _ rank: Int, isOdd: Bool) -> Double {
        let upper = select(&values, rank)
        if isOdd { return upper }
        // Everything before the selected place is no larger.
        let lower = values[..<rank].max() ?? upper
        return lower + (upper - lower) / 2
    }

    /// The value of this rank, from 0; smaller values are left before it, larger ones behind.
    ///
    /// C. A. R. Hoare, "Algorithm 65: Find", CACM 4 (1961), doi:10.1145/366622.366647, with the median of three as pivot.
    static func select(_ values: inout [Double], _ rank: Int) -> Double {
        values.withUnsafeMutableBufferPointer { buffer in
            var (low, high) = (0, buffer.count - 1)
            while low < high {
                let middle = low + (high - low) / 2
                let (a, b, c) = (buffer[low], buffer[middle], buffer[high])
                let pivot = max(min(a, b), min(max(a, b), c))
                var (i, j) = (low, high)
                while i <= j {
                    while buffer[i] < pivot { i += 1 }
                    while buffer[j] > pivot { j -= 1 }
                    if i <= j {
                        buffer.swapAt(i, j)
                        i += 1
                        j -= 1
                    }
                }
                if rank <= j {
                    high = j
                } else if rank >= i {
                    low = i
                } else {
                    break
                }
            }
            return buffer[rank]
        }
    }
}
