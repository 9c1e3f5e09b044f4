import Foundation
import Testing
import Torch

/// Damages bytes in seeded, repeatable ways.
struct ByteMutation {
    var random: RandomSource
    /// What is written over and into the bytes, beside single ones.
    private let fragments: [[UInt8]]

    init(seed: UInt64, fragments: [[UInt8]]) {
        (random, self.fragments) = (RandomSource(seed: seed), fragments)
    }

    /// Flips, replaces, removes, repeats or inserts a few bytes, at `place` or anywhere.
    mutating func mutate(_ bytes: inout [UInt8], at place: Int? = nil) {
        guard !bytes.isEmpty else { return bytes.append(0) }
        let place = min(place ?? Int.random(in: 0..<bytes.count, using: &random), bytes.count - 1)
        let end = min(bytes.count, place + Int.random(in: 1...12, using: &random))
        switch Int.random(in: 0..<10, using: &random) {
        case 0, 1: bytes[place] ^= 1 << UInt8.random(in: 0..<8, using: &random)
        case 2: bytes[place] = .random(in: 0 ... .max, using: &random)
        case 3: bytes[place] = [0, 1, 0x7F, 0x80, 0xFF].randomElement(using: &random)!
        case 4: bytes.removeSubrange(place..<end)
        case 5: bytes.insert(contentsOf: bytes[place..<end], at: place)
        case 6: bytes.insert(contentsOf: fragments.randomElement(using: &random)!, at: place)
        case 7:
            let fragment = fragments.randomElement(using: &random)!
            bytes.replaceSubrange(place..<min(bytes.count, place + fragment.count), with: fragment)
        case 8:
            let other = Int.random(in: 0..<bytes.count, using: &random)
            bytes.swapAt(place, other)
        default:
            for index in place..<end { bytes[index] = 0xFF }
        }
    }
}

/// How many damaged files each fuzz test reads: the environment variable `NFN_MUTATIONS`, or a few thousand.
let mutationCount = ProcessInfo.processInfo.environment["NFN_MUTATIONS"].flatMap(Int.init) ?? 2_500

/// Expects that a share of the mutated files opened: both outcomes are met often, or the mutations prove little.
func expectShare(_ opened: Int, of count: Int = mutationCount, in range: ClosedRange<Double>) {
    #expect(range.contains(Double(opened) / Double(count)), "\(opened) of \(count) mutated files opened")
}
