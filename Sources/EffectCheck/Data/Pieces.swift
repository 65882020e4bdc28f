internal import Synchronization

/// A file in pieces that workers take one by one.
///
/// A piece has the rows that begin in it; the last of them is read to its end.
struct Pieces {
    let file: RandomAccessFile
    /// Where the first row begins.
    let start: Int

    /// How many pieces there are.
    var count: Int { max(1, (file.size - start + Pieces.bytes - 1) / Pieces.bytes) }

    /// Does the work for each piece.
    ///
    /// - Parameter work: is given the piece's number, the worker's, its bytes (followed by a zero) and how many of them rows may begin in.
    func forEach(
        onlyOne: Bool = false, cancelled: () -> Bool,
        _ work: (_ piece: Int, _ worker: Int, _ bytes: UnsafeBufferPointer<UInt8>, _ end: Int) -> Void
    ) throws(ShopDataError) {
        let next = Atomic(0)
        let failure = Mutex<ShopDataError?>(nil)
        func loop(_ worker: Int) {
            let room = UnsafeMutableRawPointer.allocate(byteCount: Pieces.bytes + Pieces.longestRow + 2, alignment: 64)
            defer { room.deallocate() }
            while true {
                let piece = next.add(1, ordering: .relaxed).oldValue
                guard piece < count, failure.withLock({ $0 == nil }) else { return }
                do throws(ShopDataError) {
                    if cancelled() { throw .cancelled }
                    let (bytes, end) = try read(piece, into: room)
                    work(piece, worker, bytes, end)
                } catch {
                    failure.withLock { $0 = $0 ?? error }
                }
            }
        }
        if onlyOne { loop(0) } else { Workers.run(loop) }
        if let failure = failure.withLock({ $0 }) { throw failure }
    }

    /// The bytes of a piece from its first row on, and how many of them its rows begin in.
    private func read(_ piece: Int, into room: UnsafeMutableRawPointer) throws(ShopDataError) -> (UnsafeBufferPointer<UInt8>, Int) {
        // One byte before, to see whether a row begins at the very first.
        let from = start + piece * Pieces.bytes - (piece == 0 ? 0 : 1)
        let whole = start + (piece + 1) * Pieces.bytes - from
        let count = try file.read(into: UnsafeMutableRawBufferPointer(start: room, count: whole + Pieces.longestRow), at: from)
        let bytes = room.bindMemory(to: UInt8.self, capacity: count + 1)
        bytes[count] = 0
        var skipped = 0
        if piece > 0 {
            while skipped < count, bytes[skipped] != UInt8(ascii: "\n") { skipped += 1 }
            skipped += 1
        }
        guard skipped < count else { return (UnsafeBufferPointer(start: bytes, count: 0), 0) }
        return (UnsafeBufferPointer(start: bytes + skipped, count: count - skipped), max(0, min(count, whole) - skipped))
    }

    private static let bytes = 4 << 20
    /// A longer row is cut, and then most likely malformed.
    private static let longestRow = 1 << 16
}
