import HTTPServerTesting
import Testing

extension Processes {
    // The five rules of assignment, as devices meet them.
    @Suite struct AssignmentTests {
        let data: TemporaryDirectory

        init() throws { data = try TemporaryDirectory() }

        private func tokens(_ count: Int, _ prefix: String = "device") -> [String] { (0..<count).map { "\(prefix)-\($0)" } }

        @Test func `Six hundred devices over sixty four connections are spread exactly`() async throws {
            let gosset = try await GossetProcess(data: data.path)
            let answers = try await gosset.assignments(of: tokens(600), connections: 64)
            #expect(answers.counts(of: "button_color") == ["#FF0000": 200, "#00FF00": 200, "#0000FF": 200])
            #expect(answers.counts(of: "price") == ["10": 450, "20": 60, "50": 30, "5": 60])
            let statistics = try await gosset.statistics()
            #expect(statistics.devices == 600)
            #expect(statistics["button_color"]?.counts == [200, 200, 200])
            #expect(statistics["price"]?.counts == [450, 60, 30, 60])
            #expect(statistics["price"]?.variants.map(\.value) == ["10", "20", "50", "5"])
            #expect(statistics["price"]?.variants.map(\.percent) == [75, 10, 5, 10])
        }

        @Test func `The spread is within one block at every moment`() async throws {
            let gosset = try await GossetProcess(data: data.path)
            let devices = tokens(18_000)
            async let arrivals = gosset.assignments(of: devices, connections: 64)
            var moments: Set<Int> = []
            while case let statistics = try await gosset.statistics(), statistics.devices < devices.count {
                moments.insert(statistics.devices)
                for experiment in statistics.experiments {
                    #expect(experiment.devices == statistics.devices)
                    experiment.expectWholeBlocks()
                }
            }
            let answers = try await arrivals
            #expect(moments.count > 5, "too few moments were seen for this to mean anything")
            #expect(answers.counts(of: "price") == ["10": 13_500, "20": 1800, "50": 900, "5": 1800])
        }

        @Test func `The same new token many times at once is one device`() async throws {
            let gosset = try await GossetProcess(data: data.path)
            for round in 1...20 {
                let gate = Barrier(64)
                let answers = try await onThreads(64) { _ in
                    let connection = try gosset.connect()
                    gate.wait()
                    return try connection.answer(to: "twin-\(round)")
                }
                #expect(Set(answers).count == 1)
                #expect(try await gosset.statistics().devices == round)
            }
        }

        @Test func `A value outlasts everything`() async throws {
            var gosset = try await GossetProcess(data: data.path, ["--no-examples"], adminToken: "an-operator-of-this-test")
            let devices = tokens(240)
            try await gosset.admin.create("color", [("red", 1), ("green", 1), ("blue", 1)])
            try await gosset.admin.change("color", "start")
            let before = try await gosset.assignments(of: devices)
            #expect(before.counts(of: "color") == ["red": 80, "green": 80, "blue": 80])
            func expectUnchanged(_ what: Comment, sourceLocation: SourceLocation = #_sourceLocation) async throws {
                #expect(try await gosset.assignments(of: devices) == before, what, sourceLocation: sourceLocation)
            }
            func newcomers(_ count: Int, _ name: String) async throws -> [String: Int] {
                try await gosset.assignments(of: tokens(count, name)).counts(of: "color")
            }

            try await expectUnchanged("asked again")
            try await gosset.stop()
            gosset = try await GossetProcess(data: data.path, adminToken: "an-operator-of-this-test")
            try await expectUnchanged("after a restart")
            try await gosset.kill()
            gosset = try await GossetProcess(data: data.path, adminToken: "an-operator-of-this-test")
            try await expectUnchanged("after a crash")

            try await gosset.admin.change("color", to: [("red", 1), ("green", 9), ("blue", 10)])
            try await expectUnchanged("after other weights")
            #expect(try await newcomers(40, "weights") == ["red": 2, "green": 18, "blue": 20])

            try await gosset.admin.change("color", to: [("red", 1), ("white", 3)])
            try await expectUnchanged("after a variant was added and two were closed")
            #expect(try await newcomers(40, "closed") == ["red": 10, "white": 30])

            try await gosset.admin.change("color", "pause")
            try await expectUnchanged("during a pause")
            #expect(try await newcomers(10, "pause") == [:])
            try await gosset.stop()
            gosset = try await GossetProcess(data: data.path, adminToken: "an-operator-of-this-test")
            try await expectUnchanged("after a restart during a pause")

            try await gosset.admin.change("color", "resume")
            try await expectUnchanged("after the pause")
            #expect(try await newcomers(10, "pause") == [:], "who came during the pause is never in")
            #expect(try await newcomers(40, "resumed") == ["red": 10, "white": 30])

            let statistics = try await gosset.statistics()
            #expect(statistics.devices == 240 + 40 + 40 + 10 + 40)
            #expect(statistics["color"]?.devices == 240 + 40 + 40 + 40)
            #expect(statistics["color"]?.variants.map(\.value) == ["red", "green", "blue", "white"])
            #expect(statistics["color"]?.counts == [102, 98, 100, 60])
            #expect(statistics["color"]?.balanced == true)

            try await gosset.admin.change("color", "finish", json: "{\"winner\":\"blue\"}")
            let after = try await gosset.assignments(of: devices)
            #expect(after.counts(of: "color") == ["blue": 240], "a winner is a rollout")
        }

        @Test func `An experiment does not exist for older devices`() async throws {
            let gosset = try await GossetProcess(data: data.path)
            let older = tokens(30, "older")
            try await gosset.assignments(of: older)
            try await gosset.admin.create("later", [("a", 1), ("b", 1)])
            #expect(try await gosset.statistics()["later"] == nil, "a draft is nobody's business")
            #expect(try await gosset.assignments(of: older).counts(of: "later") == [:])
            #expect(try await gosset.assignments(of: tokens(10, "during-the-draft")).counts(of: "later") == [:])

            try await gosset.admin.change("later", "start")
            #expect(try await gosset.statistics(of: "later").devices == 0)
            let newer = tokens(20, "newer")
            let both = older + newer
            for _ in 0..<2 {
                let answers = try await gosset.assignments(of: both)
                #expect(answers.prefix(30).allSatisfy { Set($0.keys) == ["button_color", "price"] })
                #expect(Array(answers.suffix(20)).counts(of: "later") == ["a": 10, "b": 10])
                #expect(try await gosset.statistics(of: "later").counts == [10, 10])
                #expect(try await gosset.statistics(of: "price").devices == 60)
            }
            try await gosset.admin.change("later", "finish", json: "{\"winner\":\"a\"}")
            let answers = try await gosset.assignments(of: both)
            #expect(answers.prefix(30).allSatisfy { $0["later"] == nil }, "the rollout is not for them either")
            #expect(answers.suffix(20).allSatisfy { $0["later"] == "a" })
        }

        @Test func `Experiments are independent of each other`() async throws {
            let gosset = try await GossetProcess(data: data.path)
            let answers = try await gosset.assignments(of: tokens(6000), connections: 16)
            // Pearson's chi-square of independence in the 3 × 4 table, with 6 degrees of freedom: 60 is exceeded once in ten thousand million
            // times, and dependence would give thousands.
            var pairs: [[String?]: Double] = [:]
            for answer in answers { pairs[[answer["button_color"], answer["price"]], default: 0] += 1 }
            var statistic = 0.0
            for color in ["#FF0000", "#00FF00", "#0000FF"] {
                for (price, expected) in [("10", 1500.0), ("20", 200), ("50", 100), ("5", 200)] {
                    let difference = pairs[[color, price], default: 0] - expected
                    statistic += difference * difference / expected
                }
            }
            #expect(statistic < 60)
            #expect(statistic > 0.01, "one experiment must not follow from the other")
        }
    }
}
