/// All that a test is judged by: the groups' mean signals and their covariances.
///
/// Some four hundred bytes, whatever the groups' sizes.
package struct TestSummary: Sendable {
    /// Tells tests apart, whatever the order of their ids.
    package let fingerprint: UInt64
    /// Mean signals of the groups.
    let a1: [Double]
    let a2: [Double]
    let a: [Double]
    let b: [Double]
    /// Covariances of the means, row by row.
    let varianceOfA: [Double]
    let varianceOfB: [Double]

    /// Customers by which a group's covariances lean on the shop's: a group of three says little of its own.
    private static let borrowed = 100.0

    init(_ membership: Membership, shop covariance: [Double]) {
        fingerprint = membership.fingerprint
        var both = membership.groups[0]
        both.add(membership.groups[1])
        a1 = membership.groups[0].means
        a2 = membership.groups[1].means
        a = both.means
        b = membership.groups[2].means
        varianceOfA = TestSummary.variance(both, covariance)
        varianceOfB = TestSummary.variance(membership.groups[2], covariance)
    }

    private static func variance(_ group: GroupMoments, _ shop: [Double]) -> [Double] {
        let own = Double(max(0, group.count - 1))
        return zip(group.covariance, shop).map { (own * $0 + borrowed * $1) / (own + borrowed) / Double(max(1, group.count)) }
    }
}
