import Charts
import Foundation
import StandIns
import Testing

@Suite struct VegaLiteRendererTests {
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

    @Test func `several pictures come from one process, in their order`() async throws {
        var pictures: [Data] = []
        let jobs = [VegaLiteRenderer.Job(chart, as: .svg), .init(chart, as: .png), .init(chart, as: .svg)]
        try await VegaLiteRenderer(python: MongoStandIn.python).draw(jobs) { index, picture in
            #expect(index == pictures.count)
            pictures.append(picture)
        }
        try #require(pictures.count == 3)
        #expect(pictures[0].starts(with: Data("<svg".utf8)) && pictures[0] == pictures[2])
        #expect(pictures[1].starts(with: [0x89, 0x50, 0x4E, 0x47]))
    }

    @Test func `a picture that cannot be drawn ends the rest, and so does one that takes too long`() async throws {
        var drawn = 0
        let jobs = [VegaLiteRenderer.Job(chart, as: .svg), .init("no chart", as: .svg), .init(chart, as: .svg)]
        let error = await #expect(throws: VegaLiteRenderer.Failure.self) {
            try await VegaLiteRenderer(python: MongoStandIn.python).draw(jobs) { _, _ in drawn += 1 }
        }
        #expect(drawn == 1 && error?.description == "the chart cannot be drawn")
        let late = await #expect(throws: VegaLiteRenderer.Failure.self) {
            try await VegaLiteRenderer(python: MongoStandIn.python, patienceSeconds: 0.001).draw(jobs) { _, _ in }
        }
        #expect(late?.description.contains("took longer") == true)
    }
}
