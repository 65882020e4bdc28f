package import Text

extension EffectFinding {
    /// The evidence as JSON, as `POST /api/v1/effect-check` answers it.
    package var json: JSONValue {
        [
            "has_effect": .integer(hasEffect ? 1 : 0),
            "reason": .string(reason),
            "probability": [
                "positive": .number(posterior.positive), "none": .number(posterior.zero), "negative": .number(posterior.negative),
            ],
            "p_value": .number(pValue),
            "expected_lift": .number(posterior.lift),
            "kinds": .object(zip(EffectDirections.Kind.allCases, posterior.kinds).map { ($0.rawValue, .number($1)) }),
            "statistics": [
                "signals": .object(zip(Signal.names, signals).map { ($0, .number($1)) }),
                "kinds": .object(zip(EffectDirections.Kind.allCases, kinds).map { ($0.rawValue, .number($1)) }),
            ],
            "adjusted": ["difference": adjusted.json, "lift": adjustedLift?.json ?? .null, "steady_lift": steadyLift.json],
            "naive": ["difference": naive.json, "p_value": .number(naivePValue)],
            "between_a": ["difference": betweenA.json, "p_value": .number(betweenAPValue)],
            "groups": .object(zip(EffectTest.keys, groups).map { ($0, $1.json) }),
            "imbalance": imbalance.map { .number($0) } ?? .null,
            "ids": [
                "unknown": .integer(oddities.unknown), "repeated": .integer(oddities.repeated), "in_both_a": .integer(oddities.inBothA),
            ],
            "belief": [
                "tests": .integer(belief.tests), "positive": .number(belief.positive), "none": .number(belief.zero),
                "negative": .number(belief.negative),
            ],
        ]
    }
}

extension EffectFinding.Estimate {
    /// Ends that are not known are null.
    fileprivate var json: JSONValue { ["estimate": .number(value), "low": .number(low), "high": .number(high)] }
}

extension EffectFinding.Group {
    fileprivate var json: JSONValue {
        [
            "customers": .integer(customers), "pilot": .number(pilot), "before": .number(before),
            "share_of_gender_1": .number(shareOfGenderOne), "age": .number(age), "cut": .integer(cut),
        ]
    }
}
