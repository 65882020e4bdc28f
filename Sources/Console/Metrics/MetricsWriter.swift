/// Writes Prometheus' text format (version 0.0.4): families with their help, samples with escaped labels.
struct MetricsWriter {
    enum Kind: String { case counter, gauge, histogram }

    private(set) var text = ""
    private var name = ""

    /// Begins a family; the samples that follow belong to it.
    mutating func family(_ name: String, _ kind: Kind, _ help: String) {
        self.name = name
        text += "# HELP \(name) \(help)\n# TYPE \(name) \(kind.rawValue)\n"
    }

    mutating func sample(_ labels: [(String, String)], _ value: some BinaryInteger) {
        line(name, labels, String(value))
    }

    mutating func sample(_ labels: [(String, String)], _ value: Double) { line(name, labels, String(value)) }

    /// A family of one sample without labels.
    mutating func single(_ name: String, _ kind: Kind, _ help: String, _ value: some BinaryInteger) {
        family(name, kind, help)
        sample([], value)
    }

    /// The samples of a histogram: how many were at most each bound, how many in all, and their sum.
    mutating func histogram(_ labels: [(String, String)], bounds: [Double], cumulative: [UInt64], count: UInt64, sum: Double) {
        for (bound, below) in zip(bounds, cumulative) { line(name + "_bucket", labels + [("le", String(bound))], String(below)) }
        line(name + "_bucket", labels + [("le", "+Inf")], String(count))
        line(name + "_sum", labels, String(sum))
        line(name + "_count", labels, String(count))
    }

    private mutating func line(_ name: String, _ labels: [(String, String)], _ value: String) {
        text += name
        if !labels.isEmpty {
            text += "{" + labels.map { "\($0)=\"\(MetricsWriter.escaped($1))\"" }.joined(separator: ",") + "}"
        }
        text += " " + value + "\n"
    }

    private static func escaped(_ label: String) -> String {
        var text = ""
        for character in label {
            switch character {
            case "\\": text += "\\\\"
            case "\"": text += "\\\""
            case "\n": text += "\\n"
            default: text.append(character)
            }
        }
        return text
    }
}
