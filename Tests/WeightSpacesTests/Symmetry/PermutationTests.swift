import Testing
import Torch
import WeightSpaces

@Suite struct PermutationTests {
    @Test("π ∘ π⁻¹ and π⁻¹ ∘ π move nothing", arguments: [1, 2, 5, 20])
    func inverts(count: Int) {
        var random = RandomSource(seed: 1)
        let permutation = Permutation.random(count, using: &random)
        #expect(permutation.composed(with: permutation.inverse) == .identity(count))
        #expect(permutation.inverse.composed(with: permutation) == .identity(count))
    }

    @Test("(π ∘ σ)(i) = π(σ(i))")
    func composes() {
        let (outer, inner) = (Permutation([1, 2, 0]), Permutation([0, 2, 1]))
        #expect(outer.composed(with: inner).images == [1, 0, 2])
    }

    @Test("random permutations reach every permutation")
    func isRandom() {
        var random = RandomSource(seed: 2)
        #expect(Set((0..<200).map { _ in Permutation.random(3, using: &random) }).count == 6)
    }

    @Test("images that repeat or leave the range trap")
    func traps() async {
        await #expect(processExitsWith: .failure) { _ = Permutation([0, 0, 1]) }
        await #expect(processExitsWith: .failure) { _ = Permutation([1, 2, 3]) }
    }
}
