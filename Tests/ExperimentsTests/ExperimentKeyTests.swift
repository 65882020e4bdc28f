import Experiments
import Foundation
import Testing

@Suite struct ExperimentKeyTests {
    @Test(arguments: ["a", "button_color", "A.b-9", "...", String(repeating: "x", count: 64)])
    func `a key of allowed characters is taken`(_ text: String) throws {
        #expect(try ExperimentKey(text).text == text)
    }

    @Test(arguments: ["", ".", "..", "a b", "a/b", "é", "a\n", String(repeating: "x", count: 65)])
    func `any other key is refused`(_ text: String) {
        #expect(throws: ExperimentError.invalidKey(text)) { try ExperimentKey(text) }
    }

    @Test func `what was accepted once is read again`() throws {
        #expect(try JSONDecoder().decode([ExperimentKey].self, from: Data(#"[".."]"#.utf8)).map(\.text) == [".."])
    }
}
