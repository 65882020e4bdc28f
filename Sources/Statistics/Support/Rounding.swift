/// What computing in doubles leaves where nothing should be left: it is no variation, and no difference is measured by it.
enum Rounding {
    /// Whether deviations of values of this size are no larger than their own last digits: some units in the last place each.
    static func explains(_ squares: Double, of count: Int, upTo size: Double) -> Bool {
        let each = 8 * Double.ulpOfOne * abs(size)
        return squares <= Double(count) * each * each
    }

    /// Whether a sum of squares is no larger than what subtracting sums of squares of that size leaves.
    static func explains(_ squares: Double, leftOf whole: Double) -> Bool { squares <= 1e-14 * whole }
}
