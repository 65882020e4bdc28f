internal import Foundation

/// A directory for the files of a test; removed when nobody holds it any more.
package final class ScratchDirectory: Sendable {
    package let path: String

    package init() throws {
        path = NSTemporaryDirectory() + "/gosset-scratch-\(UUID().uuidString)"
        try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
    }

    deinit { try? FileManager.default.removeItem(atPath: path) }

    /// The path of a file in it.
    package func file(_ name: String) -> String { path + "/" + name }
}
