import Testing
import Text

@Suite struct SpellingTests {
    @Test func `The nearest word is found if it may have been meant`() {
        #expect(Spelling.nearest(to: "revenu", among: ["revenue", "purchase"]) == "revenue")
        #expect(Spelling.nearest(to: "Revenue", among: ["revenue"]) == "revenue")
        #expect(Spelling.nearest(to: "weight", among: ["revenue", "purchase"]) == nil)
        #expect(Spelling.nearest(to: "prot", among: ["port", "host"]) == "port")
        #expect(Spelling.nearest(to: "A", among: ["g"]) == nil)
        #expect(Spelling.nearest(to: "x", among: []) == nil)
    }

    @Test func `A distance counts letters added, removed and replaced`() {
        #expect(Spelling.distance(from: "kitten", to: "sitting") == 3)
        #expect(Spelling.distance(from: "", to: "abc") == 3)
        #expect(Spelling.distance(from: "same", to: "same") == 0)
    }
}
