/// Patterns as a tree with a level for each segment, so that finding a path compares a handful of short byte strings and allocates
/// nothing unless the pattern has named segments.
struct PathTree: Sendable {
    private struct Node: Sendable {
        var literals: [(segment: [UInt8], node: Int)] = []
        var named: Int?
        var routes: [(method: Method, route: Int)] = []
    }

    enum Match {
        case route(Int, ranges: [Range<Int>])
        case otherMethods([Method])
        case none
    }

    private var nodes = [Node()]

    /// Adds a pattern and returns the names of its named segments.
    mutating func insert(_ pattern: String, method: Method, route: Int) -> [String] {
        var names: [String] = []
        var node = 0
        for segment in pattern.utf8.dropFirst().split(separator: UInt8(ascii: "/"), omittingEmptySubsequences: false) where pattern != "/" {
            if segment.first == UInt8(ascii: "{"), segment.last == UInt8(ascii: "}") {
                names.append(String(decoding: segment.dropFirst().dropLast(), as: UTF8.self))
                node = nodes[node].named ?? append { nodes, new in nodes[node].named = new }
            } else {
                let label = Array(segment)
                node =
                    nodes[node].literals.first { $0.segment == label }?.node
                    ?? append { nodes, new in nodes[node].literals.append((label, new)) }
            }
        }
        precondition(!nodes[node].routes.contains { $0.method == method }, "two routes for \(method.rawValue) \(pattern)")
        precondition(Set(names).count == names.count, "a name occurs twice in \(pattern)")
        nodes[node].routes.append((method, route))
        return names
    }

    private mutating func append(_ link: (inout [Node], Int) -> Void) -> Int {
        nodes.append(Node())
        link(&nodes, nodes.count - 1)
        return nodes.count - 1
    }

    /// The path of a target, which may also come in absolute form, `http://host/path` (RFC 9112 § 3.2.2).
    static func path(of target: UnsafeBufferPointer<UInt8>) -> UnsafeBufferPointer<UInt8> {
        guard target.first != UInt8(ascii: "/") else { return target }
        for scheme in ["http://", "https://"] where target.starts(with: scheme.utf8) {
            guard let slash = target[scheme.utf8.count...].firstIndex(of: UInt8(ascii: "/")) else { break }
            return UnsafeBufferPointer(rebasing: target[slash...])
        }
        return target
    }

    /// Finds the route for a path; HEAD falls back to GET.
    func match(_ method: Method?, _ path: UnsafeBufferPointer<UInt8>) -> Match {
        var ranges: [Range<Int>] = []
        guard path.first == UInt8(ascii: "/") else { return .none }
        guard let node = path.count == 1 ? 0 : descend(from: 0, path, 1, &ranges), !nodes[node].routes.isEmpty else { return .none }
        let routes = nodes[node].routes
        if let exact = routes.first(where: { $0.method == method }) { return .route(exact.route, ranges: ranges) }
        if method == .head, let get = routes.first(where: { $0.method == .get }) { return .route(get.route, ranges: ranges) }
        var methods = routes.map(\.method)
        if methods.contains(.get), !methods.contains(.head) { methods.append(.head) }
        return .otherMethods(methods)
    }

    /// The node that the path's segments from `start` lead to.
    ///
    /// It recurses no deeper than the deepest pattern, whatever the path.
    private func descend(from node: Int, _ path: UnsafeBufferPointer<UInt8>, _ start: Int, _ ranges: inout [Range<Int>]) -> Int? {
        guard start <= path.count else { return nodes[node].routes.isEmpty ? nil : node }
        var end = start
        while end < path.count, path[end] != UInt8(ascii: "/") { end += 1 }
        // By index: walking over the elements copies them, and threads fight over their reference counts.
        for index in nodes[node].literals.indices where nodes[node].literals[index].segment.elementsEqual(path[start..<end]) {
            if let found = descend(from: nodes[node].literals[index].node, path, end + 1, &ranges) { return found }
        }
        guard let named = nodes[node].named, end > start else { return nil }
        ranges.append(start..<end)
        if let found = descend(from: named, path, end + 1, &ranges) { return found }
        ranges.removeLast()
        return nil
    }
}
