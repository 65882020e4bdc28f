import Experiments
import Warehouse

/// How what a plan calls a column is written in SQL: a column of the source, or a member of its JSON objects.
struct ColumnExpressions {
    let dialect: Dialect
    /// The source; nil where nothing is read, and only the form of an expression matters.
    let reader: SourceReader?

    /// A time in seconds since 1970.
    func seconds(_ column: String) -> SQL { reader?.seconds(column) ?? dialect.asSeconds("\(column: column)") }

    func text(_ column: String) -> SQL {
        guard let objects = objects(column) else { return dialect.asText("\(column: column)") }
        return dialect.text(ofMember: column, in: objects)
    }

    func number(_ column: String) -> SQL {
        guard let objects = objects(column) else { return dialect.asNumber("\(column: column)") }
        return dialect.number(ofMember: column, in: objects)
    }

    /// Whether a column has a truth value.
    func isTrue(_ column: String, _ flag: Bool) -> SQL {
        guard let objects = objects(column) else { return "\(column: column) = \(value: .boolean(flag))" }
        return "\(dialect.text(ofMember: column, in: objects)) = \(value: flag ? "true" : "false")"
    }

    func isMissing(_ column: String) -> SQL {
        guard let objects = objects(column) else { return "\(column: column) IS NULL" }
        return "(\(dialect.text(ofMember: column, in: objects))) IS NULL"
    }

    private func objects(_ column: String) -> SQL? {
        reader.flatMap { reader in reader.members.contains(column) ? reader.source.properties.map { "\(column: $0.text)" } : nil }
    }
}
