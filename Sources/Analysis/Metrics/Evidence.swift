import Experiments
import Statistics

/// What the warehouse tells of a plan's metrics beyond the survey, whatever method judges them: it is asked once, and judged as often as there
/// are methods.
struct Evidence {
    /// By metric and variant the values themselves, in ascending order, where a test needs them, or where they are few enough to say something
    /// of their distribution.
    let samples: [[[Double]]?]
    /// By metric the unit that carries its mean, and what it is called.
    let carriers: [(influence: Influence, unit: String?)?]
    /// The metrics when units are counted in other ways.
    let alternatives: [Alternative]
    /// Of the metric that decides what is known block by block, by treatment.
    let blocks: [String: Blocks]
    /// The metrics by time of exposure, where it is asked for and known.
    let course: CourseMoments?

    /// Some metrics when units are counted in another way.
    struct Alternative {
        let name: String
        /// The places of the metrics in the plan.
        let places: [Int]
        /// For each of these.
        let moments: [[MomentsQuery.Group: GroupMoments]]
    }

    /// One treatment against the control, block by block.
    struct Blocks {
        let compositions: [BlockedDifference.Composition]
        /// Whether what covariates foretell is taken out.
        let isAdjusted: Bool
        /// The values themselves; nil where there are too many.
        let values: [PermutationTest.Block]?
    }

    /// Some metrics by equal steps of time, whose places are the groups' parts.
    struct CourseMoments {
        let places: [Int]
        let times: ClosedRange<Double>
        /// In seconds.
        let step: Double
        let moments: [[MomentsQuery.Group: GroupMoments]]
    }
}
