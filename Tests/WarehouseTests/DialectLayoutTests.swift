import Testing
import Warehouse
import WarehouseTesting

@Suite struct DialectLayoutTests {
    // Without blanks outside of quotes: what must stay the same.
    private func words(_ text: String) -> String { text.filter { !$0.isWhitespace } }

    @Test func `what fits stays on a line`() {
        #expect(Dialect.duckDB.laidOut("SELECT  1\n AS one") == "SELECT 1 AS one")
    }

    @Test func `clauses are one below the other, and items and brackets are broken where they do not fit`() {
        let text =
            "CREATE TABLE t AS SELECT a, sum(CASE WHEN first_column > 10 AND second_column < 20 THEN 1 ELSE 0 END) AS n FROM (SELECT x AS a FROM "
            + "some_table_with_a_long_name WHERE y = 'it''s  (one)') AS inner_rows GROUP BY a ORDER BY a LIMIT 10"
        #expect(
            Dialect.duckDB.laidOut(text, width: 60) == """
                CREATE TABLE t AS
                SELECT a,
                  sum(
                      CASE WHEN first_column > 10
                        AND second_column < 20 THEN 1 ELSE 0 END
                    ) AS n
                FROM (
                    SELECT x AS a
                    FROM some_table_with_a_long_name
                    WHERE y = 'it''s  (one)'
                  ) AS inner_rows
                GROUP BY a
                ORDER BY a
                LIMIT 10
                """)
    }

    @Test(arguments: [
        "SELECT 'a  (b' -- a comment, (open\n, \"c  d)\" FROM t /* ) */ WHERE x = $tag$ it's  ( $tag$",
        "SELECT E'it\\'s  (' , 'x\\' FROM t",
        "SELECT [1, 2][1], {'a': 1} FROM t WHERE a->>'b' >= 1-2 AND c::DOUBLE < -1e-5", "SELECT (((", "'never closed  (", ")) SELECT", "",
        "SELECT a-- b\n-c",
    ]) func `quoted texts, comments and words stay as they are, whatever the width`(_ text: String) {
        for width in [1, 10, 20, 40, 100] {
            let laidOut = Dialect.postgreSQL.laidOut(text, width: width)
            #expect(words(laidOut) == words(text), "\(laidOut)")
            for quoted in ["'a  (b'", "\"c  d)\"", "$tag$ it's  ( $tag$", "E'it\\'s  ('"] where text.contains(quoted) {
                #expect(laidOut.contains(quoted))
            }
            // What follows a comment is not taken into it.
            for line in laidOut.split(separator: "\n") where line.contains("--") {
                #expect(line.hasSuffix("(open") || line.hasSuffix("-- b"), "\(laidOut)")
            }
        }
    }

    @Test func `ClickHouse's backslashes escape a quote`() {
        #expect(Dialect.clickHouse.laidOut(#"SELECT 'it\'s  (', b FROM t"#, width: 5).contains(#"'it\'s  ('"#))
    }

    @Test func `a laid out statement gives the same rows`() async throws {
        let duckdb = try await TestWarehouses.connect("duckdb:")
        let query: SQL = """
            SELECT g, sum(CASE WHEN v % 2 = 0 AND v > 3 THEN v -- odd ones (do not) count
            ELSE 0 END) AS n, max('a  b' || g) AS t FROM (SELECT i % 3 AS g, i AS v FROM range(20) AS r(i)) AS x GROUP BY g ORDER BY g
            """
        let plain = try await duckdb.query(query)
        for width in [10, 30, 60, 100] {
            let laidOut = SQL(uncheckedText: Dialect.duckDB.laidOut(try Dialect.duckDB.text(query), width: width))
            let same = try await duckdb.query(laidOut)
            #expect(try same.numbers("n") == plain.numbers("n") && same.texts("t") == plain.texts("t"))
        }
    }
}
