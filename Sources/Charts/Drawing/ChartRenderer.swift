package import Foundation

/// Draws charts as pictures.
package protocol ChartRenderer: Sendable {
    /// The PNG of a Vega-Lite specification, or nil if it could not be drawn.
    func png(of specification: String) async -> Data?
}
