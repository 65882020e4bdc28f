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
