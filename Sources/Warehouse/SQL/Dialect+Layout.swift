extension Dialect {
    /// A statement in lines that people can read: clauses one below the other, and what does not fit into a line broken where it nests.
    ///
    /// Only blanks and line breaks between words change, so that it is the same statement.
    ///
    /// - Parameter width: how long a line should be; a word that is longer stays whole.
    package func laidOut(_ text: String, width: Int = 100) -> String {
        var words = SQLWords(text, hasBackslashes: self == .clickHouse)
        return SQLLayout(width: width).lines(of: words.nodes(), indent: 0).joined(separator: "\n")
    }
}

/// A statement's words, by how they nest in brackets.
indirect enum SQLNode {
    /// - follows: whether a blank stands before it.
    case word(String, follows: Bool)
    case brackets(open: String, [SQLNode], close: String, follows: Bool)

    /// On one line.
    var flat: String {
        switch self {
        case .word(let text, _): text
        case .brackets(let open, let nodes, let close, _): open + nodes.flat + close
        }
    }

    var follows: Bool {
        switch self {
        case .word(_, let follows), .brackets(_, _, _, let follows): follows
        }
    }

    /// Whether something in it ends only with its line.
    var hasLineComment: Bool {
        switch self {
        case .word(let text, _): text.hasPrefix("--")
        case .brackets(_, let nodes, _, _): nodes.contains(where: \.hasLineComment)
        }
    }

    /// Whether it begins a line of its own in a query.
    fileprivate var isClause: Bool { isOne(of: ["SELECT", "FROM", "WHERE", "GROUP", "HAVING", "ORDER", "LIMIT", "UNION"]) }

    /// Whether a long expression is broken before it.
    fileprivate var isJoint: Bool { isOne(of: ["AND", "OR", "WHEN", "ELSE"]) }

    fileprivate func isOne(of words: Set<String>) -> Bool {
        if case .word(let text, _) = self { words.contains(text.uppercased()) } else { false }
    }
}

extension Sequence<SQLNode> {
    /// On one line.
    var flat: String {
        reduce(into: "") { line, node in line += (node.follows && !line.isEmpty ? " " : "") + node.flat }
    }
}

/// Sets the words of a statement into lines.
private struct SQLLayout {
    let width: Int

    func lines(of nodes: [SQLNode], indent: Int) -> [String] {
        if fits(nodes, indent) { return [blanks(indent) + nodes.flat] }
        return clauses(nodes).flatMap { clause -> [String] in
            if fits(clause, indent) { return [blanks(indent) + clause.flat] }
            let items = items(clause)
            guard items.count > 1 else { return filled(clause, indent) }
            // Items stand below each other, and below the clause's own word if it has one.
            let hanging = clause.first?.isClause == true ? 2 : 0
            return items.enumerated().flatMap { filled($1, $0 == 0 ? indent : indent + hanging) }
        }
    }

    private func fits(_ nodes: [SQLNode], _ indent: Int) -> Bool {
        // A comment to the end of its line may be last only.
        !nodes.dropLast().contains(where: \.hasLineComment) && indent + nodes.flat.count <= width
    }

    /// Split before every word that begins a clause.
    private func clauses(_ nodes: [SQLNode]) -> [[SQLNode]] {
        var clauses: [[SQLNode]] = []
        for node in nodes {
            if clauses.isEmpty || node.follows && node.isClause {
                clauses.append([node])
            } else {
                clauses[clauses.count - 1].append(node)
            }
        }
        return clauses
    }

    /// Split after every comma.
    private func items(_ nodes: [SQLNode]) -> [[SQLNode]] {
        var items: [[SQLNode]] = [[]]
        for node in nodes {
            if items[items.count - 1].last?.isOne(of: [","]) == true { items.append([]) }
            items[items.count - 1].append(node)
        }
        return items
    }

    /// As many words as fit into each line; brackets that do not fit are opened.
    private func filled(_ nodes: [SQLNode], _ indent: Int) -> [String] {
        if fits(nodes, indent) { return [blanks(indent) + nodes.flat] }
        var lines = [blanks(indent)]
        var isFresh = true
        func start(_ extra: Int) {
            lines.append(blanks(indent + extra))
            isFresh = true
        }
        for (index, node) in nodes.enumerated() {
            let gap = node.follows && !isFresh ? " " : ""
            let text = node.flat
            let last = lines.count - 1
            if lines[last].count + gap.count + text.count <= width, !node.hasLineComment {
                // What a joint begins should stand on one line.
                if node.isJoint, !isFresh, lines[last].count + 1 + joined(nodes[index...]).flat.count > width {
                    start(2)
                    lines[lines.count - 1] += text
                } else {
                    lines[last] += gap + text
                }
                isFresh = false
                continue
            }
            switch node {
            case .word:
                if node.follows, !isFresh { start(2) }
                lines[lines.count - 1] += text
                isFresh = false
                if node.hasLineComment { start(2) }
            case .brackets(let open, let inner, let close, _):
                if lines[last].count + gap.count + open.count > width { start(2) } else { lines[last] += gap }
                lines[lines.count - 1] += open
                lines += self.lines(of: inner, indent: indent + 4)
                lines.append(blanks(indent + 2) + close)
                isFresh = false
            }
        }
        return lines.filter { $0.contains { $0 != " " } }
    }

    /// What stands between a joint and the next one.
    private func joined(_ nodes: ArraySlice<SQLNode>) -> ArraySlice<SQLNode> {
        nodes[..<(nodes.dropFirst().firstIndex(where: \.isJoint) ?? nodes.endIndex)]
    }

    private func blanks(_ count: Int) -> String { String(repeating: " ", count: count) }
}
