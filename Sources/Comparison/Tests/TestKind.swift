/// The tests that can be asked for by name.
package enum TestKind: String, CaseIterable, Sendable {
    // Means
    case welch, student, yuen, permutation, bootstrap, lift
    // Proportions and rates
    case proportions
    case chiSquare = "chi-square"
    case yates, g, fisher, barnard
    case barnardUnpooled = "barnard-unpooled"
    case boschloo, binomial, poisson
    case eventRate = "event-rate"
    // Ranks and distributions
    case mannWhitney = "mannwhitney"
    case kolmogorovSmirnov = "ks"
    case kruskal, shapiro
    case normality = "ks-normal"
    // Several means, and variances
    case anova
    case welchAnova = "welch-anova"
    case tukey, levene
    case brownForsythe = "brown-forsythe"
    case bartlett
    // One sample, and pairs
    case oneSample = "one-sample"
    case paired, wilcoxon
    // No difference that matters
    case equivalence
    case nonInferiority = "non-inferiority"
    // Experiments
    case cuped, lin, stratified, clustered, ratio, quantile, segments, sequential, bayes, srm

    /// How many samples it compares.
    package var samples: ClosedRange<Int> {
        switch self {
        case .shapiro, .normality, .oneSample, .binomial, .eventRate: 1...1
        case .paired, .wilcoxon, .poisson, .segments: 2...2
        default: 2...1000
        }
    }

    /// Whether more than two samples are compared two by two.
    var isByPairs: Bool {
        switch self {
        case .welch, .student, .yuen, .permutation, .bootstrap, .lift, .fisher, .barnard, .barnardUnpooled, .boschloo, .mannWhitney,
            .kolmogorovSmirnov, .equivalence, .nonInferiority, .cuped, .lin, .stratified, .clustered, .ratio, .quantile, .sequential,
            .yates:
            true
        default: false
        }
    }

    /// In which forms it takes them.
    package var forms: [TestInput.Form] {
        switch self {
        case .welch, .student, .lift, .bartlett, .anova, .welchAnova, .tukey, .oneSample: [.values, .summaries]
        case .poisson, .eventRate: [.rates]
        case .srm: [.values, .sizes]
        case .binomial, .proportions, .chiSquare, .yates, .g, .fisher, .barnard, .barnardUnpooled, .boschloo: [.values, .counts]
        case .equivalence, .nonInferiority, .sequential, .bayes: [.values, .summaries, .counts]
        default: [.values]
        }
    }

    /// Whether it can look in one direction.
    package var hasSides: Bool {
        switch self {
        case .shapiro, .levene, .brownForsythe, .bartlett, .anova, .welchAnova, .tukey, .kruskal, .chiSquare, .yates, .g, .srm,
            .segments, .bayes, .equivalence, .nonInferiority:
            false
        default: true
        }
    }

    /// Whether its conclusion depends on what is better.
    package var hasBetter: Bool {
        switch self {
        case .tukey, .bayes, .nonInferiority: true
        case .oneSample, .binomial, .eventRate, .normality, .paired, .wilcoxon, .poisson, .mannWhitney, .kolmogorovSmirnov: false
        default: hasSides
        }
    }

    /// Whether its two samples are columns of the same rows.
    package var isPaired: Bool { self == .paired || self == .wilcoxon }

    /// Whether one sample is held against a given value, and which it is unless told.
    package var nullValue: Double? { self == .oneSample ? 0 : self == .binomial ? 0.5 : self == .eventRate ? 1 : nil }

    /// What it needs to be told besides its samples.
    package var settings: [TestSetting] {
        var settings: [TestSetting] = []
        switch self {
        case .permutation, .bootstrap: settings.append(.resampling)
        case .equivalence, .nonInferiority: settings.append(.margin)
        case .sequential: settings.append(.tuning)
        case .bayes: settings.append(.prior)
        case .srm: settings.append(.weights)
        case .normality: settings.append(.reference)
        case .yuen: settings.append(.trimming)
        case .quantile: settings.append(.probability)
        default: break
        }
        if self == .bootstrap { settings.append(.intervalMethod) }
        if isByPairs || self == .proportions { settings.append(.adjustment) }
        return settings
    }

    /// The columns that it needs from a file besides the values and the groups.
    package var columns: TestColumns? {
        switch self {
        case .cuped, .lin: .covariates(areNeeded: true)
        case .sequential: .covariates(areNeeded: false)
        case .ratio: .denominator
        case .stratified: .parts(flag: "stratum", isNeeded: true)
        case .clustered: .parts(flag: "cluster", isNeeded: true)
        case .segments: .parts(flag: "segment", isNeeded: true)
        case .permutation: .parts(flag: "block", isNeeded: false)
        default: nil
        }
    }
}

/// What some tests must be told besides their samples.
package enum TestSetting: Sendable {
    case adjustment, margin, weights, resampling, intervalMethod, trimming, tuning, prior, probability, reference
}

/// Columns of a file that some tests read besides the values and the groups.
package enum TestColumns: Hashable, Sendable {
    /// What was known of the units before the experiment.
    case covariates(areNeeded: Bool)
    /// What the values are divided by.
    case denominator
    /// Parts of the units: strata, clusters, segments or blocks.
    case parts(flag: String, isNeeded: Bool)
}
