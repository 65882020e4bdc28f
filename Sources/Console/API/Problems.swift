import Enrollment
import Experiments
package import HTTPServer

// What the rooms below refuse, as HTTP says it.

extension ExperimentError: ProblemConvertible {
    package var problem: Problem {
        let status: Status =
            switch self {
            case .unknownKey, .notForced, .noPlan: .notFound
            case .duplicateKey, .duplicateLayer, .duplicateHoldout, .wrongState, .noRoom, .inUse, .tooManyForced, .releasedHoldout:
                .conflict
            case .invalidKey, .variantCount, .invalidValue, .duplicateValue, .invalidWeight, .weightsTooFine, .unknownWinner, .slotCount,
                .slotShare, .holdoutShare, .holdoutOfLayer, .unknownForcedValue, .unknownLayer, .unknownHoldout:
                .unprocessableContent
            }
        return Problem(status, description)
    }
}

extension EnrollmentError: ProblemConvertible {
    package var problem: Problem {
        // Anybody may ask, and the reason names files and servers of the operator's: it stands in the server's log.
        let why =
            if case .unavailable = self { "The registry cannot be written at present; the server's log says why." } else { description }
        return .unavailable("\(why) Known devices are still answered; please try again.")
    }
}

extension AccessChangeError: ProblemConvertible {
    package var problem: Problem {
        switch self {
        case .nameTaken, .lastAdministrator: .conflict(description)
        case .unknownName: .notFound(description)
        case .invalidName: Problem(.unprocessableContent, description)
        }
    }
}

extension BackupError: ProblemConvertible {
    package var problem: Problem {
        switch self {
        case .unsupported, .underWay: .conflict(description)
        case .interrupted, .failed: .unavailable(description)
        }
    }
}

extension AccessTokenError: ProblemConvertible {
    package var problem: Problem { Problem(.unprocessableContent, description) }
}
