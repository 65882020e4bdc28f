import Console
import Experiments
import Testing

@Suite struct UploadShelfTests {
    private func at(_ seconds: Int64) -> Timestamp { Timestamp(milliseconds: 1_700_000_000_000 + seconds * 1000) }

    @Test func `A file is its owner's alone`() {
        var shelf = UploadShelf()
        shelf.add([1, 2], name: "a.csv", owner: "ann", id: "1", now: at(0))
        #expect(shelf.find("1", owner: "bob", now: at(1)) == nil)
        #expect(shelf.find("2", owner: "ann", now: at(1)) == nil)
        #expect(shelf.find("1", owner: "ann", now: at(1))?.bytes == [1, 2])
        shelf.remove("1", owner: "bob")
        #expect(shelf.uploads.count == 1)
        shelf.remove("1", owner: "ann")
        #expect(shelf.uploads.isEmpty)
    }

    @Test func `A file that nobody asks for is gone after half an hour`() {
        var shelf = UploadShelf()
        shelf.add([1], name: "a", owner: "ann", id: "1", now: at(0))
        #expect(shelf.find("1", owner: "ann", now: at(1799)) != nil)
        #expect(shelf.find("1", owner: "ann", now: at(1799 + 1799)) != nil, "it was used meanwhile")
        shelf.sweep(at(1799 * 2 + 1799))
        #expect(shelf.uploads.count == 1)
        shelf.sweep(at(1799 * 2 + 1800))
        #expect(shelf.uploads.isEmpty)
    }

    @Test func `Of more files than one may have, the one that was not used for longest gives way`() {
        var shelf = UploadShelf()
        shelf.add([0], name: "other", owner: "bob", id: "b", now: at(0))
        for number in 0..<3 { shelf.add([1], name: "a", owner: "ann", id: "\(number)", now: at(1)) }
        _ = shelf.find("0", owner: "ann", now: at(2))
        shelf.add([1], name: "a", owner: "ann", id: "3", now: at(3))
        #expect(shelf.uploads.map(\.id) == ["b", "2", "0", "3"])
    }

    @Test func `All files together have a limit`() {
        var shelf = UploadShelf()
        let large = [UInt8](repeating: 0, count: UploadShelf.capacity / 3)
        for number in 0..<5 { shelf.add(large, name: "a", owner: "owner-\(number)", id: "\(number)", now: at(0)) }
        #expect(shelf.uploads.map(\.id) == ["2", "3", "4"])
    }
}
