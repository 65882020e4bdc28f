import Enrollment
import Experiments

/// Why a device has its value of an experiment, or none.
struct Explanation {
    let dealer: Dealer
    let device: Device
    let placement: Placement
    /// Whether it counts for nothing, because it has or had a forced value, or a device that is answered as it has.
    let isLeftOut: Bool
    /// Whose it is; nil if nobody has said so.
    let link: Link?

    /// Nil for a device that nobody knows; to ask does not make it known.
    init?(of token: DeviceToken, in dealer: Dealer, _ registry: Registry) async throws {
        guard let device = registry.device(for: token) else { return nil }
        self.dealer = dealer
        self.device = device
        placement = dealer.placement(of: device.ordinal, forced: registry.forcedValues(of: token)[dealer.experiment.key])
        isLeftOut = registry.excluded(from: dealer.experiment).contains(device.ordinal)
        link = try await registry.links(.of(token)).first
    }

    /// What is said of a device that nobody knows.
    ///
    /// - Parameter value: the value that it is given whatever it is dealt, if it is a tester's.
    static func unknownDevice(forced value: String?) -> String {
        "No device with this token was ever seen here."
            + (value.map {
                " An operator gave it '\($0)', whatever it is dealt: it gets that with its first request, and counts for nothing in this "
                    + "experiment."
            } ?? "")
    }

    /// Whether it is among those whom statistics count.
    var counts: Bool { !isLeftOut && dealer.place(of: device.ordinal) != nil }

    /// The reason in sentences, for people.
    var sentences: [String] {
        var sentences = [placement.explanation]
        switch link {
        case let link? where link.isAlias:
            sentences.append(
                "The device belongs to a person, and is answered as the first that was linked to them: number \(number(device)).")
        case let link? where link.device == device:
            sentences.append("The device belongs to a person, as the first that was linked to them.")
        case let link?:
            let first = number(link.device)
            sentences.append("The device belongs to a person whose first device is number \(first), and keeps what it had before.")
        case nil: break
        }
        if isLeftOut, !isForced {
            sentences.append(
                link == nil
                    ? "It had a forced value once, so it counts for nothing in this experiment."
                    : "It, or a device that is answered as it is, has or had a forced value, so it counts for nothing in this experiment.")
        }
        return sentences
    }

    private func number(_ device: Device) -> String { Numbers.count(device.ordinal + 1) }

    private var isForced: Bool { if case .forced = placement { true } else { false } }
}
