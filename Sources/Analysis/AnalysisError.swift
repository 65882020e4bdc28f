package import Experiments
package import Warehouse

/// Why a plan cannot be carried out.
package enum AnalysisError: Error, Hashable, Sendable {
    /// What the plan says does not fit the data, and the name that was meant where one is near.
    case plan(TextPlace, String, suggestion: String? = nil)
    /// The warehouse does not do its part.
    case warehouse(WarehouseError)
    /// The data give no answer.
    case data(String)
}

extension AnalysisError: CustomStringConvertible {
    package var description: String {
        switch self {
        case .plan(let place, let message, _): "\(place): \(message)"
        case .warehouse(let error): "\(error)"
        case .data(let message): message
        }
    }
}
