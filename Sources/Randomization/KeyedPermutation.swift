/// One permutation of `0 ..< count` out of all of them, chosen by a secret key and a tweak, of which any single place can be asked.
///
/// The tweak is a pair of numbers (here: epoch and block), so that one key gives as many unrelated permutations as are wanted.
/// Nothing is stored: a permutation costs no memory, however large it is.
///
/// - Up to ``largestShuffle`` elements it is a Fisher-Yates shuffle (Durstenfeld 1964) whose draws come from SipHash as a
///   pseudo-random function, with rejection, so that all `count!` orders are equally likely. Only one place is traced back through the
///   swaps: O(count) time, no array.
/// - Above, it is a balanced Feistel network over a square domain with cycle walking (Black and Rogaway, "Ciphers with arbitrary finite
///   domains", CT-RSA 2002): O(1) time, and not to be told from random by anyone without the key.
package struct KeyedPermutation {
    /// How many elements are permuted; at least one, less than 2³².
    let count: UInt64
    let key: SecretKey
    let epoch: UInt64
    let block: UInt64

    /// The largest permutation that is dealt by an exact shuffle.
    ///
    /// At 128 a place costs at most 32 hashes, as much as the network above.
    static let largestShuffle: UInt64 = 128

    /// The permutation of `count` elements that the key gives for this epoch and block.
    package init(count: UInt64, key: SecretKey, epoch: UInt64, block: UInt64) {
        self.count = count
        self.key = key
        self.epoch = epoch
        self.block = block
    }

    /// The element that stands in the given place.
    package func element(at place: UInt64) -> UInt64 {
        precondition(place < count, "a place is below the count")
        return count <= KeyedPermutation.largestShuffle ? shuffled(place) : walked(place)
    }

    // MARK: Small: Fisher-Yates, one place traced back

    // The shuffle goes from the last place down and swaps place `j` with a random one at or below it. Read backwards in time from the
    // wanted place, each earlier step may have put there what stood in place `j` before.
    private func shuffled(_ place: UInt64) -> UInt64 {
        if count == 1 { return 0 }
        var draws = Draws(permutation: self)
        var position = place == 0 ? 0 : draws.next(step: place)
        var step = place + 1
        while step < count {
            if draws.next(step: step) == position { position = step }
            step += 1
        }
        return position
    }

    /// Calls a body with all elements, in the order of their places: the whole shuffle, for as many hashes as the costliest single place.
    ///
    /// - Precondition: there are at most ``largestShuffle`` elements.
    func withElements<Result>(_ body: (UnsafeMutableBufferPointer<UInt8>) -> Result) -> Result {
        precondition(count <= KeyedPermutation.largestShuffle, "only a shuffle has all its elements at once")
        return withUnsafeTemporaryAllocation(of: UInt8.self, capacity: Int(count)) { elements in
            for place in 0..<Int(count) { elements.initializeElement(at: place, to: UInt8(place)) }
            var draws = Draws(permutation: self)
            var step = count - 1
            while step > 0 {
                elements.swapAt(Int(step), Int(draws.next(step: step)))
                step -= 1
            }
            return body(elements)
        }
    }

    /// Uniform draws, one for each step of the shuffle; four 32-bit lanes are taken from each hash.
    private struct Draws {
        let permutation: KeyedPermutation
        var cached = UInt64.max
        var lanes = SipHash.Digest128(first: 0, second: 0)

        init(permutation: KeyedPermutation) { self.permutation = permutation }

        /// A uniform number in `0 ... step` (Lemire's multiplication with rejection, ACM TOMACS 29, 2019).
        mutating func next(step: UInt64) -> UInt64 {
            let bound = UInt32(truncatingIfNeeded: step + 1)
            let threshold = (0 &- bound) % bound
            var attempt: UInt64 = 0
            while true {
                let (high, low) = lane(step: step, attempt: attempt).multipliedFullWidth(by: bound)
                if low >= threshold { return UInt64(high) }
                attempt += 1
            }
        }

        private mutating func lane(step: UInt64, attempt: UInt64) -> UInt32 {
            let wanted = (attempt &<< 32) | (step &>> 2)
            if wanted != cached {
                lanes = SipHash.hash128(permutation.epoch, permutation.block, wanted, key: permutation.key)
                cached = wanted
            }
            let word = step & 2 == 0 ? lanes.first : lanes.second
            return UInt32(truncatingIfNeeded: step & 1 == 0 ? word : word &>> 32)
        }
    }

    // MARK: Large: a Feistel network, walked until inside

    /// Ten rounds, as in NIST SP 800-38G (FF1).
    private static let rounds: UInt64 = 10

    private func walked(_ place: UInt64) -> UInt64 {
        let side = KeyedPermutation.side(of: count)
        var value = place
        repeat {
            value = network(value, side: side)
        } while value >= count
        return value
    }

    private func network(_ value: UInt64, side: UInt64) -> UInt64 {
        var (left, right) = value.quotientAndRemainder(dividingBy: side)
        var round: UInt64 = 0
        while round < KeyedPermutation.rounds {
            // The top bit keeps these hashes apart from the shuffle's.
            let mixed = SipHash.hash64(epoch, block, (1 &<< 63) | (round &<< 32) | right, key: key)
            (left, right) = (right, (left + mixed % side) % side)
            round += 1
        }
        return left * side + right
    }

    /// The least side whose square holds all elements.
    package static func side(of count: UInt64) -> UInt64 {
        var side = UInt64(Double(count).squareRoot())
        while side * side < count { side += 1 }
        while side > 1, (side - 1) * (side - 1) >= count { side -= 1 }
        return side
    }
}
