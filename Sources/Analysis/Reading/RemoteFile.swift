import Foundation
internal import HTTPClient

/// A file that was fetched over HTTP, for as long as somebody needs it.
final class RemoteFile: Sendable {
    /// Where it lies now.
    let path: String
    private let folder: String

    /// Fetches a file into a folder of its own, under its own name, by which its format is told.
    init(_ address: String) async throws(AnalysisError) {
        guard let url = URL(string: address) else { throw .data("'\(address)' is no address of a file") }
        folder = FileManager.default.temporaryDirectory.appending(path: "gosset-\(UUID().uuidString)").path
        let name = url.lastPathComponent.isEmpty || url.lastPathComponent == "/" ? "file.csv" : url.lastPathComponent
        path = folder + "/" + name
        do {
            try FileManager.default.createDirectory(
                atPath: folder, withIntermediateDirectories: false, attributes: [.posixPermissions: 0o700])
            let status = try await HTTPClient(connections: 1).download(url.absoluteString, to: path).status
            guard status == 200 else { throw AnalysisError.data("\(address) answers with the status \(status)") }
        } catch let error as AnalysisError {
            try? FileManager.default.removeItem(atPath: folder)
            throw error
        } catch {
            try? FileManager.default.removeItem(atPath: folder)
            throw .data("\(address) cannot be fetched: \((error as? HTTPFailure)?.description ?? error.localizedDescription)")
        }
    }

    deinit { try? FileManager.default.removeItem(atPath: folder) }

    /// Whether a plan's file is one to be fetched.
    static func isRemote(_ name: String) -> Bool { name.hasPrefix("http://") || name.hasPrefix("https://") }
}
