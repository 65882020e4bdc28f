import Foundation

// A directory that goes when nobody holds it any more.
final class TemporaryDirectory: Sendable {
    let path: String
    private let undoing: Int

    init() throws {
        path = NSTemporaryDirectory().trimmingSuffix("/") + "/gosset-test-\(UUID().uuidString)"
        undoing = Guardian.shared.remember("rm -rf '\(path)'")
        try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
    }

    deinit {
        try? FileManager.default.removeItem(atPath: path)
        Guardian.shared.forget(undoing)
    }

    // The text of a file in it; empty if there is none.
    func text(of name: String) -> String {
        FileManager.default.contents(atPath: "\(path)/\(name)").map { String(decoding: $0, as: UTF8.self) } ?? ""
    }
}

extension String {
    func trimmingSuffix(_ suffix: String) -> String { hasSuffix(suffix) ? String(dropLast(suffix.count)) : self }
}
