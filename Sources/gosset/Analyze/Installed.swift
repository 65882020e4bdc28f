import Foundation

/// Files that `scripts/bootstrap` makes, or that are installed beside the program.
enum Installed {
    /// The first of some paths that is there, looked for in every folder above the program.
    static func file(_ paths: [String]) -> String? {
        var folder = URL(filePath: (try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")) ?? "/")
        while folder.path != "/" {
            folder.deleteLastPathComponent()
            for path in paths.map({ folder.appending(path: $0).path }) where FileManager.default.fileExists(atPath: path) { return path }
        }
        return nil
    }
}
