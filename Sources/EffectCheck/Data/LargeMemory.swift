internal import Glibc

/// Memory for tables that are read here and there: in pages of two megabytes, if the system has them.
///
/// A table of a million customers takes thousands of small pages, more than the processor remembers the places of; looking a page's place up
/// costs more than reading from it.
enum LargeMemory {
    private static let pageBytes = 2 << 20

    /// Memory of zeros, to be given back by `deallocate()`.
    static func zeros<Element: BitwiseCopyable>(_ count: Int, of type: Element.Type, _ zero: Element) -> UnsafeMutablePointer<Element> {
        let needed = max(1, count) * MemoryLayout<Element>.stride
        let isLarge = needed >= pageBytes / 2
        let bytes = isLarge ? (needed + pageBytes - 1) / pageBytes * pageBytes : needed
        let raw = UnsafeMutableRawPointer.allocate(byteCount: bytes, alignment: isLarge ? pageBytes : 64)
        // Only advice: without large pages it is slower, nothing else. Memory that was in use before has small pages: they are given back.
        if isLarge {
            madvise(raw, bytes, MADV_DONTNEED)
            madvise(raw, bytes, MADV_HUGEPAGE)
        }
        let memory = raw.bindMemory(to: type, capacity: count)
        memory.initialize(repeating: zero, count: count)
        return memory
    }
}
