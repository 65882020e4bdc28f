import Testing

@testable import Console

struct TypedNumberTests {
    @Test(arguments: [
        ("0,5", ", so write 0.5"), ("2,5 %", ", so write 2.5"), ("0,125", ", so write 0.125"), ("1250,5", ", so write 1250.5"),
        ("1,250", ", so write 1.250 or 1250"), ("-12,500", ", so write -12.500 or -12500"), ("1,250,000", ": write it without commas"),
        ("1,250.5", ": write it without commas"), ("one,two", ": write it without commas"), ("12.5", ""), ("abc", ""),
    ])
    func `A comma is told as what it may mean, and as a thousand's only where it may be that`(text: String, end: String) {
        let advice = TypedNumber.advice(text)
        #expect(end.isEmpty ? advice.isEmpty : advice.hasSuffix(end), "\(advice)")
    }
}
