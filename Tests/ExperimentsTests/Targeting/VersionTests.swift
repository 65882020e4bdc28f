import Experiments
import Testing

@Suite struct VersionTests {
    @Test func `versions come in the order of their numbers, and before the release what was before it`() throws {
        let ordered = [
            "0.9", "1.0.0-alpha", "1.0.0-alpha.1", "1.0.0-alpha.beta", "1.0.0-beta.2", "1.0.0-beta.11", "1.0.0-rc.1", "1.0.0", "1.0.1",
            "1.2",
            "1.10", "2", "10.0", "2024.1.15",
        ]
        let versions = try ordered.map { try #require(Version($0)) }
        for (index, version) in versions.enumerated() {
            for (other, later) in versions.enumerated() {
                #expect((version < later) == (index < other), "\(ordered[index]) \(ordered[other])")
            }
        }
    }

    @Test func `trailing zeros, a v and a build say nothing`() {
        for text in ["4.2", "4.2.0", "v4.2", "4.2.0.0", "4.2+build.7"] { #expect(Version(text) == Version("4.2.0")) }
        #expect(Version("4.2.0-beta+7") == Version("4.2-beta"))
    }

    @Test(arguments: ["", "four", "4.", ".4", "4..2", "4,2", "-4", "4.2x", "99999999999999999999"]) func `other texts are no versions`(
        _ text: String
    ) {
        #expect(Version(text) == nil)
    }
}
