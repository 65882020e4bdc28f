import Console
import Tables
import Testing

@Suite struct UploadPreviewTests {
    private func preview(_ text: String) throws -> UploadPreview { try UploadPreview(Array(text.utf8), name: "a.csv") }

    private func rows(_ header: String, _ count: Int, _ row: (Int) -> String) -> String {
        header + "\n" + (0..<count).map { row($0) + "\n" }.joined()
    }

    @Test func `Columns, first rows and likely choices are found`() throws {
        let found = try preview(
            rows("user,revenue,ab_group,visits", 60) { "\(1000 + $0),\($0 % 7).5,\($0 % 2 == 0 ? "A" : "B"),\($0 % 3)" })
        #expect(found.columns == ["user", "revenue", "ab_group", "visits"])
        #expect(found.rows.count == 5 && found.rows[1] == ["1001", "1.5", "B", "1"])
        #expect(found.group == "ab_group" && found.value == "revenue", "ids are no values")
    }

    @Test func `Words are rather a group than numbers are, and nothing is guessed where nothing fits`() throws {
        #expect(try preview(rows("country,amount", 40) { "\($0 % 2 == 0 ? "NO" : "SE"),\($0 % 5)" }).group == "country")
        let none = try preview(rows("name,text", 40) { "n\($0),t\($0)" })
        #expect(none.group == nil && none.value == nil)
    }

    @Test func `A file larger than what is looked at is not cut within a row`() throws {
        let found = try preview(rows("value,group", 20_000) { "\($0 % 9),\($0 % 2 == 0 ? "old" : "new")" })
        #expect(found.group == "group" && found.value == "value")
    }

    @Test func `Lines that end in carriage returns alone are lines`() throws {
        let text = rows("value,group", 30_000) { "\($0 % 9),\($0 % 2 == 0 ? "old" : "new")" }.replacing("\n", with: "\r")
        let found = try preview(text)
        #expect(found.group == "group" && found.value == "value" && found.rows.first == ["0", "old"])
    }

    @Test func `What is no table says why`() {
        #expect(throws: TableError.self) { try preview("") }
        #expect(throws: TableError.self) { try UploadPreview([0xFF, 0xFE, 0x61, 0], name: "a") }
    }
}
