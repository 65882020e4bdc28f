import Foundation
import HTTPServerTesting
import Testing

extension Processes {
    // The tools of the console, used in a real browser as a person would.
    @Suite(.enabled(if: Browser.isInstalled)) struct ToolPageTests {
        @Test func `A file is sent and compared, and its charts are drawn`() async throws {
            try await visit { gosset, browser, folder in
                var text = "revenue,visits,group\n"
                for row in 0..<2000 { text += "\((row * 7919) % 37 + (row % 2) * 4),\(row % 5),\(row % 2 == 0 ? "old" : "new")\n" }
                let file = folder + "/visitors.csv"
                try text.write(toFile: file, atomically: true, encoding: .utf8)

                try await browser.click("nav a[href='/compare']")
                try await eventually("the page") { try await browser.texts("h1") == ["Compare"] }
                try await browser.choose(file: file, in: "#file")
                try await browser.click("#upload button.main")
                try await eventually("the columns") { try await browser.texts("#file-chosen h2") == ["visitors.csv"] }
                #expect(try await browser.run("return document.querySelector('#value').value").string == "revenue")
                #expect(try await browser.run("return document.querySelector('#group').value").string == "group")
                try await browser.run("document.querySelector('#control').value = 'old'")
                try await browser.click("#file-chosen button.main")
                try await eventually("the comparison") { try await browser.texts("#recommendation h2") == ["What to do"] }
                #expect(try await browser.texts("#recommendation p").first?.hasPrefix("new is better than old, the control") == true)
                try await browser.expectDrawnCharts(3)
                try await browser.expectItFits("compare")
                // What was sent is there for nobody who is not signed in.
                let address = try #require(try await browser.run("return location.pathname").string)
                #expect(try await gosset.client.get(address).status == 401)
                try await browser.click("#file-chosen form[method=post] button")
                try await eventually("the file to be forgotten") { try await browser.texts("#file-chosen").isEmpty }
            }
        }

        @Test func `Without a shop, the effect check says how to load one`() async throws {
            try await visit { gosset, browser, _ in
                try await browser.click("nav a[href='/effect-check']")
                try await eventually("the page") {
                    try await browser.texts("#no-shop code").first?.hasPrefix("gosset serve --shop-users") == true
                }
                try await browser.expectItFits("effect-check-without-shop")
            }
        }

        @Test func `Groups are pasted, and whether their pilot had an effect is answered with its evidence`() async throws {
            let shop = try TemporaryDirectory()
            let made = try await GossetProcess.run([
                "simulate", "shop", "--out", shop.path, "--users", "4000", "--tests", "10", "--group-size", "60-120",
            ])
            #expect(made.ending == .exited(0), "\(made.errors)")
            let flags = ["--shop-users", shop.path + "/df_users.csv", "--shop-sales", shop.path + "/df_sales.csv"]
            try await visit(flags) { gosset, browser, folder in
                try await eventually("the shop", within: 60) { try await gosset.client.get("/ping").status == 200 }
                try await browser.open(gosset.address + "/effect-check")
                let groups = (0..<3).map { group in (0..<100).map { String(1 + group + 3 * $0) } }
                for (id, group) in zip(["group_a_one", "group_a_two"], groups) {
                    try await browser.run("document.querySelector('#\(id)').value = \(group.joined(separator: "\n").asJSON)")
                }
                let file = folder + "/pilot.csv"
                try ("customer\n" + groups[2].joined(separator: "\n")).write(toFile: file, atomically: true, encoding: .utf8)
                try await browser.choose(file: file, in: "#group_b_file")
                try await browser.click("#groups button.main")
                try await eventually("the answer") { try await browser.texts("#finding h2").count == 1 }
                #expect(try await browser.texts("#who tbody tr td:nth-child(2)") == ["100", "100", "100"])
                try await browser.expectDrawnCharts(2)
                try await browser.expectItFits("effect-check")
                try await browser.run("document.querySelector('#group_b').value = '17\\nx'")
                try await browser.click("#groups button.main")
                try await eventually("what is wrong") {
                    try await browser.texts("#mistake").first?.contains("line 2, column 1: 'x' is no whole number") == true
                }
                // That it cannot be answered is said in the console as well.
                #expect(try await browser.complaints().allSatisfy { $0.contains("422") })
            }
        }

        private func visit(
            _ flags: [String] = [], _ body: (GossetProcess, Browser, String) async throws -> Void
        ) async throws {
            let data = try TemporaryDirectory()
            let gosset = try await GossetProcess(data: data.path + "/data", flags)
            let browser = try await Browser()
            do {
                try await browser.signIn(gosset)
                try await body(gosset, browser, data.path)
                #expect(try await browser.complaints() == [])
            } catch {
                await browser.close()
                throw error
            }
            await browser.close()
            try await gosset.stop()
        }
    }
}
