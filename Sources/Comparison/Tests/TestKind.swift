/// The tests that can be asked for by name.
package enum TestKind: String, CaseIterable, Sendable {
    case welch, student, yuen, proportions
    case chiSquare = "chi-square"
    case g, fisher, barnard, boschloo
    case mannWhitney = "mannwhitney"
    case kolmogorovSmirnov = "ks"
    case shapiro, levene
    case brownForsythe = "brown-forsythe"
    case bartlett, anova
    case welchAnova = "welch-anova"
    case kruskal
    case oneSample = "one-sample"
    case paired, wilcoxon, binomial, poisson

    /// One line for the list of commands.
    package var summary: String {
        switch self {
        case .welch: "Welch's t: do two means differ? The test for means in an experiment."
        case .student: "Student's t: do two means differ, the variances taken to be equal?"
        case .yuen: "Yuen's t: do two means differ, 20 % cut off at each end?"
        case .proportions: "z: do proportions differ? All pairs, p-values adjusted."
        case .chiSquare: "Pearson's chi-square: do proportions differ?"
        case .g: "G (likelihood ratio): do proportions differ?"
        case .fisher: "Fisher's exact test: do two proportions differ?"
        case .barnard: "Barnard's exact test: do two proportions differ?"
        case .boschloo: "Boschloo's exact test: do two proportions differ?"
        case .mannWhitney: "Mann-Whitney: does a value of one group tend to exceed one of the other?"
        case .kolmogorovSmirnov: "Kolmogorov-Smirnov: do two distributions differ anywhere?"
        case .shapiro: "Shapiro-Wilk: are the values normal?"
        case .levene: "Levene: do variances differ? By deviations from means."
        case .brownForsythe: "Brown-Forsythe: do variances differ? By deviations from medians."
        case .bartlett: "Bartlett: do variances differ, the values taken to be normal?"
        case .anova: "One-way analysis of variance: do any means differ, the variances taken to be equal?"
        case .welchAnova: "Welch's analysis of variance: do any means differ?"
        case .kruskal: "Kruskal-Wallis: does any group tend to larger values?"
        case .oneSample: "One-sample t: is a mean what it should be?"
        case .paired: "Paired t: do two columns differ in the mean, row by row?"
        case .wilcoxon: "Wilcoxon's signed ranks: do two columns differ, row by row?"
        case .binomial: "Exact binomial test: is a proportion what it should be?"
        case .poisson: "Exact test of two rates: do events come equally often?"
        }
    }

    /// How many samples it compares.
    package var samples: ClosedRange<Int> {
        switch self {
        case .shapiro, .oneSample, .binomial: 1...1
        case .proportions, .chiSquare, .g, .levene, .brownForsythe, .bartlett, .anova, .welchAnova, .kruskal: 2...1000
        default: 2...2
        }
    }

    /// In which forms it takes them.
    package var forms: [TestInput.Form] {
        switch self {
        case .welch, .student, .bartlett, .anova, .welchAnova, .oneSample: [.values, .summaries]
        case .poisson: [.rates]
        case .binomial, .proportions, .chiSquare, .g, .fisher, .barnard, .boschloo: [.values, .counts]
        default: [.values]
        }
    }

    /// Whether it can look in one direction.
    package var hasSides: Bool {
        switch self {
        case .shapiro, .levene, .brownForsythe, .bartlett, .anova, .welchAnova, .kruskal, .chiSquare, .g: false
        default: true
        }
    }

    /// Whether its two samples are columns of the same rows.
    package var isPaired: Bool { self == .paired || self == .wilcoxon }

    /// Whether one sample is held against a given value, and which it is unless told.
    package var nullValue: Double? { self == .oneSample ? 0 : self == .binomial ? 0.5 : nil }

    /// What must hold for its answer, or is taken for granted.
    var assumptions: [String] {
        let independent = "units are independent of each other, and each is in one group only"
        switch self {
        case .welch:
            return [independent, "variances may differ; values need not be normal where samples are large enough for their means to be"]
        case .student: return [independent, "variances are equal"]
        case .yuen: return [independent, "what is compared is the mean of the middle 60 % of each group, not the mean"]
        case .proportions, .chiSquare, .g:
            return [independent, "counts are large enough for the normal approximation: five or more successes and failures in each group"]
        case .fisher, .barnard, .boschloo: return [independent]
        case .mannWhitney: return [independent, "it compares ranks: it is no test of means, nor in general of medians"]
        case .kolmogorovSmirnov: return [independent, "values are continuous; with many ties the p-value is too large"]
        case .shapiro: return ["values are independent"]
        case .levene, .brownForsythe: return [independent]
        case .bartlett: return [independent, "values are normal: otherwise it finds unequal variances where there are none"]
        case .anova: return [independent, "variances are equal, the values roughly normal or the groups large"]
        case .welchAnova: return [independent, "variances may differ"]
        case .kruskal: return [independent, "it compares ranks: it is no test of means"]
        case .oneSample: return ["values are independent, and normal or many enough for their mean to be"]
        case .paired: return ["rows are independent of each other; their differences are normal, or many enough for their mean to be"]
        case .wilcoxon:
            return ["rows are independent of each other; it tests whether differences lie symmetrically about zero, not their mean"]
        case .binomial: return ["trials are independent and equally likely to succeed"]
        case .poisson: return ["events come independently of each other, at a constant rate: none brings another"]
        }
    }
}
