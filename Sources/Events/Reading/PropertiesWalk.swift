/// What is found on the one walk over the properties of an event, which are kept as the text that they are.
struct PropertiesWalk {
    /// The levels of objects and arrays that there may be.
    let depth: Int
    /// The members that there may be in all; names beyond them are compared with nothing, so that the work does not grow with their square.
    let most: Int

    /// The members of all objects together.
    private(set) var members = 0
    /// Where the first object or array begins that is a level too deep.
    private(set) var tooDeep: Int?
    /// The members that their object has before, and where they are again.
    private(set) var repeated: [(name: String, offset: Int)] = []
    /// The names of the open objects' members so far, those of the innermost last.
    private var names: [String] = []

    /// Deeper nesting than is allowed is walked over, so that the other faults can be told as well, but only as far as the stack surely bears.
    private static let safeDepth = 64

    init(_ limits: EventLimits) { (depth, most) = (limits.depth, limits.members) }

    /// Walks over a value at a level, from 1.
    mutating func walk(_ cursor: inout JSONCursor, level: Int = 1) throws(JSONCursor.Flaw) {
        let kind = cursor.kind()
        guard kind == .object || kind == .array else { return try cursor.skip(depth: 0) }
        guard level <= PropertiesWalk.safeDepth else { throw cursor.flaw("objects and arrays are nested too deeply") }
        if level > depth, tooDeep == nil { tooDeep = cursor.offset }
        guard kind == .object else {
            return try cursor.array { cursor throws(JSONCursor.Flaw) in try walk(&cursor, level: level + 1) }
        }
        let first = names.count
        try cursor.object { cursor, name, place throws(JSONCursor.Flaw) in
            add(name, place, since: first)
            try walk(&cursor, level: level + 1)
        }
        names.removeLast(names.count - first)
    }

    private mutating func add(_ name: String, _ place: Int, since first: Int) {
        members += 1
        guard members <= most else { return }
        // Two names are the same if their bytes are, as they are to whoever reads the properties later.
        for other in names[first...] where other == name && other.utf8.elementsEqual(name.utf8) {
            return repeated.append((name, place))
        }
        names.append(name)
    }
}
