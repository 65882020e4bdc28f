import Experiments
import Foundation
import Glibc

/// The files of a plan as they are now: by their names, sizes and times.
struct FileWatch: Hashable {
    private let files: [String: String]

    init(_ plan: Plan, folder: String) {
        var files: [String: String] = [:]
        for name in plan.sources.flatMap(\.files).map(\.text) where !name.hasPrefix("http") {
            for path in FileWatch.matches(name.hasPrefix("/") ? name : folder + "/" + name) {
                var status = stat()
                guard stat(path, &status) == 0 else { continue }
                files[path] = "\(status.st_size) \(status.st_mtim.tv_sec).\(status.st_mtim.tv_nsec) \(status.st_ino)"
            }
        }
        self.files = files
    }

    /// What came, went or changed since an earlier look.
    func news(since old: FileWatch) -> [String] {
        Set(files.keys).union(old.files.keys).sorted().compactMap { path in
            switch (old.files[path], files[path]) {
            case (nil, .some): "\(path) came"
            case (.some, nil): "\(path) is gone"
            case (let before, let now): before == now ? nil : "\(path) changed"
            }
        }
    }

    private static func matches(_ pattern: String) -> [String] {
        var found = glob_t()
        defer { globfree(&found) }
        guard glob(pattern, 0, nil, &found) == 0 else { return [] }
        return (0..<Int(found.gl_pathc)).compactMap { found.gl_pathv[$0].map { String(cString: $0) } }
    }
}
