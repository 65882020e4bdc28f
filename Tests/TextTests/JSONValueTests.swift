import Testing
import Text

@Suite struct JSONValueTests {
    @Test func `Members keep their order and strings are escaped`() {
        let value: JSONValue = ["b": 1, "a": [true, nil, 0.5, "x\"\\\n\u{1}"], "c": [:]]
        #expect(value.description == #"{"b":1,"a":[true,null,0.5,"x\"\\\n\u0001"],"c":{}}"#)
    }

    @Test func `It may stand inside a script element`() {
        let value: JSONValue = "</script><!-- &"
        #expect(value.description == #""\u003c/script\u003e\u003c!-- \u0026""#)
    }

    @Test func `Numbers that JSON lacks are null`() {
        #expect(JSONValue.array([.number(.nan), .number(.infinity), .number(1e300)]).description == "[null,null,1e+300]")
    }
}
