import Enrollment
import HTTPServer
import HTTPServerTesting
import Testing

@Suite struct PlanPageTests {
    // As `gosset power proportions --baseline 0.05 --lift 0.002 --confidence 0.97 --power 0.87 --arms 3 --traffic 40000/month` says.
    @Test func `The answer is that of the command line`() async throws {
        try await Fixture.both { _, client async throws in
            let page = try await client.get(
                "/plan?metric=conversion&baseline=5%25&lift=0.002&confidence=97%25&power=0.87&arms=3&traffic=1333.3333333333333"
                    + "&pairs=all-pairs")
            #expect(page.status == 200)
            for text in [
                "262,947", "788,841", ">592<", "331,659", "half the lift", "all comparisons together", "twice the lift", ">0.2000 pp<",
            ] {
                #expect(page.text.contains(text), "\(text)")
            }
            #expect(
                page.text.contains("<div class=\"scroll\" tabindex=\"0\" role=\"region\" aria-label="),
                "who has a keyboard alone can move the table sideways")
            // An experiment compares its variants with the control: two comparisons, not three.
            let usual = try await client.get("/plan?metric=conversion&baseline=5%25&lift=0.002&confidence=97%25&power=0.87&arms=3")
            #expect(usual.text.contains("262,947") && !usual.text.contains("331,659"))
            // What an experiment here takes is another thing: its verdict may come at any look.
            #expect(usual.text.contains("id=\"any-look\"") && usual.text.contains("this lift, at any look"))
            let mean = try await client.get("/plan?metric=mean&baseline=100&sd=40&lift=2%25&power=80%25&confidence=95%25&arms=2&traffic=")
            #expect(mean.status == 200)
            // R: power.t.test(delta = 2, sd = 40, power = 0.8) gives n = 6280.05.
            #expect(mean.text.contains("6,281") && mean.text.contains(">2<") && !mean.text.contains(" pp<"))
        }
    }

    @Test func `Whether a lift is relative or absolute is told where it is typed, and what it came to`() async throws {
        try await Fixture.both { fixture, client async throws in
            let relative = try await client.get("/plan?metric=conversion&baseline=5%25&lift=10%25")
            #expect(relative.text.contains("Lift to find, relative with %") && relative.text.contains("Without % it is absolute"))
            #expect(relative.text.contains("This lift is relative, 10 % of today&#39;s value: from 5 % to 5.5 %."))
            let absolute = try await client.get("/plan?metric=conversion&baseline=5%25&lift=0.005")
            #expect(absolute.text.contains("This lift is absolute, in the metric&#39;s own unit: from 5 % to 5.5 %."))
            for lift in ["1e100", "1e200", "1e300", "1e308"] {
                let great = try await client.get("/plan?metric=mean&baseline=10&sd=3&lift=\(lift)&power=80%25&confidence=95%25&arms=2")
                #expect([200, 422].contains(great.status) && !great.text.contains(">0<") && !great.text.contains(" 0 units"), "\(lift)")
            }
            let mean = try await client.get("/plan?metric=mean&baseline=40&sd=10&lift=-2")
            #expect(mean.text.contains("from 40 to 38."))
            let editor = try await Visitor.signedIn(.editor, fixture, client)
            let form = try await editor.get("/experiments/new").text
            #expect(form.contains("Lift to find, relative with %") && form.contains("Without % it is absolute"))
        }
    }

    @Test func `The page of sample sizes and an experiment's plan are called differently`() async throws {
        try await Fixture.both { fixture, client async throws in
            let viewer = try await Visitor.signedIn(.viewer, fixture, client)
            let size = try await viewer.get("/plan").text
            #expect(size.contains("<h1>Sample size</h1>") && size.contains("href=\"/plan\" aria-current=\"page\">Size</a>"))
            let plan = try await viewer.get("/experiments/price/plan").text
            #expect(plan.contains("aria-current=\"page\">Metrics plan</a>") && plan.contains("<h2>Metrics plan"))
            for page in [size, plan] { #expect(!page.contains(">Plan<")) }
        }
    }

    @Test func `Without anything typed there is an example, and with nonsense a reason`() async throws {
        try await Fixture.both { _, client async throws in
            let page = try await client.get("/plan")
            #expect(page.status == 200)
            #expect(page.text.contains("id=\"answer\""))
            for (query, reason) in [
                (
                    "metric=mean&baseline=0&sd=3&lift=10%25",
                    "“Lift to find” is a share of today&#39;s value, which is 0: write a number"
                ),
                ("baseline=0", "“Today” must be between 0 and 100 %"), ("baseline=5,5%25", "“Today” must be a number"),
                ("power=80", "“Power” must be between 0 and 100 %, and 80 means 8,000 %: for a percentage, write 80 %"),
                ("lift=0", "“Lift to find” must be another value than"),
                ("baseline=60%25&lift=100%25", "“Lift to find” must be a lift that keeps"),
                ("power=1%25", "“Power” must be more than the significance"), ("arms=1", "“Variants” must be a whole number from 2 to 100"),
                ("traffic=-4", "“New units a day” must be more than 0"),
                ("metric=mean&sd=1e308&baseline=1", "“Standard deviation” must be a number whose square is not too large"),
                ("metric=mean&sd=0&baseline=1", "“Standard deviation” must be more than 0"),
                ("metric=mean", "“Today” is a mean here, a number such as 12.5, and no percentage"),
                ("pairs=some", "“Compared” is with-control or all-pairs"), ("metric=none", "“Metric” is conversion or mean"),
                ("lift=%3Cscript%3E", "“Lift to find” must be a number"),
            ] {
                let page = try await client.get("/plan?" + query)
                #expect(page.status == 422, "\(query)")
                #expect(page.text.contains(reason), "\(query): \(page.text.split(separator: "<main").last ?? "")")
                #expect(!page.text.contains("id=\"answer\"") && !page.text.contains("<script>"))
                // The field that holds the mistake is marked, leads to what is wrong, and has the focus.
                let marks = page.text.matches(of: /aria-invalid="true" aria-describedby="no-answer" autofocus/)
                #expect(marks.count == 1 && page.text.contains("role=\"alert\" id=\"no-answer\""), "\(query)")
            }
            let comma = try await client.get("/plan?baseline=5,5%25").text
            #expect(comma.contains("a comma is not read as a decimal mark, so write 5.5") && !comma.contains("or 55"))
            let oneDay = try await client.get("/plan?traffic=1e9").text
            #expect(oneDay.contains(", 1 day at this traffic") && !oneDay.contains("1 days"))
            #expect(try await client.get("/plan?arms=2&arms=3").status == 400)
            // More units and days than any whole number holds.
            let vast = try await client.get("/plan?arms=3&lift=0.00000001&traffic=1e-12")
            #expect(vast.status == 200)
            #expect(!vast.text.contains("9,000,000,000,000,000"))
        }
    }
}
