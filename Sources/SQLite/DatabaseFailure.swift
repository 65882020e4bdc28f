/// A failure of a database as its user tells it.
package protocol DatabaseFailure: Error {
    init(_ error: DatabaseError)
}

extension DatabaseError: DatabaseFailure {
    package init(_ error: DatabaseError) { self = error }
}
