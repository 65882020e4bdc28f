package import Experiments

extension Registry {
    /// The values that a device is given whatever it is dealt: none, but for testers.
    ///
    /// As cheap as reading a flag while nobody is forced.
    package func forcedValues(of token: Span<UInt8>) -> ForcedValues {
        guard memory.hasForced else { return [:] }
        return memory.snapshot.forced[memory.fingerprint(of: token)] ?? [:]
    }

    /// The values that a device is given whatever it is dealt: none, but for testers.
    package func forcedValues(of token: DeviceToken) -> ForcedValues { forcedValues(of: token.bytes.span) }

    /// What stands for a token in an experiment's record of forced units.
    package func unit(of token: DeviceToken) -> String { memory.fingerprint(of: token.bytes.span).unit }

    /// The known devices that count for nothing in an experiment, because they are or were forced, in ascending order.
    package func excluded(from experiment: Experiment) -> [Ordinal] {
        let ordinals = experiment.forced.compactMap { Fingerprint(unit: $0.unit).flatMap(memory.index.device)?.ordinal }
        return Set(ordinals).sorted()
    }
}
