import Testing
import Text

@Suite struct FiguresTests {
    @Test(arguments: [
        (18.698468640625, "18.70"), (0.25964446779, "0.2596"), (3.3977828784e-29, "3.398e-29"), (262_946.43, "262,946"), (0, "0"),
        (-5.04, "-5.040"), (9999.7, "10,000"), (999.97, "1,000"), (0.99996, "1.000"), (0.00012345, "0.0001235"), (1e-5, "1.000e-05"),
        (1.5e300, "1.500e+300"), (1234.5, "1,235"), (8, "8"), (1_234_567, "1,234,567"),
        (-0.0, "0"), (.infinity, "∞"), (-.infinity, "-∞"), (.nan, "–"), (-38.13850356, "-38.14"),
    ])
    func `Numbers are cut to four digits that matter`(number: Double, text: String) {
        #expect(Figures.significant(number) == text)
    }

    @Test(arguments: [(0.03, "0.03"), (5, "5"), (0.123456, "0.1235"), (1e-7, "1e-07"), (12_000, "12,000"), (-0.5, "-0.5")])
    func `A number that was given is told as it was given`(number: Double, text: String) {
        #expect(Figures.brief(number) == text)
    }

    @Test func `One is told as one, and tiny p-values as less than can be told apart`() {
        #expect(Figures.counted(1, "unit", "units") == "1 unit" && Figures.counted(0, "unit", "units") == "0 units")
        #expect(Figures.counted(1_234, "unit", "units") == "1,234 units")
        #expect(Figures.pValue(0.030466) == "p 0.03047" && Figures.pValue(0.0001, 2) == "p 0.00010")
        #expect(Figures.pValue(1e-17) == "p < 0.0001" && Figures.pValue(0) == "p < 0.0001")
    }

    @Test func `Counts are grouped, shares are percentages`() {
        #expect(Figures.count(1_234_567) == "1,234,567")
        #expect(Figures.count(-42) == "-42")
        #expect(Figures.percent(0.0207) == "2.07 %")
        #expect(Figures.percent(0.2) == "20 %")
    }

    @Test(arguments: [(19.99, "19.99"), (5, "5"), (5.5, "5.5"), (1303.61, "1303.61"), (0.1 + 0.2, "0.3"), (1e-9, "1.00000e-09")])
    func `zeros that say nothing are left out`(_ number: Double, _ text: String) {
        #expect(Figures.plain(number, 6) == text)
    }
}
