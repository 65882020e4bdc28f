import Randomization

/// Somebody invented: comes with a device, is given variants, and does what people like them do under those variants.
///
/// The same seed and number are always the same visitor, so what would have become of them under another variant is known too. Chances of
/// different things are drawn apart from each other: a variant changes what it changes and nothing else.
package struct Visitor: Hashable, Sendable {
    /// Which visitor of the audience, from 0.
    package let number: Int
    private let key: SecretKey

    package init(number: Int, seed: UInt64) {
        self.number = number
        key = SecretKey(low: seed, high: 0x76_6973_6974_6f72)
    }

    /// The device's token.
    package var token: String { "visitor-\(number)" }

    /// Where the visitor lives: what segments are made of.
    package var country: String {
        switch chance(of: .country) {
        case ..<0.5: "DE"
        case ..<0.8: "SE"
        default: "FI"
        }
    }

    /// What the visitor comes with.
    package var platform: String { chance(of: .platform) < 0.6 ? "phone" : "web" }

    /// What the visitor does, given the values of the experiments they are in.
    ///
    /// - Parameter variants: values by experiment, as `GET /api/v1/experiments` answers.
    package func deeds(under variants: [String: String]) -> [Deed] {
        let properties = ["country": country, "platform": platform]
        var deeds = [Deed("visit", properties: properties)]
        if chance(of: .click) < Behaviour.clicks(variants[Behaviour.colour]) { deeds.append(Deed("click", properties: properties)) }
        let price = variants[Behaviour.price].flatMap { Double($0) } ?? Behaviour.usualPrice
        if chance(of: .purchase) < Behaviour.purchases(at: price) {
            deeds.append(Deed("purchase", value: price, properties: properties))
        }
        if chance(of: .subscription) < Behaviour.subscriptions(variants[Behaviour.cinema]) {
            deeds.append(Deed("subscription", value: Behaviour.month, properties: properties))
        }
        return deeds
    }

    private enum Purpose: UInt64 {
        case country, platform, click, purchase, subscription
    }

    /// Uniform on [0, 1).
    private func chance(of purpose: Purpose) -> Double {
        Double(SipHash.hash64(UInt64(bitPattern: Int64(number)), purpose.rawValue, 0, key: key) >> 11) * 0x1p-53
    }
}
