package import SQLite

/// A small shop's records for a test: the tables that Gosset reads, and rows to put into them.
package struct ShopDatabase {
    package let database: Database

    /// Makes the tables in a new file.
    package init(path: String) throws(DatabaseError) {
        database = try Database(path: path, .readWrite)
        try database.execute(
            """
            CREATE TABLE user_info (user_id INTEGER PRIMARY KEY, name TEXT NOT NULL, email TEXT UNIQUE, age INTEGER);
            CREATE TABLE user_spending (user_id INTEGER, money_spent REAL DEFAULT 0.0, year INTEGER);
            """)
    }

    /// Adds a customer.
    package func add(customer id: Int64, age: Int64?) throws(DatabaseError) {
        let insert = try database.prepare("INSERT INTO user_info (user_id, name, email, age) VALUES (?, ?, ?, ?)")
        try insert.run(.integer(id), .text("Secret Name \(id)"), .text("secret\(id)@example.com"), age.map { .integer($0) } ?? .null)
    }

    /// Adds a payment; the amount may be anything that SQLite stores.
    package func add(payment: Value, by id: Int64, year: Int64? = 2023) throws(DatabaseError) {
        let insert = try database.prepare("INSERT INTO user_spending (user_id, money_spent, year) VALUES (?, ?, ?)")
        try insert.run(.integer(id), payment, year.map { .integer($0) } ?? .null)
    }
}
