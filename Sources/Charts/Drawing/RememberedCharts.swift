package import Foundation
internal import Synchronization

/// Draws each chart once, however many chats are told and however often they are tried again.
package final class RememberedCharts: ChartRenderer {
    private struct State {
        /// By the specification.
        var pictures: [String: Task<Data?, Never>] = [:]
        /// The earliest first.
        var order: [String] = []
    }

    private let renderer: any ChartRenderer
    private let capacity: Int
    private let state = Mutex(State())

    /// - Parameter capacity: how many pictures are remembered; the earliest is forgotten first.
    package init(_ renderer: any ChartRenderer, capacity: Int = 16) {
        self.renderer = renderer
        self.capacity = max(1, capacity)
    }

    package func png(of specification: String) async -> Data? {
        let task = state.withLock { state in
            if let known = state.pictures[specification] { return known }
            if state.order.count == capacity { state.pictures[state.order.removeFirst()] = nil }
            let task = Task { [renderer] in await renderer.png(of: specification) }
            state.pictures[specification] = task
            state.order.append(specification)
            return task
        }
        if let picture = await task.value { return picture }
        // What could not be drawn this time may be the next.
        state.withLock { state in
            guard state.pictures[specification] == task else { return }
            state.pictures[specification] = nil
            state.order.removeAll { $0 == specification }
        }
        return nil
    }
}
