extension TestKind {
    /// One line for the list of commands.
    package var summary: String {
        switch self {
        case .welch: "Welch's t: do two means differ? The test for means in an experiment."
        case .student: "Student's t: do two means differ, the variances taken to be equal?"
        case .yuen: "Yuen's t: do two means differ, 20 % cut off at each end?"
        case .permutation: "Permutation: do two means differ? Exact by redealing the units, for small samples."
        case .bootstrap: "Bootstrap: an interval for the difference of two means, by resampling."
        case .lift: "Relative lift: by what share do two means differ? Fieller's interval."
        case .proportions: "z: do proportions differ? All pairs, p-values adjusted."
        case .chiSquare: "Pearson's chi-square: do proportions differ?"
        case .yates: "Chi-square with Yates' correction: do two proportions differ?"
        case .g: "G (likelihood ratio): do proportions differ?"
        case .fisher: "Fisher's exact test: do two proportions differ?"
        case .barnard: "Barnard's exact test: do two proportions differ?"
        case .barnardUnpooled: "Barnard's exact test by the unpooled statistic: do two proportions differ?"
        case .boschloo: "Boschloo's exact test: do two proportions differ? For small counts."
        case .binomial: "Exact binomial test: is a proportion what it should be?"
        case .poisson: "Exact test of two rates: do events come equally often?"
        case .eventRate: "Exact test of one rate: do events come as often as they should?"
        case .mannWhitney: "Mann-Whitney: does a value of one group tend to exceed one of the other?"
        case .kolmogorovSmirnov: "Kolmogorov-Smirnov: do two distributions differ anywhere?"
        case .kruskal: "Kruskal-Wallis: does any group tend to larger values?"
        case .shapiro: "Shapiro-Wilk: are the values normal?"
        case .normality: "Kolmogorov-Smirnov: do values come from a normal distribution that was known beforehand?"
        case .anova: "One-way analysis of variance: do any means differ, the variances taken to be equal?"
        case .welchAnova: "Welch's analysis of variance: do any means differ?"
        case .tukey: "Tukey: which of several means differ, the variances taken to be equal?"
        case .levene: "Levene: do variances differ? By deviations from means."
        case .brownForsythe: "Brown-Forsythe: do variances differ? By deviations from medians."
        case .bartlett: "Bartlett: do variances differ, the values taken to be normal?"
        case .oneSample: "One-sample t: is a mean what it should be?"
        case .paired: "Paired t: do two columns differ in the mean, row by row?"
        case .wilcoxon: "Wilcoxon's signed ranks: do two columns differ, row by row?"
        case .equivalence: "Equivalence: is the difference too small to matter, in either direction?"
        case .nonInferiority: "Non-inferiority: is the second not worse than the first by a margin or more?"
        case .cuped: "CUPED: do two means differ, freed of what was known before the experiment?"
        case .lin: "Lin's regression: do two means differ, adjusted for covariates with interactions?"
        case .stratified: "Post-stratification: do two means differ, compared within strata?"
        case .clustered: "Clusters: do two means differ, where shops or households were randomised and not their customers?"
        case .ratio: "Ratio metric: does revenue a session differ, where users were randomised?"
        case .quantile: "Quantiles: do two medians, or other quantiles, differ?"
        case .segments: "Segments: does the effect differ from segment to segment?"
        case .sequential: "Always-valid: do two means or proportions differ, looked at as often as one likes?"
        case .bayes: "Bayes: the chance to beat the control, and what a wrong choice costs."
        case .srm: "Sample ratio: did units come to the groups in the ratio that was meant?"
        }
    }

    /// A call that works in the project's folder.
    package var example: String {
        let visitors = "Examples/revenue/visitors.csv"
        let orders = "Examples/checkout/orders.csv --value revenue --group variant --control old"
        switch self {
        case .welch, .lift: return "gosset test \(rawValue) --summary 360,40,9802 --summary 352,58,9789"
        case .student, .tukey, .anova, .welchAnova, .bartlett:
            let third = self == .student ? "" : " --summary C=10.9,2.2,57"
            return "gosset test \(rawValue) --summary A=10.1,2.3,60 --summary B=11.4,2.1,58\(third)"
        case .proportions: return "gosset test proportions old=120/4000 green=150/4000 blue=162/4000"
        case .chiSquare, .g: return "gosset test \(rawValue) 120/4000 150/4000 162/4000"
        case .yates, .fisher, .barnard, .barnardUnpooled, .boschloo: return "gosset test \(rawValue) 7/50 16/50"
        case .binomial: return "gosset test binomial 120/4000 --null 0.025"
        case .poisson: return "gosset test poisson 120/30.5 171/31"
        case .eventRate: return "gosset test event-rate 171/31 --null 4.5"
        case .normality:
            return "gosset test ks-normal \(visitors) --value \"visit time\" --mean 7 --sd 2 --where \"ab_group = 'A'\""
        case .oneSample: return "gosset test one-sample --summary 7.2,1.9,40 --null 7"
        case .paired, .wilcoxon:
            return "gosset test \(rawValue) Examples/checkout/orders.csv --value revenue --with revenue_before --where \"variant = 'old'\""
        case .shapiro: return "gosset test shapiro \(visitors) --value \"visit time\" --where \"ab_group = 'A'\""
        case .mannWhitney: return "gosset test mannwhitney \(visitors) --value revenue --group ab_group --where \"purchase = 1\""
        case .kolmogorovSmirnov, .kruskal, .levene, .brownForsythe, .yuen:
            return "gosset test \(rawValue) \(visitors) --value \"visit time\" --group ab_group"
        case .permutation, .bootstrap: return "gosset test \(rawValue) \(orders) --where \"country = 'NO' and variant in ('old', 'new')\""
        case .equivalence: return "gosset test equivalence 1204/4000 1193/4000 --margin 0.03"
        case .nonInferiority: return "gosset test non-inferiority 1204/4000 1193/4000 --margin 0.03"
        case .cuped, .lin: return "gosset test \(rawValue) \(orders) --covariate revenue_before --where \"variant in ('old', 'new')\""
        case .stratified: return "gosset test stratified \(orders) --stratum country --where \"variant in ('old', 'new')\""
        case .clustered: return "gosset test clustered Examples/checkout/shops.csv --value basket --group variant --cluster shop"
        case .segments: return "gosset test segments \(orders) --segment country --where \"variant in ('old', 'new')\""
        case .ratio: return "gosset test ratio \(orders) --per sessions --where \"variant in ('old', 'new')\""
        case .quantile: return "gosset test quantile \(visitors) --value \"visit time\" --group ab_group --probability 0.9"
        case .sequential: return "gosset test sequential 480/10000 560/10000 --planned 40000"
        case .bayes: return "gosset test bayes old=120/4000 green=150/4000 blue=162/4000"
        case .srm: return "gosset test srm 5000 5100 --weights 1,1"
        }
    }

    /// What must hold for its answer, or is taken for granted.
    var assumptions: [String] {
        let independent = "units are independent of each other, and each is in one group only"
        let before = "covariates were measured before the experiment, or cannot have been touched by it"
        switch self {
        case .welch:
            return [independent, "variances may differ; values need not be normal where samples are large enough for their means to be"]
        case .student: return [independent, "variances are equal"]
        case .yuen: return [independent, "what is compared is the mean of the middle of each group, its ends cut off, not the mean"]
        case .permutation:
            return [
                independent,
                "exact where the groups have the same distribution without an effect; nearly so, in larger groups, where only their means are the same",
            ]
        case .bootstrap: return [independent, "the samples are large enough to stand for their populations"]
        case .lift: return [independent, "the mean of the control is clearly not zero"]
        case .chiSquare, .yates, .g:
            return [independent, "counts are large enough for the normal approximation: five or more successes and failures in each group"]
        // Whether counts are large enough is told by the counts.
        case .proportions: return [independent]
        case .fisher, .barnard, .barnardUnpooled, .boschloo: return [independent]
        case .binomial: return ["trials are independent and equally likely to succeed"]
        case .poisson: return ["events come independently of each other, at a constant rate: none brings another"]
        case .eventRate: return ["events come independently of each other, at a constant rate: none brings another"]
        case .mannWhitney: return [independent, "it compares ranks: it is no test of means, nor in general of medians"]
        case .kolmogorovSmirnov: return [independent, "values are continuous; with many ties the p-value is too large"]
        case .kruskal: return [independent, "it compares ranks: it is no test of means"]
        case .shapiro: return ["values are independent"]
        case .normality: return ["values are independent", "mean and deviation were known beforehand, and not taken from these values"]
        case .anova, .tukey: return [independent, "variances are equal, the values roughly normal or the groups large"]
        case .welchAnova: return [independent, "variances may differ"]
        case .levene, .brownForsythe: return [independent]
        case .bartlett: return [independent, "values are normal: otherwise it finds unequal variances where there are none"]
        case .oneSample: return ["values are independent, and normal or many enough for their mean to be"]
        case .paired: return ["rows are independent of each other; their differences are normal, or many enough for their mean to be"]
        case .wilcoxon:
            return ["rows are independent of each other; it tests whether differences lie symmetrically about zero, not their mean"]
        case .equivalence, .nonInferiority: return [independent, "the margin was chosen before the data were seen"]
        case .cuped: return [independent, before, "one slope a covariate, the same in all groups"]
        case .lin: return [independent, before, "none about the model: the standard errors (HC2) hold even if it is wrong"]
        case .stratified: return [independent, "strata were known before the experiment; each counts by its units"]
        case .clustered:
            return [
                "clusters are independent of each other, and each is in one group only; the values of one may depend on each other",
                "there are enough clusters for their mean to be normal: some tens a group",
            ]
        case .ratio: return [independent, "what was randomised is the row: a user, say, with all of its sessions"]
        case .quantile: return [independent, "values near the quantile are dense enough to estimate how dense they are"]
        case .segments: return [independent, "segments were known before the experiment and share no units"]
        case .sequential:
            return [
                independent, "estimates are roughly normal: begin to look after some tens of units, or of conversions",
                "--planned or --spread stays the same from look to look",
            ]
        case .bayes: return [independent, "what was believed beforehand is the prior; the data of one look, whenever that is"]
        case .srm: return ["every unit that was dealt to a group is counted"]
        }
    }
}
