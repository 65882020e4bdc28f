import Enrollment
import Testing

@Suite struct CensusTests {
    @Test func aRegistryThatIsWholeGivesNoAlarm() throws {
        let registry = try Registry(MemoryStore())
        defer { registry.close() }
        #expect(registry.census == Census())
        #expect(registry.census.alarm == nil)
    }

    @Test func whatIsMissingIsNamedAndCounted() {
        var census = Census()
        census.miss(5..<5)
        #expect(census.alarm == nil)
        census.miss(7..<8)
        #expect(census.alarm?.hasPrefix("1 device is missing from the registry, the first of them number 7") == true)
        census.miss(10..<20)
        #expect(census.missing == [7..<8, 10..<20])
        #expect(census.alarm?.hasPrefix("11 devices are missing") == true)
    }

    // Whoever deletes every second device of millions does not fill our memory.
    @Test func moreGapsThanAPersonReadsAreOnlyCounted() {
        var census = Census()
        for number in 0..<UInt64(Census.detailed) * 2 { census.miss(number * 2..<number * 2 + 1) }
        #expect(census.missing.count == Census.detailed)
        #expect(census.missingCount == UInt64(Census.detailed) * 2)
    }

    @Test func theIndexIsCountedToo() async throws {
        let registry = try Registry(MemoryStore())
        defer { registry.close() }
        for number in 0..<100 { _ = try await registry.enroll(Samples.token(number)) }
        #expect(registry.census.surplus == 0)
    }
}
