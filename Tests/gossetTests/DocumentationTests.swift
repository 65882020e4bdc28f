import Foundation
import Testing

// Everything that the README and the documentation tell people to type is typed here, and must print what they say.
//
// A block fenced as `sh` is run, all blocks of a document in one shell, against a server with an empty registry. A block fenced as `json`
// or `text` right after it is what it must print, with `…` for anything. Lines that run `make` only have to name a target.
@Suite(.serialized) struct DocumentationTests {
    static let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()

    static let documents: [String] = {
        let guides = (try? FileManager.default.contentsOfDirectory(atPath: root.appending(path: "Documentation").path)) ?? []
        return ["README.md", "Examples/cinema/README.md"] + guides.filter { $0.hasSuffix(".md") }.sorted().map { "Documentation/" + $0 }
    }()

    struct Block {
        let language: String
        let text: String
        let isRightAfterLast: Bool
    }

    static func blocks(of document: String) throws -> [Block] {
        var blocks: [Block] = []
        var open: (language: String, lines: [Substring])?
        var linesSince = 1
        let text = try String(contentsOf: root.appending(path: document), encoding: .utf8)
        for line in text.split(separator: "\n", omittingEmptySubsequences: false) {
            if line.hasPrefix("```") {
                if let block = open {
                    let text = block.lines.joined(separator: "\n")
                    blocks.append(Block(language: block.language, text: text, isRightAfterLast: linesSince == 0))
                    open = nil
                    linesSince = 0
                } else {
                    open = (String(line.dropFirst(3)), [])
                }
            } else if open != nil {
                open?.lines.append(line)
            } else {
                linesSince += 1
            }
        }
        return blocks
    }

    @Test func `Every document is among those that are tried`() {
        #expect(DocumentationTests.documents.count >= 4)
    }

    @Test(arguments: documents)
    func `What a document says to type prints what it says`(_ document: String) async throws {
        let blocks = try DocumentationTests.blocks(of: document)
        guard blocks.contains(where: { $0.language == "sh" }) else { return }
        let directory = try TemporaryDirectory()
        let server = try await GossetProcess(data: directory.path + "/data")
        // Commands are typed as `gosset`, in a directory where the examples are.
        let programs = URL(fileURLWithPath: GossetProcess.path).deletingLastPathComponent().path
        try FileManager.default.createSymbolicLink(
            atPath: directory.path + "/Examples", withDestinationPath: DocumentationTests.root.appending(path: "Examples").path)
        var preamble = "set -eu\nexport PATH='\(programs)':\"$PATH\"\n"
        for (index, block) in blocks.enumerated() where block.language == "sh" {
            if block.text.hasPrefix("make ") {
                let made = try await run("make -n \(block.text.dropFirst(5))", in: DocumentationTests.root.path)
                #expect(made.ending == .exited(0), "\(document): \(block.text)\n\(made.errors)")
                continue
            }
            let commands = block.text
                .replacing("http://127.0.0.1:8080", with: "http://127.0.0.1:\(server.port)")
                .replacing("TOKEN=gosset_…", with: "TOKEN=\(server.adminToken)")
            if !preamble.contains("TOKEN="), !commands.contains("TOKEN=") { preamble += "export TOKEN=\(server.adminToken)\n" }
            let result = try await run(preamble + commands, in: directory.path)
            #expect(result.ending == .exited(0), "\(document): \(block.text)\n\(result.errors)")
            if index + 1 < blocks.count, blocks[index + 1].language != "sh", blocks[index + 1].isRightAfterLast {
                let expected = blocks[index + 1].text
                #expect(DocumentationTests.matches(result.output, expected), "\(document) says:\n\(expected)\nbut it is:\n\(result.output)")
            }
        }
        try await server.stop()
    }

    // Whether a text is what a document shows, `…` standing for anything.
    static func matches(_ text: String, _ shown: String) -> Bool {
        let pieces = shown.trimmingCharacters(in: .newlines).components(separatedBy: "…")
        var rest = Substring(text.trimmingCharacters(in: .newlines))
        for (index, piece) in pieces.enumerated() {
            if index == 0 {
                guard rest.hasPrefix(piece) else { return false }
                rest = rest.dropFirst(piece.count)
            } else if index == pieces.count - 1 {
                return rest.hasSuffix(piece)
            } else {
                guard let range = rest.range(of: piece) else { return false }
                rest = rest[range.upperBound...]
            }
        }
        return rest.isEmpty
    }

    @Test func `An ellipsis stands for anything, and nothing else does`() {
        #expect(DocumentationTests.matches("{\"a\":1,\"b\":2}\n", "{\"a\":…,\"b\":2}"))
        #expect(!DocumentationTests.matches("{\"a\":1,\"b\":3}", "{\"a\":…,\"b\":2}"))
        #expect(!DocumentationTests.matches("{\"a\":1} ", "{\"a\":1}"))
    }

    // Links between documents, and into the tree, lead somewhere.
    @Test(arguments: documents)
    func `Every link of a document leads somewhere`(_ document: String) throws {
        let file = DocumentationTests.root.appending(path: document)
        let text = try String(contentsOf: file, encoding: .utf8)
        for match in text.matches(of: /\]\(([^)#]+)\)/) where !match.1.hasPrefix("http") {
            let target = file.deletingLastPathComponent().appending(path: String(match.1))
            #expect(FileManager.default.fileExists(atPath: target.path), "\(document): \(match.1)")
        }
    }

    private func run(_ script: String, in directory: String) async throws -> (ending: Ending, output: String, errors: String) {
        let program = try Program(["/usr/bin/env", "-C", directory, "bash", "-c", script])
        let ending = try await program.end(within: 120)
        return (ending, program.output, program.errors)
    }
}
