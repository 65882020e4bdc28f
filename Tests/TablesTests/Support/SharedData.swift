import Foundation

// Real data that lies beside the package in some places: `GOSSET_ORACLES/../data`, or `../shared/data`; nil where it is not.
func sharedData(_ path: String) -> String? {
    let package = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "../../..").standardized
    let oracles = ProcessInfo.processInfo.environment["GOSSET_ORACLES"].map { URL(filePath: $0).appending(path: "../data") }
    let candidates = [oracles] + ["../shared/data", "../../shared/data"].map { package.appending(path: $0) }
    return candidates.compactMap { $0?.standardized.appending(path: path).path }.first { FileManager.default.fileExists(atPath: $0) }
}

extension [UInt8] {
    init(text: String) { self = Array(text.utf8) }
}
