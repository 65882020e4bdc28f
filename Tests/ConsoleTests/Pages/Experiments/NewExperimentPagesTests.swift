import Console
import Enrollment
import Experiments
import HTTPServer
import HTTPServerTesting
import Statistics
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
            // The verdict may come at any look: there an interval that holds at any leaves out zero in four of five.
            let size = try #require(one.split(separator: "\n").first { $0.hasPrefix("size: ") }.flatMap { Double($0.dropFirst(6)) })
            let error = ((0.05 * 0.95 + 0.055 * 0.945) / (size / 2)).squareRoot()
            let reach = try ConfidenceSequence(estimate: 0, standardError: error, count: Int(size), tuning: .sampleSize(10_000))
                .confidenceInterval(level: 0.95).high
            #expect(abs(Normal.standard.survival((reach - 0.005) / error) - 0.8) < 1e-3, "\(one)")
            #expect(size > 2 * 62_436, "one look at the end takes half of that")
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
                ("key=a+b&\(rows)", 422, "is not allowed"), ("key=&\(rows)", 422, "A key is missing"),
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

    private static let variants = "value=a&weight=1&value=b&weight=1"

    // A form's fields of conditions.
    private static func conditions(_ rows: [(String, String, String)]) -> String {
        rows.map { attribute, test, value in
            "attribute=\(PercentEncoding.encode(attribute))&test=\(PercentEncoding.encode(test))&target=\(PercentEncoding.encode(value))"
        }.joined(separator: "&")
    }

    @Test func `A layer is chosen or made along, and what it leaves of new devices is said`() async throws {
        try await Fixture.both { fixture, client async throws in
            let editor = try await Visitor.signedIn(.editor, fixture, client)
            #expect(try await editor.post("/layers/new-holdout", "name=global&percent=5").status == 303)
            let form = "\(Self.variants)&layer=*new&slots=50&new_layer=checkout&new_slots=100&holdout=global&do=create"
            #expect(try await editor.post(path, "key=one&\(form)").headers["Location"] == "/experiments/one?done=create")
            let one = try fixture.registry.catalogue.experiment(ExperimentKey("one"))
            #expect(one.layer?.slots.count == 50 && one.layer?.of == 100 && one.holdout?.text == "global")
            // Made once, in one change with the experiment: a refused one makes nothing.
            #expect(try await editor.post(path, "key=two&\(form)").text.contains("a layer &#39;checkout&#39; already"))
            let who = try await editor.get(path + "/who?\(Self.variants)&layer=checkout&slots=40&holdout=").text
            #expect(who.contains("38.0 % of the devices that are new") && who.contains("40 of the 100 slots"))
            for (fields, status, words) in [
                ("layer=checkout&slots=60", 409, "50 free slots"), ("layer=checkout&slots=", 422, "how many slots"),
                ("layer=nothing&slots=1", 422, "no layer"), ("layer=*new&slots=1&new_layer=", 422, "Name the new layer"),
                ("layer=*new&slots=9&new_layer=x&new_slots=5", 422, "5 slots, fewer than 9"), ("holdout=nothing", 422, "no holdout"),
                ("layer=*new&slots=9&new_layer=x&new_slots=500", 422, "2 to 128 slots"),
            ] {
                let refused = try await editor.post(path, "key=three&\(Self.variants)&\(fields)&do=create")
                #expect(refused.status == status && refused.text.contains(words), "\(fields): \(refused.text)")
                #expect(refused.text.contains("aria-invalid=\"true\""))
            }
            #expect(fixture.registry.catalogue.layers.count == 1)
            #expect(try await editor.post(path, "key=three&\(Self.variants)&layer=checkout&slots=50&do=create").status == 303)
            #expect(try await editor.post(path, "key=four&\(Self.variants)&holdout=global&do=create").status == 303)
            #expect(try fixture.registry.catalogue.experiment(ExperimentKey("four")).holdout?.text == "global")
        }
    }

    @Test func `Conditions are read as one types, and what is wrong with one is said`() async throws {
        try await Fixture.both { fixture, client async throws in
            let editor = try await Visitor.signedIn(.editor, fixture, client)
            for number in 0..<10 {
                let attributes = number < 3 ? #"{"country":"DE","age":30}"# : number < 5 ? #"{"country":"FR","age":30}"# : "{}"
                _ = try await client.device("device-\(number)", headers: [("Device-Attributes", attributes)])
            }
            let rows = Self.conditions([
                ("country", "is", "DE, AT"), ("age", "at least", "18"), ("age", "less than", "65"), ("app", "at least", "4.2.0"),
                ("zip", "is", "\"01\", 007"), ("premium", "not", "true"), ("email", "unknown", ""),
            ])
            let who = try await editor.get(path + "/who?\(Self.variants)&\(rows)").text
            for words in [
                "‘country’ is the text ‘DE’ or the text ‘AT’", "‘age’ is at least 18 and less than 65",
                "‘app’ is at least the version 4.2.0",
                "‘zip’ is the text ‘01’ or the text ‘007’", "‘premium’ is known, and is not true", "‘email’ is not known",
            ] { #expect(who.contains(words), "\(words): \(who)") }
            let german = Self.conditions([("country", "is", "DE")])
            let share = try await editor.get(path + "/who?\(Self.variants)&\(german)").text
            #expect(share.contains("Of the last 10 devices that came to this server, 3 (30.0 %) would match; 5 did not tell ‘country’."))
            #expect(share.contains("What the 10 devices known by now told is not kept"))
            for (rows, words) in [
                ([("", "is", "DE")], "Condition 1: name the attribute"),
                ([("a", "is", "1"), ("a", "is", "2")], "Condition 2: ‘a’ has a condition already"),
                ([("a", "is", "")], "a value is missing"), ([("a", "is", "x,,y")], "a value is missing"),
                ([("a", "is", "\"x")], "a quotation mark is missing"), ([("a", "at least", "high")], "a number such as 18"),
                ([("a", "at least", "1, 2")], "compare with one value"), ([("a", "known", "1")], "takes no value"),
                ([("a", "at least", "1"), ("a", "at least", "2")], "has a condition already"),
                ([("b", "is", "1"), ("a", "at least", "1"), ("a", "at most", "0")], "Condition 3: nothing is both at least 1 and"),
            ] {
                #expect(try await editor.get(path + "/who?\(Self.variants)&\(Self.conditions(rows))").text.contains(words), "\(rows)")
                let refused = try await editor.post(path, "key=x&\(Self.variants)&\(Self.conditions(rows))&do=create")
                #expect(refused.status == 422 && refused.text.contains(words) && refused.text.contains("aria-invalid=\"true\""), "\(rows)")
            }
            #expect(try await editor.post(path, "key=x&\(Self.variants)&attribute=a&test=magic&target=1&do=create").status == 400)
            let more = try await editor.post(path, "key=x&\(Self.variants)&\(german)&do=add-condition").text
            #expect(more.contains("id=\"attribute-1\"") && more.contains("value=\"country\""))
            #expect(
                try await !editor.post(path, "key=x&\(Self.variants)&\(german)&do=drop-condition-0").text.contains("id=\"attribute-0\""))
            #expect(try await editor.post(path, "key=x&\(Self.variants)&\(rows)&do=create").status == 303)
            let made = try #require(try fixture.registry.catalogue.experiment(ExperimentKey("x")).targeting)
            #expect(made.tests["zip"] == .isIn([.text("01"), .text("007")]) && made.tests["premium"] == .isNotIn([.boolean(true)]))
            #expect(
                made.tests["email"] == .exists(false) && made.tests["app"] == .compares([.init(sign: .atLeast, value: .version("4.2.0"))]))
            // It is opened again as it was typed, and saved as the same.
            let page = try await editor.get("/experiments/x/edit").text
            for typed in ["DE, AT", "4.2.0", "01, 007"] { #expect(page.contains("value=\"\(typed)\""), "\(typed)") }
            #expect(try await editor.get("/experiments/x").text.contains("‘country’ is the text ‘DE’"))
        }
    }

    @Test func `A draft is edited until it starts, all of it, and by one at a time`() async throws {
        try await Fixture.both { fixture, client async throws in
            let editor = try await Visitor.signedIn(.editor, fixture, client)
            let decision = "metric=conversion&fact=purchase&baseline=5%25&lift=10%25&power=80%25&confidence=95%25&traffic=1000"
            #expect(try await editor.post(path, "key=one&summary=Old&\(Self.variants)&\(decision)&do=create").status == 303)
            func experiment() throws -> Experiment { try fixture.registry.catalogue.experiment(ExperimentKey("one")) }
            func seen(_ page: String) throws -> String {
                try #require(page.firstMatch(of: /name="seen" value="([^"]+)"/).map { String($0.1) })
            }
            let edit = "/experiments/one/edit"
            let page = try await editor.get(edit).text
            for typed in ["5 %", "10 %", "1000", "purchase"] {
                #expect(page.contains("value=\"\(typed.replacing(" ", with: ""))\"") || page.contains("value=\"\(typed)\""), "\(typed)")
            }
            #expect(page.contains("Old</textarea>") && page.contains("<option value=\"conversion\" selected>"))
            let before = try #require(try experiment().plan)
            let change = "key=one&summary=New&value=a&weight=3&value=c&weight=1&\(Self.conditions([("country", "is", "DE")]))"
            let saved = try await editor.post(
                edit, "seen=\(seen(page))&\(change)&\(decision.replacing("lift=10%25", with: "lift=20%25"))&do=create")
            #expect(saved.headers["Location"] == "/experiments/one?done=edit", "\(saved.text)")
            let one = try experiment()
            #expect(one.summary == "New" && one.allocation.variants == [Variant("a", weight: 3), Variant("c", weight: 1)])
            #expect(one.targeting != nil && one.plan != before && one.plan?.contains("smallest effect: 20.0 %") == true)
            #expect(fixture.registry.catalogue.experiments.map(\.key.text) == ["button_color", "price", "one"])
            // Whoever saw it as it was is told, and loses nothing.
            let late = try await editor.post(edit, "seen=\(seen(page))&key=one&summary=Mine&\(Self.variants)&do=create")
            #expect(late.status == 409 && late.text.contains("Mine</textarea>") && late.text.contains("Somebody else changed the draft"))
            #expect(try experiment().summary == "New")
            #expect(try await editor.post("/experiments/one/start", "seen=\(seen(page))").status == 409)
            #expect(try await editor.post(edit, "seen=\(seen(late.text))&key=one&summary=Mine&\(Self.variants)&do=create").status == 303)
            #expect(try experiment().plan == nil && experiment().summary == "Mine" && experiment().targeting == nil)
            // Who edits away what a tester was given is told.
            try await fixture.registry.change(actor: "test", action: "force") { catalogue, _ in
                try catalogue.change(ExperimentKey("one")) { experiment throws(ExperimentError) in try experiment.force("tester", to: "b") }
            }
            let away = try await "seen=\(seen(editor.get(edit).text))&key=one&summary=Mine&value=a&weight=1&value=z&weight=1&do=create"
            let released = try await editor.post(edit, away).headers["Location"] ?? ""
            #expect(try released.hasSuffix("done=edit-released") && experiment().forced.isEmpty)
            #expect(try await editor.get(released).text.contains("Testers whose value is no variant any more"))
            // A plan that was written by hand is left alone, and must go with the variants.
            let plan = "control: a\nfacts: {f: }\nmetrics: {m: {kind: mean, of: f}}\n"
            try await fixture.registry.change(actor: "test", action: "change plan") { catalogue, _ in
                try catalogue.change(ExperimentKey("one")) { experiment in try experiment.analyse(by: plan) }
            }
            let own = try await editor.get(edit).text
            #expect(own.contains("id=\"own-plan\"") && !own.contains("id=\"metric\""))
            let wrong = try await editor.post(edit, "seen=\(seen(own))&key=one&value=x&weight=1&value=y&weight=1&do=create")
            #expect(wrong.status == 422 && wrong.text.contains("does not go with this"))
            #expect(try await editor.post(edit, "seen=\(seen(own))&key=one&value=a&weight=1&value=y&weight=1&do=create").status == 303)
            #expect(try experiment().plan == plan)
            let log = try await fixture.registry.auditLog(AuditQuery(subject: "one"))
            #expect(log.map(\.action) == ["edit", "change plan", "edit", "force", "edit", "edit", "create"])
            // Once it is started, it is a draft no more.
            _ = try await client.post("/api/v1/admin/experiments/one/start", as: .editor, of: fixture)
            #expect(try await editor.get(edit).status == 409)
            #expect(try await editor.post(edit, "seen=x&key=one&\(Self.variants)&do=create").status == 409)
            #expect(try await !editor.get("/experiments/one").text.contains("/edit\""))
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
            #expect(sized.contains("Each variant needs 31,218 units") && sized.contains("63 days"))
            let typed = try await editor.get(path + "/size?weight=1&weight=1&metric=&baseline=5%25&lift=10%25&traffic=1000")
            #expect(typed.status == 200 && typed.text.hasPrefix("<section") && typed.text.contains("Each variant needs 31,218 units"))
            // Whom layer, holdout and conditions keep out does not come into the count.
            let layer = "&layer=*new&new_layer=l&new_slots=100&slots=50"
            let half = try await editor.get(path + "/size?weight=1&weight=1&baseline=5%25&lift=10%25&traffic=1000" + layer).text
            #expect(half.contains("31,218 units") && half.contains("125 days"), "\(half)")
            #expect(half.contains("50.0 % of new devices take part: 50 of the 100 slots of the layer ‘l’"))
            let some = Self.conditions([("country", "is", "DE")])
            let unknown = try await editor.get(path + "/size?weight=1&weight=1&baseline=5%25&lift=10%25&traffic=1000&" + some).text
            #expect(unknown.contains("63 days") && unknown.contains("meet the conditions is not known"), "\(unknown)")
            let uneven = try await editor.get(path + "/size?weight=3&weight=1&baseline=5%25&lift=10%25").text
            #expect(uneven.contains("The variants need") && uneven.contains("in the proportion of their weights"))
            let nonsense = try await editor.get(path + "/size?weight=x&weight=1&baseline=%3Cscript%3E")
            #expect(nonsense.status == 200 && nonsense.text.contains("role=\"alert\"") && !nonsense.text.contains("<script>"))
            #expect(fixture.registry.catalogue.experiments.count == 2)
        }
    }
}
