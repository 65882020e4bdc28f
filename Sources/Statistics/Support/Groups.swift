/// Groups of raw values, as arrays or one after the other in a column; an error names the group by its place.
enum Groups {
    /// What is made of a group's values; the second argument is the group's name.
    typealias Body<Result> = (Span<Double>, String) throws(StatisticsError) -> Result

    static func map<Result>(_ groups: [[Double]], _ body: Body<Result>) throws(StatisticsError) -> [Result] {
        try require(groups.count)
        var results: [Result] = []
        for (index, group) in groups.enumerated() { results.append(try body(group.span, "groups[\(index)]")) }
        return results
    }

    static func map<Result>(_ values: Span<Double>, sizes: [Int], _ body: Body<Result>) throws(StatisticsError) -> [Result] {
        try require(sizes.count)
        var results: [Result] = []
        var start = 0
        for (index, size) in sizes.enumerated() {
            try Require.nonNegative(size, "sizes[\(index)]")
            guard size <= values.count - start else {
                throw .countMismatch(argument: "values", count: values.count, expected: start + size)
            }
            results.append(try body(values.extracting(start..<(start + size)), "groups[\(index)]"))
            start += size
        }
        guard start == values.count else { throw .countMismatch(argument: "values", count: values.count, expected: start) }
        return results
    }

    static func require(_ count: Int) throws(StatisticsError) {
        guard count >= 2 else { throw .tooFew(argument: "groups", count: count, needed: 2) }
    }

    /// Groups as summaries.
    static func summary(atLeast needed: Int) -> Body<Summary> {
        { (values, name) throws(StatisticsError) in try Summary(values, argument: name, atLeast: needed) }
    }
}
