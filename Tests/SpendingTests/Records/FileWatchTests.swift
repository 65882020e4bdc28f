import Foundation
import Spending
import StandIns
import Testing

// Whether the scratch directory is on a file system that can be watched, as a disk's is.
private let canWatch: Bool = {
    guard let directory = try? ScratchDirectory() else { return false }
    let path = directory.file("a.db")
    return FileManager.default.createFile(atPath: path, contents: Data()) && FileWatch(path: path) != nil
}()

@Suite(.enabled(if: canWatch)) struct FileWatchTests {
    private let directory: ScratchDirectory
    private let path: String

    init() throws {
        directory = try ScratchDirectory()
        path = directory.file("shop.db")
        try Data("0".utf8).write(to: URL(fileURLWithPath: path))
    }

    // Written in place, as a database is.
    private func append(_ text: String, to path: String) throws {
        let file = try #require(fopen(path, "a"))
        fputs(text, file)
        fclose(file)
    }

    @Test func `it is quiet until something is written, and told at once`() throws {
        let watch = try #require(FileWatch(path: path))
        #expect(watch.renew())
        for _ in 0..<100 {
            #expect(watch.isQuiet)
            try append("1", to: path)
            #expect(!watch.isQuiet)
            #expect(watch.renew())
        }
    }

    @Test func `a log of commits is watched from when it is there`() throws {
        let watch = try #require(FileWatch(path: path))
        #expect(watch.renew())
        try append("1", to: path + "-wal")
        #expect(!watch.isQuiet)
        #expect(watch.renew())
        #expect(watch.isQuiet)
        try append("2", to: path + "-wal")
        #expect(!watch.isQuiet)
    }

    @Test func `another name of the file is the same file`() throws {
        let watch = try #require(FileWatch(path: path))
        let elsewhere = try ScratchDirectory()
        #expect(link(path, elsewhere.file("other.db")) == 0)
        #expect(watch.renew())
        try append("1", to: elsewhere.file("other.db"))
        #expect(!watch.isQuiet)
    }

    @Test func `a file that is put in its place is told, and watched then`() throws {
        let watch = try #require(FileWatch(path: path))
        #expect(watch.renew())
        try append("new", to: directory.file("new.db"))
        #expect(watch.renew())
        #expect(rename(directory.file("new.db"), path) == 0)
        #expect(!watch.isQuiet)
        #expect(watch.renew())
        try append("1", to: path)
        #expect(!watch.isQuiet)
    }

    @Test func `a directory that is put in the place of one above is told`() throws {
        let manager = FileManager.default
        try manager.createDirectory(atPath: directory.file("a/b"), withIntermediateDirectories: true)
        try append("1", to: directory.file("a/b/shop.db"))
        let watch = try #require(FileWatch(path: directory.file("a/b/shop.db")))
        #expect(watch.renew())
        #expect(rename(directory.file("a"), directory.file("old")) == 0)
        #expect(!watch.isQuiet)
        #expect(!watch.renew(), "there is no such file now")
    }

    @Test func `what is reached over a symbolic link is not watched`() throws {
        #expect(symlink(path, directory.file("link.db")) == 0)
        #expect(FileWatch(path: directory.file("link.db")) == nil)
        #expect(FileWatch(path: directory.file("nothing.db")) == nil)
        #expect(FileWatch(path: "/proc/version") == nil, "no device is behind it")
    }
}
