import EffectCheck
import Testing

@Suite struct TestScannerTests {
    private static let wanted = EffectTest(a1: [1, 2], a2: [3], b: [-4, 500_000_000_000])

    private static let forms = [
        #"{"test":{"group_a_one":[1,2],"group_a_two":[3],"group_b":[-4,500000000000]}}"#,
        #"{"group_a_one":[1,2],"group_a_two":[3],"group_b":[-4,500000000000]}"#,
        " {\n\"group_b\" : [ -4 ,\t500000000000 ] , \"group_a_two\":[3], \"note\":{\"a\":[1,{\"b\":\"]\"}]}, \"group_a_one\":[1, 2]}\r\n",
        #"{"label":1,"test":{"group_a_one":[1,2],"x":null,"group_a_two":[3],"group_b":[-4,500000000000]},"y":-1.5e3}"#,
        #""{\"test\":{\"group_a_one\":[1,2],\"group_a_two\":[3],\"group_b\":[-4,500000000000]}}""#,
        #""{\"group_a_one\":[1,2],\n\"group_a_two\":[3],\"group_\u0062\":[-4,500000000000]}""#,
        #""\"{\\\"group_a_one\\\":[1,2],\\\"group_a_two\\\":[3],\\\"group_b\\\":[-4,500000000000]}\"""#,
    ]

    @Test(arguments: forms) func `a test is read in every form that clients send`(_ text: String) throws {
        #expect(try TestScanner.read(Array(text.utf8)) == TestScannerTests.wanted)
    }

    @Test(arguments: [
        ("", "$ (line 1, column 1)"),
        ("[]", "$ (line 1, column 1)"),
        ("{}", "$"),
        (#"{"test":{"group_a_one":[1]}}"#, "$"),
        (#"{"group_a_one":[1,2.5],"group_a_two":[3],"group_b":[4]}"#, "$.group_a_one[1] (line 1, column 20)"),
        (#"{"group_a_one":[1,"2"],"group_a_two":[3],"group_b":[4]}"#, "$.group_a_one[1] (line 1, column 19)"),
        (#"{"group_a_one":[1,true],"group_a_two":[3],"group_b":[4]}"#, "$.group_a_one[1] (line 1, column 19)"),
        ("{\"test\":{\"group_a_one\":[1],\n\"group_b\":[4,\n]}}", "$.test.group_b[1] (line 3, column 1)"),
        (#"{"group_a_one":[01],"group_a_two":[3],"group_b":[4]}"#, "$.group_a_one[0] (line 1, column 17)"),
        (#"{"group_a_one":[1e3],"group_a_two":[3],"group_b":[4]}"#, "$.group_a_one[0] (line 1, column 18)"),
        (#"{"group_a_one":[12345678901234567890],"group_a_two":[3],"group_b":[4]}"#, "$.group_a_one[0] (line 1, column 17)"),
        (#"{"group_a_one":5,"group_a_two":[3],"group_b":[4]}"#, "$.group_a_one (line 1, column 16)"),
        (#"{"group_a_one":[1],"group_a_one":[1],"group_a_two":[3],"group_b":[4]}"#, "$.group_a_one (line 1, column 34)"),
        (#"{"group_a_one":[1],"group_a_two":[3],"group_b":[4]} x"#, "$ (line 1, column 53)"),
        (#"{"group_a_one":[1],"group_a_two":[3],"group_b":[4]"#, "$ (line 1, column 51)"),
        (#"{"test":{"test":{"group_a_one":[1],"group_a_two":[3],"group_b":[4]}}}"#, "$"),
    ]) func `what cannot be read is told with its place`(_ text: String, place: String) {
        let error = #expect(throws: EffectTestError.self) { try TestScanner.read(Array(text.utf8)) }
        guard case .malformed(let found, _) = error else {
            Issue.record("\(text): \(String(describing: error))")
            return
        }
        #expect(found == place, "\(text)")
    }

    @Test(arguments: ["group_a_one", "group_a_two", "group_b"]) func `an empty group is told by name`(_ group: String) {
        let members = ["group_a_one", "group_a_two", "group_b"].map { "\"\($0)\":[\($0 == group ? "" : "1")]" }
        let emptied = "{" + members.joined(separator: ",") + "}"
        #expect(throws: EffectTestError.emptyGroup(group)) { try TestScanner.read(Array(emptied.utf8)) }
    }

    @Test func `ids of every length are read, at any place before the end`() throws {
        let ids = (1...18).flatMap { length in
            ["1", "9", "5"].map { Int($0 + String(repeating: $0 == "1" ? "0" : $0, count: length - 1)) ?? 0 }
        }
        for pad in 0..<9 {
            let list = (ids + ids.reversed()).map(String.init).joined(separator: ",")
            let text = "{\"group_a_one\":[\(list)],\"group_a_two\":[7],\"group_b\":[\(list)]" + String(repeating: " ", count: pad) + "}"
            let test = try TestScanner.read(Array(text.utf8))
            #expect(test.a1 == ids + ids.reversed() && test.b == test.a1)
        }
        #expect(try TestScanner.read(Array("{\"group_a_one\":[0,0,1],\"group_a_two\":[7,8],\"group_b\":[9]}".utf8)).a1 == [0, 0, 1])
    }

    @Test func `whatever else stands behind a digit or in front of it is refused`() {
        for byte in UInt8.min...UInt8.max where !" \t\r\n,-0123456789".utf8.contains(byte) {
            for text in [[0x31, byte, 0x2C], [byte, 0x31, 0x2C], [0x31, 0x32, 0x33, byte, 0x34, 0x2C]] as [[UInt8]] {
                let body = Array("{\"group_a_one\":[".utf8) + text + Array("5,6,7,8,9],\"group_a_two\":[7],\"group_b\":[9]}".utf8)
                // A closing bracket ends the list, and then the rest makes no sense.
                #expect(throws: EffectTestError.self, "byte \(byte)") { try TestScanner.read(body) }
            }
        }
    }

    @Test func `nesting of any depth in other keys exhausts nothing`() throws {
        let deep = String(repeating: "[", count: 200_000) + String(repeating: "]", count: 200_000)
        let text = "{\"x\":\(deep),\"group_a_one\":[1],\"group_a_two\":[3],\"group_b\":[4]}"
        #expect(try TestScanner.read(Array(text.utf8)).b == [4])
    }
}
