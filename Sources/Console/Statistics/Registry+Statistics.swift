import Enrollment
import Experiments

extension Registry {
    /// How an experiment's devices are spread at this moment.
    func statistics(of dealer: Dealer) -> ExperimentStatistics {
        ExperimentStatistics(
            dealer, below: nextOrdinal, missing: census.missing, excluding: excluded(from: dealer.experiment))
    }
}
