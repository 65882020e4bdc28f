import HTTPServer
import Testing

@Suite struct FormTests {
    @Test func `Names and values are decoded`() throws {
        let form = try Form("name=J%C3%BCrgen+M&empty=&flag&=x".utf8)
        #expect(try form.value("name") == "Jürgen M")
        #expect(try form.value("empty") == "")
        #expect(try form.value("flag") == "")
        #expect(try form.value("") == "x")
        #expect(try form.value("missing") == nil)
    }

    @Test func `A value that must be single is refused when it is not`() throws {
        let form = try Form("a=1&a=2".utf8)
        #expect(throws: Problem.self) { try form.value("a") }
        #expect(form.values("a") == ["1", "2"])
    }

    @Test func `Values are read as the type asked for`() throws {
        let form = try Form("count=12&ratio=0.5&on=true".utf8)
        #expect(try form.value("count", as: Int.self) == 12)
        #expect(try form.value("ratio", as: Double.self) == 0.5)
        #expect(try form.value("on", as: Bool.self) == true)
        let problem = #expect(throws: Problem.self) { try form.value("ratio", as: Int.self) }
        #expect(problem?.detail == "'ratio' is not a whole number in range.")
    }

    @Test func `A malformed escape is a 400`() {
        let problem = #expect(throws: Problem.self) { try Form("a=%GG".utf8) }
        #expect(problem?.status == .badRequest)
    }
}
