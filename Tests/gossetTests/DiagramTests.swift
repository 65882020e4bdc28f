import Foundation
import Testing

// The diagrams of the documentation are drawn from their texts.
@Suite struct DiagramTests {
    private static let root = DocumentationTests.root.path

    private func draw(_ arguments: String...) async throws -> (ending: Ending, errors: String) {
        let program = try Program(["/usr/bin/env", "python3", DiagramTests.root + "/scripts/diagrams"] + arguments)
        return (try await program.end(within: 60), program.errors)
    }

    @Test func `Every drawing is that of its text`() async throws {
        let checked = try await draw("--check")
        #expect(checked.ending == .exited(0), "\(checked.errors)")
    }

    @Test func `A text that was changed, or is none, is told`() async throws {
        let directory = try TemporaryDirectory()
        let path = directory.path + "/small.mmd"
        let text = "flowchart TD\nsubgraph One\na[First & <last>]\nend\nsubgraph Two\nb[Second]\nend\na -->|then| b\n"
        try text.write(toFile: path, atomically: true, encoding: .utf8)
        #expect(try await draw("--check", directory.path).errors.contains("small.svg"))
        #expect(try await draw(directory.path).ending == .exited(0))
        #expect(try await draw("--check", directory.path).ending == .exited(0))
        let drawing = try String(contentsOfFile: directory.path + "/small.svg", encoding: .utf8)
        #expect(drawing.contains("First &amp; &lt;last&gt;") && drawing.contains(">then</tspan>"))
        try text.replacing("Second", with: "Third").write(toFile: path, atomically: true, encoding: .utf8)
        #expect(try await draw("--check", directory.path).ending == .exited(1))
        try (text + "a --> c\n").write(toFile: path, atomically: true, encoding: .utf8)
        #expect(try await draw(directory.path).errors.contains("small.mmd:9: expected"))
        try (text + "b --> a\n").write(toFile: path, atomically: true, encoding: .utf8)
        #expect(try await draw(directory.path).errors.contains("in a circle"))
    }
}
