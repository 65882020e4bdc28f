/// Order statistics without a full sort.
enum Selection {
    /// The median of values that are not empty.
    ///
    /// Takes O(n) expected time.
    static func median(_ values: [Double]) -> Double {
        var scratch = values
        let middle = values.count / 2
        let upper = select(&scratch, middle)
        if values.count % 2 == 1 { return upper }
        // Everything before the selected place is no larger.
        let lower = scratch[..<middle].max() ?? upper
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
