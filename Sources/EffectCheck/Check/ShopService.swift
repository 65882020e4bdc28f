internal import Dispatch
internal import Synchronization

/// A shop that is being loaded, is ready, or could not be loaded; loading goes on in the background.
package final class ShopService: Sendable {
    package enum State: Sendable {
        case loading(progress: Double)
        case ready(EffectChecker)
        case failed(reason: String)
    }

    private enum Outcome {
        case checker(EffectChecker)
        case failure(String)
    }

    private let outcome = Mutex<Outcome?>(nil)
    private let progress: LoadProgress
    /// What the shop's files look like, and when the pilots ran.
    package let format: ShopFormat

    /// Begins to load.
    ///
    /// - Parameter report: told once, when it is done or has failed.
    package init(_ reader: ShopReader, rule: DecisionRule, report: @escaping @Sendable (State) -> Void = { _ in }) {
        (progress, format) = (reader.progress, reader.format)
        DispatchQueue.global(qos: .userInitiated).async {
            let result = Result { () throws(ShopDataError) in try EffectChecker(reader, rule: rule) }
            self.outcome.withLock { outcome in
                switch result {
                case .success(let checker): outcome = .checker(checker)
                case .failure(let error): outcome = .failure(error.description)
                }
            }
            report(self.state)
        }
    }

    /// How things are.
    package var state: State {
        outcome.withLock { outcome in
            switch outcome {
            case .checker(let checker): .ready(checker)
            case .failure(let reason): .failed(reason: reason)
            case nil: .loading(progress: progress.share)
            }
        }
    }

    /// Stops loading.
    package func cancel() { progress.cancel() }
}
