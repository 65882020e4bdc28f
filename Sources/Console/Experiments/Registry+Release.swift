import Enrollment
import Experiments
import HTTPServer

extension Registry {
    /// What a holdout's release means now.
    func release(of name: ExperimentKey) throws(ExperimentError) -> HoldoutRelease {
        try snapshot.assigner.release(of: name, below: nextOrdinal)
    }

    /// Lets the devices of a holdout go, for ever, if that means what the one who does it has seen.
    ///
    /// - Parameter seen: the ``HoldoutRelease/sight`` that was shown.
    func releaseHoldout(_ name: ExperimentKey, seen: String, actor: String) async throws -> HoldoutRelease {
        try await change(actor: actor, action: "release") { catalogue, context in
            guard try catalogue.holdout(name).released == nil else { throw ExperimentError.releasedHoldout(name) }
            // By the latest catalogue, which nobody can change meanwhile.
            let release = try Assigner(catalogue).release(of: name, below: context.nextOrdinal)
            guard release.sight == seen else {
                throw Problem.conflict(
                    "What the release of '\(name)' means is not what was confirmed: experiments were started, finished or made meanwhile. "
                        + "Nothing was done: look at it again, and decide anew.")
            }
            try catalogue.releaseHoldout(name, at: context.nextOrdinal, now: context.now)
        }
        return try release(of: name)
    }
}
