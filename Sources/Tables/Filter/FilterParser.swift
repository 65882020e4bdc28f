/// Reads the grammar of filters by recursive descent: `or` binds least, then `and`, then `not`.
struct FilterParser {
    private let tokens: [FilterToken]
    private var at = 0
    private var depth = 0

    /// How deep parentheses and `not` may nest.
    private static let maximumDepth = 100

    init(_ text: String) throws(FilterError) { tokens = try FilterToken.all(of: text) }

    mutating func parse() throws(FilterError) -> Condition {
        let condition = try disjunction()
        guard token.kind == .end else { throw unexpected("'and', 'or' or the end") }
        return condition
    }

    private var token: FilterToken { tokens[at] }

    private mutating func take(_ kind: FilterToken.Kind) -> Bool {
        guard token.kind == kind else { return false }
        at += 1
        return true
    }

    private func unexpected(_ expected: String) -> FilterError {
        .syntax(position: token.position, found: token.description, expected: expected)
    }

    private mutating func disjunction() throws(FilterError) -> Condition {
        var condition = try conjunction()
        while take(.or) { condition = .or(condition, try conjunction()) }
        return condition
    }

    private mutating func conjunction() throws(FilterError) -> Condition {
        var condition = try negation()
        while take(.and) { condition = .and(condition, try negation()) }
        return condition
    }

    private mutating func negation() throws(FilterError) -> Condition {
        depth += 1
        defer { depth -= 1 }
        guard depth <= FilterParser.maximumDepth else { throw unexpected("at most \(FilterParser.maximumDepth) levels of nesting") }
        if take(.not) { return .not(try negation()) }
        guard take(.open) else { return try comparison() }
        let condition = try disjunction()
        guard take(.close) else { throw unexpected("')', 'and' or 'or'") }
        return condition
    }

    private mutating func comparison() throws(FilterError) -> Condition {
        if let literal = takeLiteral() {
            guard case .comparison(let comparison) = token.kind else { throw unexpected("a comparison such as '='") }
            at += 1
            return .compare(try column("a column"), comparison.mirrored, .literal(literal))
        }
        let column = try column("a column")
        switch token.kind {
        case .comparison(let comparison):
            at += 1
            if let literal = takeLiteral() { return .compare(column, comparison, .literal(literal)) }
            if token.kind == .null { throw unexpected("a value; for missing ones write 'is null'") }
            return .compare(column, comparison, .column(try self.column("a number, a text in single quotes or a column")))
        case .isWord:
            at += 1
            let isNegated = take(.not)
            guard take(.null) else { throw unexpected("'null' or 'not null'") }
            return isNegated ? .not(.isNull(column)) : .isNull(column)
        case .inWord:
            at += 1
            return .isIn(column, try list())
        case .not:
            at += 1
            guard take(.inWord) else { throw unexpected("'in'") }
            return .not(.isIn(column, try list()))
        default:
            throw unexpected("a comparison such as '=', 'in (…)' or 'is null'")
        }
    }

    private mutating func list() throws(FilterError) -> [Condition.Literal] {
        guard take(.open) else { throw unexpected("'('") }
        var literals: [Condition.Literal] = []
        repeat {
            guard let literal = takeLiteral() else { throw unexpected("a number or a text in single quotes") }
            literals.append(literal)
        } while take(.comma)
        guard take(.close) else { throw unexpected("',' or ')'") }
        return literals
    }

    private mutating func takeLiteral() -> Condition.Literal? {
        switch token.kind {
        case .number(let number):
            at += 1
            return .number(number)
        case .text(let text):
            at += 1
            return .text(text)
        default:
            return nil
        }
    }

    private mutating func column(_ expected: String) throws(FilterError) -> Condition.ColumnName {
        guard case .name(let name) = token.kind else { throw unexpected(expected) }
        at += 1
        return Condition.ColumnName(name: name, position: tokens[at - 1].position)
    }
}
