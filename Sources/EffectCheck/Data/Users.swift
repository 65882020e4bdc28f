/// A shop's users as they are read.
struct Users {
    struct Row {
        let id: Int
        let gender: UInt8
        let age: UInt8
    }

    private(set) var rows: [Row] = []
    var bad = BadRows()

    /// Adds a user, or counts the row among the bad ones.
    @inline(__always)
    mutating func add(line: Int, id: Int, gender: Int, age: Int) {
        guard gender >= 0, gender <= 9 else {
            bad.add(.outOfRange, line: line, "gender \(gender) is not from 0 to 9")
            return
        }
        guard age >= 0, age <= 150 else {
            bad.add(.outOfRange, line: line, "age \(age) is not from 0 to 150")
            return
        }
        rows.append(Row(id: id, gender: UInt8(gender), age: UInt8(age)))
    }

    /// Puts them in the order of their ids: what is found out about a shop does not depend on the order of its file.
    /// - Throws: when a user is there twice, or there are too few.
    mutating func sort(path: String) throws(ShopDataError) {
        guard rows.count >= ShopDataError.leastUsers else { throw .tooFewUsers(path: path, count: rows.count) }
        rows.sort { $0.id < $1.id }
        for place in 1..<rows.count where rows[place].id == rows[place - 1].id {
            throw .duplicateUser(path: path, user: rows[place].id)
        }
    }
}
