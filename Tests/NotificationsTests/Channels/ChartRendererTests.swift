import Foundation
import Notifications
import StandIns
import Testing

@Suite struct ChartRendererTests {
    private let chart =
        #"{"data":{"values":[{"a":"x","b":1}]},"mark":"bar","encoding":{"x":{"field":"a"},"y":{"field":"b","type":"quantitative"}}}"#

    @Test func `a Vega-Lite chart becomes a PNG`() async throws {
        let png = try #require(await VegaLiteRenderer(python: MongoStandIn.python).png(of: chart))
        #expect(png.starts(with: [0x89, 0x50, 0x4E, 0x47]) && png.count > 1000)
    }

    @Test func `what cannot be drawn is nothing`() async throws {
        #expect(await VegaLiteRenderer(python: MongoStandIn.python).png(of: "no chart") == nil)
        #expect(await VegaLiteRenderer(python: "/nowhere/python3").png(of: chart) == nil)
        #expect(await VegaLiteRenderer(python: "/bin/false").png(of: chart) == nil)
    }
}
