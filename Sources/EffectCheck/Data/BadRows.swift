/// Rows that were not used: how many, why, and where the first of them are.
package struct BadRows: Sendable, Hashable {
    package struct Row: Sendable, Hashable {
        package let line: Int
        package let reason: String
    }

    /// Rows that cannot be read.
    package internal(set) var malformed = 0
    /// Rows that can be read, with a value that cannot be.
    package internal(set) var outOfRange = 0
    /// Rows of users who are not in the users' file.
    package internal(set) var unknownUsers = 0
    /// The first few, in the order of the file.
    package internal(set) var examples: [Row] = []

    /// What a row's number counts: lines of a text, its first counting as 1, or rows of a table.
    package internal(set) var place = "line"

    static let mostExamples = 5
    /// A file of which more than this share cannot be read is taken for another kind of file.
    static let toleratedShare = 0.001

    enum Kind { case malformed, outOfRange, unknownUser }

    mutating func add(_ kind: Kind, line: Int, _ reason: @autoclosure () -> String) {
        switch kind {
        case .malformed: malformed += 1
        case .outOfRange: outOfRange += 1
        case .unknownUser: unknownUsers += 1
        }
        if examples.count < BadRows.mostExamples { examples.append(Row(line: line, reason: reason())) }
    }

    /// Whether so many cannot be read that the file is not what it was taken for.
    func areTooMany(of rows: Int) -> Bool { Double(malformed) > Double(rows) * BadRows.toleratedShare }

    /// Adds those of a later part of the file, whose lines were counted from its own beginning.
    mutating func append(_ later: BadRows, linesBefore: Int) {
        malformed += later.malformed
        outOfRange += later.outOfRange
        unknownUsers += later.unknownUsers
        for row in later.examples where examples.count < BadRows.mostExamples {
            examples.append(Row(line: row.line + linesBefore, reason: row.reason))
        }
    }
}
