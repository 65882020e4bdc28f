import Console
import EffectCheck
import Enrollment
import Foundation
import HTTPServer
import HTTPServerTesting
import Testing

@Suite struct EffectCheckPagesTests {
    private func list(_ ids: [Int], _ separator: String = "\n") -> String { ids.map(String.init).joined(separator: separator) }

    @Test func `Without a shop the page says how to load one`() async throws {
        try await Fixture.both { fixture, client async throws in
            let viewer = try await Visitor.signedIn(.viewer, fixture, client)
            let page = try await viewer.get("/effect-check")
            #expect(page.status == 200 && page.text.contains("gosset serve --shop-users"))
            #expect(page.text.contains("Did a pilot raise revenue per person?"))
            #expect(try await viewer.send("/effect-check", files: []).status == 503)
        }
    }

    @Test func `Groups are pasted or sent, and the evidence is that of the API`() async throws {
        let shop = try await EffectCheckAPITests.Shop()
        try await Fixture.both(options: shop.options) { fixture, client async throws in
            let viewer = try await Visitor.signedIn(.viewer, fixture, client)
            let empty = try await viewer.get("/effect-check").text
            #expect(empty.components(separatedBy: "<textarea").count == 4)
            #expect(empty.contains("Did a pilot of 7 days (49 to 55 of the shop’s sales) raise revenue per person?"))
            let test = shop.tests[0]
            let page = try await viewer.send(
                "/effect-check", fields: [("group_a_one", list(test.a1)), ("group_a_two", list(test.a2, ", "))],
                files: [("group_b_file", "b.csv", Array(("customer\n" + list(test.b, "\r\n")).utf8))])
            let told = try await client.post("/api/v1/effect-check", json: EffectCheckAPITests.Shop.json(test)).object()
            let hasEffect = try #require(told["has_effect"] as? Int)
            #expect(page.status == 200 && page.text.contains("data-effect=\"\(hasEffect)\""), "\(page.text)")
            #expect(page.text.contains(try #require(told["reason"] as? String)))
            #expect(page.text.contains("<td class=\"n\">\(test.b.count)</td>"))
            #expect(page.text.contains("Differences of revenue per person"))
        }
    }

    @Test func `Of a group that is a single customer the page says what that tells, and makes up nothing`() async throws {
        let shop = try await EffectCheckAPITests.Shop()
        try await Fixture.both(options: shop.options) { fixture, client async throws in
            let viewer = try await Visitor.signedIn(.viewer, fixture, client)
            let test = shop.tests[0]
            let fields = [("group_a_one", list(test.a1)), ("group_a_two", "1"), ("group_b", list([test.b[0]]))]
            let page = try await viewer.send("/effect-check", fields: fields, files: [])
            #expect(page.status == 200 && page.text.contains("data-effect=\"0\""))
            for words in [
                "Group B is a single customer, and what one customer spends shows no effect of a pilot.",
                "Group with the pilot: this is a single customer, who tells nothing of how customers vary.",
                "Second untreated group: this is a single customer", "whether that is chance they do not tell",
                "1 id is no customer of this shop, and counts as one who bought nothing.",
            ] { #expect(page.text.contains(words), "\(words)") }
            #expect(!page.text.contains("one-sided p") && !page.text.contains("∞"))
            let body = EffectCheckAPITests.Shop.json(EffectTest(a1: test.a1, a2: [1], b: [test.b[0]]))
            let told = try await client.post("/api/v1/effect-check", json: body).object()
            let naive = try #require((told["naive"] as? [String: Any])?["difference"] as? [String: Any])
            #expect(naive["low"] is NSNull && naive["estimate"] is Double)
            let plain = try await client.post("/check_test", json: body)
            #expect(plain.text == #"{"has_effect":0}"#)
            #expect(plain.headers["Effect-Check-Reason"]?.contains("a single customer") == true)
        }
    }

    @Test func `What cannot be read or answered is told at its group`() async throws {
        let shop = try await EffectCheckAPITests.Shop()
        try await Fixture.both(options: shop.options) { fixture, client async throws in
            let viewer = try await Visitor.signedIn(.viewer, fixture, client)
            func send(_ b: String, file: String? = nil) async throws -> TestResponse {
                let fields = [("group_a_one", "1 2 3"), ("group_a_two", "4 5 6"), ("group_b", b)]
                return try await viewer.send(
                    "/effect-check", fields: fields, files: file.map { [("group_b_file", "b.txt", Array($0.utf8))] } ?? [])
            }
            for (b, file, words) in [
                ("7\n8 nine", nil, "Group with the pilot: line 2, column 3: &#39;nine&#39; is no whole number"),
                ("", nil, "there are no ids"),
                ("7", "8", "not both"), ("7 3", nil, "1 of its customers are also in a group without the pilot"),
            ] as [(String, String?, String)] {
                let page = try await send(b, file: file)
                #expect(page.status == 422 && page.text.contains(words), "\(words)")
                #expect(page.text.contains("aria-describedby=\"mistake\""))
            }
            #expect(try await send("7 <b>").text.contains(">7 &lt;b&gt;</textarea>"), "what was pasted stays, as text")
        }
    }
}
