import Enrollment
import Experiments
import Randomization

/// Tokens, fingerprints and numbers that are the same in every run.
enum Samples {
    static func token(_ number: Int) throws -> DeviceToken { try DeviceToken("device-\(number)") }

    static func fingerprint(_ number: Int) -> Fingerprint {
        let digest = SipHash.hash128(UInt64(number), 0, 0, key: SecretKey(low: 1, high: 2))
        return Fingerprint(first: digest.first, second: digest.second)
    }

    static func experiment(_ key: String) throws -> Experiment {
        let variants = [Variant("a", weight: 1), Variant("b", weight: 1)]
        return Experiment(key: try ExperimentKey(key), allocation: try Allocation(variants), created: Timestamp(milliseconds: 1))
    }
}

/// SplitMix64 (Steele, Lea, Flood 2014): random events that can be had again from their seed.
struct SeededGenerator: RandomNumberGenerator {
    private var state: UInt64

    init(seed: UInt64) { state = seed }

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var z = state
        z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
        z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
        return z ^ (z >> 31)
    }
}
