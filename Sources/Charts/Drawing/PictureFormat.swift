import Foundation

/// How a picture is stored.
package enum PictureFormat: String, Hashable, Sendable, CaseIterable {
    case svg, png

    /// Whether bytes begin as such a picture does.
    func begins(_ bytes: Data) -> Bool {
        switch self {
        case .svg: bytes.starts(with: Data("<svg".utf8))
        case .png: bytes.starts(with: [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A])
        }
    }
}
