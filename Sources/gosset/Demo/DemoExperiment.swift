import Audience

/// What the demonstration has to know of an experiment: its variants, if it is the demonstration's own, and its plan.
struct DemoExperiment: Sendable {
    let key: String
    /// The body that creates it; nil for those that every new registry has.
    var creation: String?
    let plan: String

    static let all = [colour, price, cinema]

    static let cinema = DemoExperiment(
        key: Behaviour.cinema,
        creation: """
            {"key": "\(Behaviour.cinema)",
             "summary": "Do three in ten more subscribe to the online cinema when a bank pays back 99 % of the first month?",
             "variants": [{"value": "\(Behaviour.cinemaControl)", "weight": 1}, {"value": "\(Behaviour.cinemaOffer)", "weight": 1}]}
            """,
        plan: """
            question: Do three in ten more subscribe when a bank pays back 99 % of the first month?
            control: "\(Behaviour.cinemaControl)"
            size: 20000
            active: visit
            facts:
              visit: {}
              subscription: {value: value}
              purchase: {value: value}
            metrics:
              subscribed: {kind: conversion, of: subscription}
              revenue: {kind: mean, of: subscription}
              bought: {kind: conversion, of: purchase}
            guardrails: {bought: {margin: 20 %}}
            segments: {country: {of: visit}, platform: {of: visit}}
            decision: {ship on: subscribed}

            """)

    private static let colour = DemoExperiment(
        key: Behaviour.colour,
        plan: """
            question: Which colour of the button is clicked most?
            control: "#FF0000"
            facts:
              click: {}
            metrics:
              clicked: {kind: conversion, of: click}
            decision: {ship on: clicked}

            """)

    private static let price = DemoExperiment(
        key: Behaviour.price,
        plan: """
            question: Which price brings the most?
            control: "10"
            facts:
              purchase: {value: value}
            metrics:
              revenue: {kind: mean, of: purchase}
              bought: {kind: conversion, of: purchase}
            decision: {ship on: revenue}

            """)
}
