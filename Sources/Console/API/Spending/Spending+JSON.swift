import Spending
import Text

extension Cents {
    /// The amount as a JSON number, exact.
    var value: JSONValue { .encoded(json) }
}

extension AgeAverages.Figures {
    /// What is common to bands and to those who are in none.
    fileprivate var counts: [(String, JSONValue)] {
        [("customers", .integer(customers)), ("spenders", .integer(spenders)), ("payments", .integer(payments)), ("total", total.value)]
    }

    fileprivate func json(band: String) -> JSONValue {
        .object(
            [("band", .string(band))] + counts + [
                ("averagePerSpender", JSONValue(perSpender)), ("averagePerRegisteredCustomer", JSONValue(perRegisteredCustomer)),
                ("averagePerPayment", JSONValue(perPayment)),
            ])
    }
}

extension AgeAverages {
    /// The members of the answer.
    var members: [(String, JSONValue)] {
        [
            ("year", year.map { .integer($0) } ?? .null), ("headline", "averagePerSpender"),
            ("bands", .array(AgeBand.allCases.map { self[$0].json(band: $0.name) })),
            ("notInBands", ["under18": .object(under18.counts), "withoutAge": .object(withoutAge.counts)]),
        ]
    }
}

extension SpendingSnapshot {
    /// What was wrong with rows.
    var rows: JSONValue {
        [
            "payments": .integer(payments),
            "leftOut": [
                "withoutAmount": .integer(flaws.withoutAmount), "notNumbers": .integer(flaws.notNumbers),
                "ofUnknownCustomers": .integer(flaws.ofUnknownCustomers), "customersWithoutOwnID": .integer(flaws.customersWithoutOwnID),
            ],
            "takenAsTheyAre": [
                "roundedToCents": .integer(flaws.rounded), "negative": .integer(flaws.negative), "withoutYear": .integer(flaws.withoutYear),
            ],
        ]
    }
}

extension SpendingSnapshot.Customer {
    var json: JSONValue { ["user_id": .integer(Int(id)), "band": .string(group.name), "total_spending": total.value] }
}
