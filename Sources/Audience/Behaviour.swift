/// How likely an invented visitor is to do a thing, by what they were shown: the truth that an analysis should find.
package enum Behaviour {
    /// The experiments that visitors know of: the two examples of a new registry, and the cinema's.
    package static let colour = "button_color"
    package static let price = "price"
    package static let cinema = "cinema_cashback"

    /// The cinema's variants: nothing, and a bank that pays back 99 % of the first month.
    package static let cinemaControl = "none"
    package static let cinemaOffer = "bank_pays_99"

    /// What a month of the cinema costs.
    package static let month = 9.99
    /// The price where no experiment says one.
    package static let usualPrice = 10.0

    /// The chance of a click on a button of a colour.
    static func clicks(_ colour: String?) -> Double { colour == "#00FF00" ? 0.13 : 0.10 }

    /// The chance of a purchase at a price: the dearer, the fewer.
    static func purchases(at price: Double) -> Double {
        switch price {
        case ..<7.5: 0.25
        case ..<15: 0.20
        case ..<30: 0.12
        default: 0.05
        }
    }

    /// The chance of a subscription: 12 of 100, and three tenths more with the bank's offer.
    static func subscriptions(_ variant: String?) -> Double { variant == cinemaOffer ? 0.156 : 0.12 }
}
