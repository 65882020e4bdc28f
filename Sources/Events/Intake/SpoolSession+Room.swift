import SQLite

extension SpoolSession {
    /// Gives back to the disk what a backlog took, once it is delivered.
    ///
    /// SQLite keeps the pages that are free for what comes; so the file is as large as the largest backlog ever was. When more than `slack`
    /// is free and little is in use, what is in use is written anew, and the file ends after it. That is a transaction like any other: a
    /// crash leaves the file as it was before, or as it is after.
    ///
    /// - Parameter slack: bytes that may stay free.
    func giveBackRoom(beyond slack: Int) throws(DatabaseError) {
        let page = Int(try database.prepare("PRAGMA page_size").integer() ?? 0)
        let free = Int(try database.prepare("PRAGMA freelist_count").integer() ?? 0)
        // Whoever comes meanwhile waits for what is copied.
        guard free * page > slack, storedBytes <= slack / 4 else { return }
        try rewrite()
    }
}
