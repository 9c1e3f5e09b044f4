import TestSupport
import Testing
import Torch

@Suite(.oneThread) struct RandomTensorTests {
    /// Many numbers: from one tensor, and from many small ones, for which libtorch has a path of its own.
    static let shapes = [(1, 90_000), (10_000, 9)]

    func draw(_ shape: (Int, Int), _ make: (inout RandomSource) -> Tensor) -> [Double] {
        var random = RandomSource(seed: 1)
        return (0..<shape.0).flatMap { _ in make(&random).to(.float64).elements(as: Double.self) }
    }

    /// `Σ (xᵢ − c)ᵏ / n`
    func moment(_ degree: Int, _ values: [Double], around centre: Double) -> Double {
        values.reduce(0) { sum, x in sum + (0..<degree).reduce(1.0) { power, _ in power * (x - centre) } }
            / Double(values.count)
    }

    /// Bounds are five standard errors.
    @Test(arguments: shapes, [DType.float32, .float64])
    func normalNumbersHaveNormalMoments(_ shape: (Int, Int), _ dtype: DType) {
        let values = draw(shape) { .normal(shape: [shape.1], dtype: dtype, using: &$0) }
        let error = 5 / Double(values.count).squareRoot()
        for (degree, expected, variance) in [(1, 0.0, 1.0), (2, 1, 2), (3, 0, 15), (4, 3, 96)] {
            #expect(abs(moment(degree, values, around: 0) - expected) < error * variance.squareRoot(), "\(degree)")
        }
    }

    @Test(arguments: shapes, [DType.float32, .float64])
    func uniformNumbersHaveUniformMomentsInTheirRange(_ shape: (Int, Int), _ dtype: DType) {
        let values = draw(shape) { .uniform(-1...3, shape: [shape.1], dtype: dtype, using: &$0) }
        #expect(values.allSatisfy { (-1...3).contains($0) })
        let error = 5 / Double(values.count).squareRoot()
        for (degree, expected, variance) in [(1, 0.0, 4.0 / 3), (2, 4.0 / 3, 64.0 / 45), (3, 0, 64.0 / 7)] {
            #expect(abs(moment(degree, values, around: 1) - expected) < error * variance.squareRoot(), "\(degree)")
        }
    }

    @Test func theSameSeedGivesTheSameNumbers() {
        func numbers(seed: UInt64) -> [Double] {
            var random = RandomSource(seed: seed)
            let pair = [
                Tensor.normal(shape: [100], dtype: .float64, using: &random),
                .uniform(shape: [100], dtype: .float64, using: &random),
            ]
            return concatenate(pair, axis: 0).elements()
        }
        #expect(numbers(seed: 7) == numbers(seed: 7))
        #expect(numbers(seed: 7) != numbers(seed: 8))
    }

    @Test func consecutiveTensorsDiffer() {
        var random = RandomSource(seed: 1)
        let (a, b) = (Tensor.normal(shape: [4], using: &random), Tensor.normal(shape: [4], using: &random))
        #expect(relativeError(a, b) > 0)
    }

    /// Among 300,000 numbers of 64 bits, about ten pairs share their low 32.
    @Test func everyBitOfTheSeedCounts() throws {
        var random = RandomSource(seed: 1)
        var sourceBefore = [UInt32: RandomSource]()
        var pairs = 0
        for _ in 0..<300_000 {
            var source = random
            let low = UInt32(truncatingIfNeeded: random.next())
            guard var other = sourceBefore.updateValue(source, forKey: low) else { continue }
            pairs += 1
            let (a, b) = (Tensor.uniform(shape: [3], using: &source), Tensor.uniform(shape: [3], using: &other))
            #expect(relativeError(a, b) > 0)
        }
        #expect(pairs > 0)
    }

    @Test func anEmptyShapeTakesOneNumberOfTheStream() {
        var (random, plain) = (RandomSource(seed: 1), RandomSource(seed: 1))
        #expect(Tensor.normal(shape: [0, 3], using: &random).shape == [0, 3])
        _ = plain.next()
        #expect(random == plain)
    }
}
