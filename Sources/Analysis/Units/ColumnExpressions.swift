import Experiments
import Warehouse

/// How what a plan calls a column is written in SQL: a column of the source, or a member of its JSON objects.
struct ColumnExpressions {
    let dialect: Dialect
    /// The source; nil where nothing is read, and only the form of an expression matters.
    let reader: SourceReader?

    /// A time in seconds since 1970.
    func seconds(_ column: String) -> SQL { reader?.seconds(column) ?? dialect.asSeconds("\(column: column)") }

    func text(_ column: String) -> SQL { reader?.text(ofMember: column) ?? dialect.asText("\(column: column)") }

    func number(_ column: String) -> SQL { reader?.number(ofMember: column) ?? dialect.asNumber("\(column: column)") }

    /// Whether a column has a truth value.
    func isTrue(_ column: String, _ flag: Bool) -> SQL {
        guard let text = reader?.text(ofMember: column) else { return "\(column: column) = \(value: .boolean(flag))" }
        return "\(text) = \(value: flag ? "true" : "false")"
    }

    func isMissing(_ column: String) -> SQL { "\(reader?.text(ofMember: column) ?? "\(column: column)") IS NULL" }
}
