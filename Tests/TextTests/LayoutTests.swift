import Testing
import Text

@Suite struct LayoutTests {
    @Test func `Words stand to the left, numbers to the right`() {
        var table = TextTable(["group", "n", "mean"])
        table.add(["A", "256", "18.70"])
        table.add(["control", "1,234", "9.1"])
        #expect(table.lines == ["  group        n   mean", "  A          256  18.70", "  control  1,234    9.1"])
    }

    @Test func `A table that is too wide breaks its words first, and then follows in blocks`() {
        var table = TextTable(["test", "asks", "p"], words: 2)
        table.add(["Welch", "do the means of the groups differ?", "0.25"])
        #expect(
            table.lines(fitting: 34) == [
                "  test   asks                    p",
                "  Welch  do the means of the  0.25",
                "         groups differ?",
            ])
        var wide = TextTable(["", "count", "mean"])
        wide.add(["revenue", "1,234", "5.678"])
        #expect(wide.lines(fitting: 18) == ["           count", "  revenue  1,234", "", "            mean", "  revenue  5.678"])
        #expect(wide.lines(fitting: 100) == wide.lines)
    }

    @Test func `Text is broken at spaces`() {
        #expect("one two three".wrapped(to: 7) == ["one two", "three"])
        #expect("incomprehensible".wrapped(to: 5) == ["incomprehensible"])
        #expect("a rise of 13.4 % here".wrapped(to: 14) == ["a rise of", "13.4 % here"])
    }
}
