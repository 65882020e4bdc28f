import Testing
import Text

@Suite struct LayoutTests {
    @Test func `Words stand to the left, numbers to the right`() {
        var table = TextTable(["group", "n", "mean"])
        table.add(["A", "256", "18.70"])
        table.add(["control", "1,234", "9.1"])
        #expect(table.lines == ["  group        n   mean", "  A          256  18.70", "  control  1,234    9.1"])
    }

    @Test func `Text is broken at spaces`() {
        #expect("one two three".wrapped(to: 7) == ["one two", "three"])
        #expect("incomprehensible".wrapped(to: 5) == ["incomprehensible"])
    }
}
