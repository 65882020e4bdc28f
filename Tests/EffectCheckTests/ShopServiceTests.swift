import EffectCheck
import Testing

@Suite struct ShopServiceTests {
    @Test func `a shop is loading, then ready`() async throws {
        let files = try TemporaryFiles()
        let texts = try InventedShop.texts(InventedShop.plan { $0.users = 3000 })
        let reader = ShopReader(users: try files.file("u.csv", texts.users), sales: try files.file("s.csv", texts.sales))
        let (stream, continuation) = AsyncStream.makeStream(of: ShopService.State.self)
        let service = ShopService(reader, rule: .likelier) { state in
            continuation.yield(state)
            continuation.finish()
        }
        var states: [ShopService.State] = []
        for await state in stream { states.append(state) }
        guard states.count == 1, case .ready(let checker) = states[0], case .ready = service.state else {
            Issue.record("\(states)")
            return
        }
        #expect(checker.report.customers == 3000)
    }

    @Test func `a shop that cannot be loaded says why, and loading can be cancelled`() async throws {
        let files = try TemporaryFiles()
        let users = try files.file("u.csv", "user_id,gender,age\n")
        let reader = ShopReader(users: users, sales: "/nowhere/s.csv")
        let (stream, continuation) = AsyncStream.makeStream(of: ShopService.State.self)
        _ = ShopService(reader, rule: .likelier) { state in
            continuation.yield(state)
            continuation.finish()
        }
        for await state in stream {
            guard case .failed(let reason) = state else {
                Issue.record("\(state)")
                continue
            }
            #expect(reason == "/nowhere/s.csv: No such file or directory")
        }
        let texts = try InventedShop.texts(InventedShop.plan { $0.users = 3000 })
        let progress = LoadProgress()
        progress.cancel()
        let cancelled = ShopReader(
            users: try files.file("u2.csv", texts.users), sales: try files.file("s2.csv", texts.sales), progress: progress)
        #expect(throws: ShopDataError.cancelled) { try cancelled.read() }
    }
}
