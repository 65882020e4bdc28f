package import Experiments

/// Files that people have sent to have them compared: a value, told the time.
///
/// They are here and nowhere else: no file is ever written. Each is its owner's alone, and goes when nobody has asked for it for a while,
/// when its owner sends many others, or when there is no room.
package struct UploadShelf: Sendable {
    /// A file as it was sent.
    package struct Upload: Sendable {
        package let id: String
        package let owner: String
        /// What it was called where it came from; shown, never opened.
        package let name: String
        package let bytes: [UInt8]
        fileprivate var used: Timestamp
    }

    /// How long a file is kept after it was last asked for.
    package static let seconds = 30 * 60
    /// The files that one person may have here.
    package static let perOwner = 3
    /// Bytes of all files together.
    package static let capacity = 128 << 20

    /// The one that was asked for last comes last.
    package private(set) var uploads: [Upload] = []

    package init() {}

    /// Takes a file in, and lets go of those that must give way.
    package mutating func add(_ bytes: [UInt8], name: String, owner: String, id: String, now: Timestamp) {
        sweep(now)
        uploads.append(Upload(id: id, owner: owner, name: name, bytes: bytes, used: now))
        var own = uploads.count { $0.owner == owner }
        while own > UploadShelf.perOwner, let oldest = uploads.firstIndex(where: { $0.owner == owner }) {
            uploads.remove(at: oldest)
            own -= 1
        }
        while uploads.count > 1, uploads.reduce(0, { $0 + $1.bytes.count }) > UploadShelf.capacity { uploads.removeFirst() }
    }

    /// A file for its owner; nil for anybody else, and when it is gone.
    package mutating func find(_ id: String, owner: String, now: Timestamp) -> Upload? {
        sweep(now)
        guard let place = uploads.firstIndex(where: { $0.id == id && $0.owner == owner }) else { return nil }
        var upload = uploads.remove(at: place)
        upload.used = now
        uploads.append(upload)
        return upload
    }

    /// Lets go of a file, if it is the owner's.
    package mutating func remove(_ id: String, owner: String) { uploads.removeAll { $0.id == id && $0.owner == owner } }

    /// Lets go of what nobody has asked for in time.
    package mutating func sweep(_ now: Timestamp) {
        uploads.removeAll { now.milliseconds - $0.used.milliseconds >= Int64(UploadShelf.seconds) * 1000 }
    }
}
