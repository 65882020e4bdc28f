import Console
import Enrollment
import Experiments
import HTTPServer
import HTTPServerTesting
import Testing

@Suite struct NewExperimentPagesTests {
    private let path = "/experiments/new"

    @Test func `The form makes a draft, with the person's name and nothing in force`() async throws {
        try await Fixture.both { fixture, client async throws in
            let editor = try await Visitor.signedIn(.editor, fixture, client)
            #expect(try await editor.get(path).text.contains("id=\"answer\""), "there is an example of the size at once")
            let form = "key=checkout&summary=Does+it+sell%3F&value=old&weight=1&value=%3Cb%3E&weight=3&value=&weight=&do=create"
            let made = try await editor.post(path, form)
            #expect(made.status == 303 && made.headers["Location"] == "/experiments/checkout?done=create", "\(made.text)")
            let draft = try fixture.registry.catalogue.experiment(ExperimentKey("checkout"))
            #expect(draft.state == .draft && draft.summary == "Does it sell?" && draft.plan == nil)
            #expect(draft.allocation.variants == [Variant("old", weight: 1), Variant("<b>", weight: 3)])
            let page = try await editor.get("/experiments/checkout?done=create").text
            #expect(page.contains("The draft was created") && page.contains("&lt;b&gt;") && !page.contains("<b>’"))
            #expect(try await fixture.registry.auditLog(AuditQuery(subject: "checkout")).map(\.actor) == ["the-editor"])
            #expect(try await client.values("phone")["checkout"] == nil)
        }
    }

    @Test func `A metric in the form is a plan that says what decides`() async throws {
        try await Fixture.both { fixture, client async throws in
            let editor = try await Visitor.signedIn(.editor, fixture, client)
            let variants = "value=a%22b&weight=1&value=b&weight=1&do=create&power=80%25&confidence=95%25"
            let conversion = "&metric=conversion&fact=purchase&baseline=5%25&lift=10%25"
            #expect(try await editor.post(path, "key=one&\(variants)\(conversion)").status == 303)
            let one = try #require(try fixture.registry.catalogue.experiment(ExperimentKey("one")).plan)
            #expect(one.contains(#"control: "a\"b""#) && one.contains("kind: conversion") && one.contains("smallest effect: 10.0 %"))
            // 2 · (z of 97.5 % + z of 80 %)² / h², with h the difference of the arcsines, in each of two variants.
            #expect(one.contains("\nsize: 62436\n"), "\(one)")
            let mean = "&metric=mean&fact=purchase&baseline=100&sd=40&lift=2.5"
            #expect(try await editor.post(path, "key=two&\(variants)\(mean)").status == 303)
            let two = try #require(try fixture.registry.catalogue.experiment(ExperimentKey("two")).plan)
            #expect(two.contains("{value: value}") && two.contains("smallest effect: 2.5,") && two.contains("power: 0.8"))
        }
    }

    @Test func `What is wrong is said beside what was typed, which stays`() async throws {
        try await Fixture.both { fixture, client async throws in
            let editor = try await Visitor.signedIn(.editor, fixture, client)
            let rows = "value=old&weight=1&value=fresh&weight=3"
            for (form, status, reason) in [
                ("key=a+b&\(rows)", 422, "is not allowed"), ("key=&\(rows)", 422, "is not allowed"),
                ("key=price&\(rows)", 409, "There is an experiment &#39;price&#39; already"),
                ("key=x&value=old&weight=1&value=fresh&weight=-3", 422, "must be a positive"),
                ("key=x&value=old&weight=1&value=fresh&weight=a", 422, "must be a number"),
                ("key=x&\(rows)&metric=conversion&fact=", 422, "Name the fact"),
                ("key=x&\(rows)&metric=conversion&fact=f&baseline=2", 422, "“Today” must be between 0 and 100 %"),
                ("key=x&\(rows)&metric=other&fact=f", 422, "“Metric” is conversion or mean"),
                ("key=x&summary=\(String(repeating: "s", count: 4097))&\(rows)", 422, "at most 4096 bytes"),
            ] {
                let page = try await editor.post(path, form + "&do=create")
                #expect(page.status == status && page.text.contains(reason), "\(form.prefix(80)): \(page.status)")
                #expect(page.text.contains("value=\"fresh\"") && page.text.contains("id=\"mistake\""))
            }
            #expect(try await editor.post(path, "key=x&value=a&weight=1&value=b&do=create").status == 400)
            #expect(fixture.registry.catalogue.experiments.count == 2)
        }
    }

    @Test func `Rows and the size work by buttons, and the size as one types is the same`() async throws {
        try await Fixture.both { fixture, client async throws in
            let editor = try await Visitor.signedIn(.editor, fixture, client)
            let fields = "key=x&value=a&weight=1&value=b&weight=1&metric=conversion&baseline=5%25&lift=10%25&power=80%25&confidence=95%25"
            let more = try await editor.post(path, fields + "&do=add")
            #expect(more.status == 200 && more.text.contains("id=\"value-2\"") && more.text.contains("value=\"x\""))
            let sized = try await editor.post(path, fields + "&traffic=1000&do=size").text
            // As `gosset power proportions --baseline 0.05 --lift 0.005` says: 31,218 units an arm.
            #expect(sized.contains("Each arm needs 31,218 units") && sized.contains("63 days"))
            let typed = try await editor.get(path + "/size?weight=1&weight=1&metric=&baseline=5%25&lift=10%25&traffic=1000")
            #expect(typed.status == 200 && typed.text.hasPrefix("<section") && typed.text.contains("Each arm needs 31,218 units"))
            let uneven = try await editor.get(path + "/size?weight=3&weight=1&baseline=5%25&lift=10%25").text
            #expect(uneven.contains("The arms need") && uneven.contains("in the proportion of their weights"))
            let nonsense = try await editor.get(path + "/size?weight=x&weight=1&baseline=%3Cscript%3E")
            #expect(nonsense.status == 200 && nonsense.text.contains("role=\"alert\"") && !nonsense.text.contains("<script>"))
            #expect(fixture.registry.catalogue.experiments.count == 2)
        }
    }
}
