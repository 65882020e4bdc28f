import Charts
import Foundation
import Testing
import Text

@Suite struct ChartTests {
    private func object(_ value: JSONValue) throws -> [String: Any] {
        try #require(try JSONSerialization.jsonObject(with: Data(value.description.utf8)) as? [String: Any])
    }

    private var intervals: Chart? {
        .intervals(
            "Lifts", [Chart.Interval("b: revenue", 0.0312, low: -0.01, high: 0.07)].compactMap(\.self), axis: "difference", isShare: true)
    }

    @Test func `What is drawn and what is read are the same rows`() throws {
        let chart = try #require(intervals)
        let data = try #require(try object(chart.specification())["data"] as? [String: Any])
        let row = try #require((data["values"] as? [[String: Any]])?.first)
        #expect(row["name"] as? String == "b: revenue" && row["value"] as? Double == 0.0312 && row["high"] as? Double == 0.07)
        #expect(chart.head == ["", "difference", "from", "to"])
        #expect(chart.cells == [["b: revenue", "3.12 %", "-1 %", "7.00 %"]])
        #expect(chart.head.indices.map(chart.isOfNumbers) == [false, true, true, true])
    }

    @Test func `Who points at a mark, or hears it, is told its row in the words of the table`() throws {
        let chart = try #require(intervals)
        #expect(chart.told == ["b: revenue\ndifference: 3.12 %\nfrom -1 % to 7.00 %"])
        let layers = try #require(try object(chart.specification())["layer"] as? [[String: Any]])
        let told = layers.compactMap { ($0["encoding"] as? [String: Any])?["tooltip"] as? [String: String] }
        #expect(told.count == 3 && told.allSatisfy { $0["field"] == "told" }, "all but the line at zero tell")
        let spread = Chart.spread("s", try #require(Histogram(variants: ["a"], values: [[0, 24]])))
        let encoding = try #require(try object(spread.specification())["encoding"] as? [String: Any])
        #expect(encoding["tooltip"] != nil && encoding["description"] != nil)
        #expect(spread.told.first == "a\nvalues: 0 to 1\nshare of units: 50 %")
    }

    @Test func `A chart has a width of its own or takes that of its place`() throws {
        let chart = try #require(intervals)
        #expect(try object(chart.specification())["width"] as? Int == 640)
        #expect(try object(chart.specification(.container))["width"] as? String == "container")
        #expect(try object(chart.specification())["description"] as? String == "Lifts")
    }

    @Test func `An interval without an end is not drawn, and a chart of none is none`() {
        #expect(Chart.Interval("a", 1, low: -.infinity, high: 2) == nil)
        #expect(Chart.Interval("a", .nan, low: 1, high: 2) == nil)
        #expect(Chart.intervals("none", [], axis: "difference") == nil)
    }

    @Test func `Times are told in UTC, to the minute`() {
        let moment = Chart.Moment(seconds: 1_769_851_800, value: 1, low: 0, high: 2, units: 12_345)
        let chart = Chart.course("revenue", [moment], axis: "difference")
        #expect(chart.cells == [["2026-01-31 09:30:00", "1", "0", "2", "12,345"]])
        let later = Chart.Moment(seconds: 1_769_851_800 + 86_400, value: 1, low: 0, high: 2, units: 12_345)
        #expect(Chart.course("revenue", [moment, later], axis: "difference").cells.map(\.[0]) == ["2026-01-31 09:30", "2026-02-01 09:30"])
    }

    @Test(
        arguments: [
            (5, "%H:%M:%S", "2026-01-31, UTC"), (599, "%H:%M:%S", "2026-01-31, UTC"), (3600, "%H:%M", "2026-01-31, UTC"),
            (60_000, "%H:%M", "2026-01-31 to 2026-02-01, UTC"), (172_800, "%-d %b %H:%M", "UTC"), (2_592_000, "%-d %b", "UTC"),
            (34_560_000, "%b %Y", "UTC"),
        ] as [(Double, String, String)])
    func `times are labelled so that those of an axis can be told apart`(_ span: Double, _ format: String, _ title: String) {
        let labels = TimeLabels(from: 1_769_851_800, to: 1_769_851_800 + span)
        #expect(labels.format == format && labels.title == title && labels.areSeconds == (span < 600))
    }
}
