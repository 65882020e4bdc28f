import Foundation
import SeededRandom

/// Draws for simulations in tests.
typealias Generator = SeededGenerator

extension SeededGenerator {
    mutating func uniform() -> Double { (Double(next() >> 11) + 0.5) * 0x1p-53 }

    /// A standard normal deviate, by Box and Muller.
    mutating func normal() -> Double { (-2 * log(uniform())).squareRoot() * cos(2 * Double.pi * uniform()) }

    mutating func exponential() -> Double { -log(uniform()) }

    mutating func sample(_ count: Int, _ draw: (inout Generator) -> Double) -> [Double] {
        (0..<count).map { _ in draw(&self) }
    }
}
