internal import Glibc
internal import Synchronization

/// What arrives of an answer, and whether it is still wanted.
///
/// `@unchecked Sendable`: what arrives is written by the one thread that waits for it, and read by it afterwards; whether it is called off is
/// atomic.
final class Reception: @unchecked Sendable {
    private(set) var headers: [(name: String, value: String)] = []
    private(set) var body: [UInt8] = []
    /// Why what arrived was not taken.
    private(set) var refusal: HTTPFailure.Cause?
    /// Where the body goes instead of into memory.
    private let file: Int32?
    private let mostBytes: Int
    private let calledOff = Atomic(false)

    init(mostBytes: Int) { (file, self.mostBytes) = (nil, mostBytes) }

    /// Writes the body into a file, as much as there is.
    init(into file: Int32) { (self.file, mostBytes) = (file, .max) }

    var isDownload: Bool { file != nil }

    static func from(_ context: UnsafeMutableRawPointer?) -> Reception {
        guard let context else { preconditionFailure("a request has a reception") }
        return Unmanaged<Reception>.fromOpaque(context).takeUnretainedValue()
    }

    var isCalledOff: Bool { calledOff.load(ordering: .relaxed) }

    /// The request ends within a second.
    func callOff() { calledOff.store(true, ordering: .relaxed) }

    /// False if there is more than may be, or if it cannot be written.
    func takeBody(_ bytes: UnsafeRawBufferPointer) -> Bool {
        if let file {
            if !Reception.write(bytes, to: file) { refusal = .unwritable }
            return refusal == nil
        }
        guard body.count + bytes.count <= mostBytes else {
            refusal = .tooLarge
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

    private static func write(_ bytes: UnsafeRawBufferPointer, to file: Int32) -> Bool {
        var rest = bytes[...]
        while !rest.isEmpty {
            let count = Glibc.write(file, UnsafeRawBufferPointer(rebasing: rest).baseAddress, rest.count)
            if count < 0, errno == EINTR { continue }
            guard count > 0 else { return false }
            rest = rest.dropFirst(count)
        }
        return true
    }

    private static func trimmed(_ text: Substring) -> String {
        var text = text
        while let first = text.first, first.isWhitespace { text.removeFirst() }
        while let last = text.last, last.isWhitespace { text.removeLast() }
        return String(text)
    }
}
