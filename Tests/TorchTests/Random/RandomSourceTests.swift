import Foundation
import Testing
import Torch

struct RandomSourceTests {
    func numbers(_ source: RandomSource, _ count: Int = 8) -> [UInt64] {
        var source = source
        return (0..<count).map { _ in source.next() }
    }

    /// The first numbers of the published algorithm for the seed 1234567.
    @Test func theStreamIsSplitMix64() {
        #expect(
            numbers(RandomSource(seed: 1_234_567), 5) == [
                6_457_827_717_110_365_317, 3_203_168_211_198_807_973, 9_817_491_932_198_370_423,
                4_593_380_528_125_082_431, 16_408_922_859_458_223_821,
            ])
    }

    @Test func aCopyContinuesAlike() {
        var source = RandomSource(seed: 3)
        _ = source.next()
        #expect(numbers(source) == numbers(source))
        #expect(numbers(source) != numbers(RandomSource(seed: 3)))
    }

    @Test(arguments: [0, 1, UInt64.max]) func aStoredStreamContinuesWhereItStood(_ seed: UInt64) throws {
        var source = RandomSource(seed: seed)
        for _ in 0..<5 { _ = source.next() }
        let restored = try JSONDecoder().decode(RandomSource.self, from: JSONEncoder().encode(source))
        #expect(restored == source)
        #expect(numbers(restored) == numbers(source))
    }

    @Test func splittingMovesTheStreamOneNumberOn() {
        var (split, plain) = (RandomSource(seed: 5), RandomSource(seed: 5))
        let child = split.split()
        _ = plain.next()
        #expect(split == plain)
        #expect(Set(numbers(child, 100)).isDisjoint(with: numbers(split, 100)))
        #expect(split.split() != child)
    }
}
