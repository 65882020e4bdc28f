internal import Glibc

/// Memory for tables that are read here and there: in pages of two megabytes, if the system has them.
///
/// A table of a million customers takes thousands of small pages, more than the processor remembers the places of; looking a page's place up
/// costs more than reading from it.
enum LargeMemory {
    private static let pageBytes = 2 << 20

    /// Memory of zeros, to be given back by `deallocate()`.
    static func zeros<Element: BitwiseCopyable>(_ count: Int, of type: Element.Type, _ zero: Element) -> UnsafeMutablePointer<Element> {
        let bytes = max(1, count) * MemoryLayout<Element>.stride
        let alignment = bytes >= pageBytes ? pageBytes : 64
        let raw = UnsafeMutableRawPointer.allocate(byteCount: bytes, alignment: alignment)
        // Only advice: without large pages it is slower, nothing else.
        if bytes >= pageBytes { madvise(raw, bytes, MADV_HUGEPAGE) }
        let memory = raw.bindMemory(to: type, capacity: count)
        memory.initialize(repeating: zero, count: count)
        return memory
    }
}
