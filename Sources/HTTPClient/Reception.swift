internal import Synchronization

/// What arrives of an answer, and whether it is still wanted.
///
/// `@unchecked Sendable`: what arrives is written by the one thread that waits for it, and read by it afterwards; whether it is called off is
/// atomic.
final class Reception: @unchecked Sendable {
    private(set) var headers: [(name: String, value: String)] = []
    private(set) var body: [UInt8] = []
    private(set) var isTooLarge = false
    private let mostBytes: Int
    private let calledOff = Atomic(false)

    init(mostBytes: Int) { self.mostBytes = mostBytes }

    static func from(_ context: UnsafeMutableRawPointer?) -> Reception {
        guard let context else { preconditionFailure("a request has a reception") }
        return Unmanaged<Reception>.fromOpaque(context).takeUnretainedValue()
    }

    var isCalledOff: Bool { calledOff.load(ordering: .relaxed) }

    /// The request ends within a second.
    func callOff() { calledOff.store(true, ordering: .relaxed) }

    /// False if there is more than may be.
    func takeBody(_ bytes: UnsafeRawBufferPointer) -> Bool {
        guard body.count + bytes.count <= mostBytes else {
            isTooLarge = true
            return false
        }
        body.append(contentsOf: bytes)
        return true
    }

    func takeHeader(_ bytes: UnsafeRawBufferPointer) {
        let line = String(decoding: bytes, as: UTF8.self)
        // An interim answer (100) has headers of its own.
        if line.hasPrefix("HTTP/") { return headers.removeAll() }
        guard let colon = line.firstIndex(of: ":") else { return }
        headers.append((String(line[..<colon]), Reception.trimmed(line[line.index(after: colon)...])))
    }

    private static func trimmed(_ text: Substring) -> String {
        var text = text
        while let first = text.first, first.isWhitespace { text.removeFirst() }
        while let last = text.last, last.isWhitespace { text.removeLast() }
        return String(text)
    }
}
