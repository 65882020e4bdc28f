/// What is asked of two groups.
///
/// The question comes first: data may change how it is answered, never what is asked.
public enum Question: String, Sendable, CaseIterable {
    /// Whether the means differ: revenue per user, time per visit; whatever adds up to a total.
    case means
    /// Whether a value of one group tends to be larger than one of the other.
    case tendency
    /// Whether the groups vary equally.
    case spread
    /// Whether the whole distributions differ in any way.
    case distribution
}

/// A test that the adviser knows.
public enum KnownTest: String, Sendable, CaseIterable {
    /// `WelchTTest`.
    case welch
    /// `PermutationTest`, for means of small skewed samples.
    case permutation
    /// `MannWhitneyTest`.
    case mannWhitney = "mann-whitney"
    /// `LeveneTest` about medians.
    case brownForsythe = "brown-forsythe"
    /// `KolmogorovSmirnovTest`.
    case kolmogorovSmirnov = "kolmogorov-smirnov"
    /// `TwoProportionZTest`.
    case proportions
    /// `UnconditionalTest` by Fisher's p-value.
    case boschloo
    /// `FisherExactTest`, for few events among more trials than `UnconditionalTest` takes.
    case fisher
}
