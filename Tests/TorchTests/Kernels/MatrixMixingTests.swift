import TestSupport
import Testing
import Torch

@Suite(.oneThread) struct MatrixMixingTests {
    /// Sizes around vectors (4 to 16 lanes), pieces of 1, 4 and 6, panels, tiles of 32 to 96, and rows that are copied;
    /// wide and high matrices.
    static let sizes = [
        [1, 1, 1, 1, 1], [2, 3, 5, 4, 8], [2, 5, 33, 3, 16], [1, 4, 64, 17, 24], [3, 2, 7, 9, 5], [1, 3, 4, 1, 21],
        [2, 1, 35, 16, 3], [2, 33, 5, 3, 16], [1, 64, 4, 17, 24], [2, 130, 3, 5, 33], [1, 3, 130, 130, 40],
        [1, 17, 2, 200, 3], [1, 2, 11, 64, 100], [1, 1, 1000, 16, 5], [2, 33, 130, 16, 16], [2, 130, 3, 40, 40],
    ]

    /// Random sizes: widths of 1, 3, 17, 33 and 1000, and channels of 1, 5, 16, 64 and 100.
    static let randomSizes: [[Int]] = {
        var random = RandomSource(seed: 9)
        let (widths, channels) = ([1, 3, 17, 33, 1000], [1, 5, 16, 64, 100])
        return widths.flatMap { n in
            widths.filter { n * $0 < 40_000 }.map { m in
                [1, n, m, channels.randomElement(using: &random) ?? 1, channels.randomElement(using: &random) ?? 1]
            }
        }
    }()

    private struct Sample {
        let x, weight, rows, columns, scalars: Tensor
        var inputs: [Tensor] { [x, weight, rows, columns, scalars] }

        init(_ sizes: [Int], _ dtype: DType) {
            var random = RandomSource(seed: 5)
            let (batch, n, m, read, written) = (sizes[0], sizes[1], sizes[2], sizes[3], sizes[4])
            let shapes = [
                [batch, n, m, read], [read, written], [batch, n, written], [batch, m, written], [batch, written],
            ]
            self.init(shapes.map { Tensor.uniform(-1...1, shape: $0, dtype: dtype, using: &random) })
        }

        init(_ tensors: [Tensor]) {
            (x, weight, rows, columns, scalars) = (tensors[0], tensors[1], tensors[2], tensors[3], tensors[4])
        }

        /// What the kernel computes, by plain operators.
        func plain(isRectified: Bool) -> [Tensor] {
            let sum =
                matmul(x, weight) + rows.expandingAxis(2) + columns.expandingAxis(1)
                + scalars.expandingAxis(1).expandingAxis(1)
            let values = isRectified ? relu(sum) : sum
            return [values, values.mean([2]), values.mean([1])]
        }

        func mixed(isRectified: Bool) -> [Tensor] {
            let (values, means) = mixMatrices(
                x, weight: weight, rows: rows, columns: columns, scalars: scalars, isRectified: isRectified,
                averages: true)
            return [values] + (means.map { [$0.rows, $0.columns] } ?? [])
        }
    }

    @Test(
        "values and means are those of plain operators", arguments: sizes + randomSizes, [DType.float32, .float64])
    func values(sizes: [Int], dtype: DType) {
        for isRectified in [false, true] {
            let sample = Sample(sizes, dtype)
            let (found, expected) = (sample.mixed(isRectified: isRectified), sample.plain(isRectified: isRectified))
            for (found, expected) in zip(found, expected) {
                expectClose(found, expected, relativeError: dtype == .float32 ? 1e-5 : 1e-13)
            }
        }
    }

    @Test("vectors that do not lie row by row, and no scalars") func otherVectors() {
        let sample = Sample([2, 5, 33, 3, 16], .float64)
        let rows = sample.rows.permuted([2, 1, 0]) + 0
        let turned = rows.permuted([2, 1, 0])
        for scalars in [sample.scalars, nil] {
            let same = [sample.rows, turned].map {
                mixMatrices(
                    sample.x, weight: sample.weight, rows: $0, columns: sample.columns, scalars: scalars,
                    isRectified: true, averages: false
                ).values.elements(as: Double.self)
            }
            #expect(same[0] == same[1])
        }
    }

    @Test("without means the values are the same", arguments: sizes)
    func withoutMeans(sizes: [Int]) {
        let sample = Sample(sizes, .float32)
        let (values, means) = mixMatrices(
            sample.x, weight: sample.weight, rows: sample.rows, columns: sample.columns, scalars: sample.scalars,
            isRectified: true, averages: false)
        #expect(means == nil)
        #expect(values.elements(as: Float.self) == sample.mixed(isRectified: true)[0].elements())
    }

    @Test("bfloat16 matrices give what float32 ones with the same elements give, rounded", arguments: sizes)
    func bfloat16(sizes: [Int]) {
        let sample = Sample(sizes, .float32)
        let x = sample.x.to(.bfloat16)
        func run(_ x: Tensor) -> (values: [Tensor], gradients: [Tensor]) {
            let variables = ([x] + sample.inputs.dropFirst()).map(\.asVariable)
            let mixed = Sample(variables).mixed(isRectified: true)
            var random = RandomSource(seed: 6)
            // Small whole numbers, which bfloat16 holds exactly.
            let cotangents = mixed.map { result in
                Tensor.uniform(-4...4, shape: result.shape, using: &random).to(.int64).to(.float32)
            }
            let loss = zip(mixed, cotangents).map { ($0.to(.float32) * $1).sum }.reduce(Tensor.zeros([]), +)
            return (mixed, Torch.gradients(of: loss, withRespectTo: variables))
        }
        let (found, expected) = (run(x), run(x.to(.float32)))
        #expect(found.values[0].dtype == .bfloat16 && found.gradients[0].dtype == .bfloat16)
        for (index, pair) in zip(found.values + found.gradients, expected.values + expected.gradients).enumerated() {
            let isStored = index == 0 || index == 3
            expectClose(pair.0.to(.float32), pair.1, relativeError: isStored ? 1 / 256 : 1e-5)
        }
    }

    @Test(
        "gradients are those of plain operators, whichever results they come from", arguments: sizes + randomSizes,
        [DType.float32, .float64])
    func gradients(sizes: [Int], dtype: DType) {
        for (isRectified, used) in [(true, [0, 1, 2]), (false, [0, 1, 2]), (true, [0]), (true, [1]), (true, [2])] {
            let tensors = Sample(sizes, dtype).inputs
            func gradients(_ compute: (Sample) -> [Tensor]) -> [Tensor] {
                let variables = tensors.map(\.asVariable)
                let results = compute(Sample(variables))
                var random = RandomSource(seed: 6)
                let loss = used.map { index -> Tensor in
                    let cotangent = Tensor.normal(shape: results[index].shape, dtype: dtype, using: &random)
                    return (results[index] * cotangent).sum
                }.reduce(Tensor.zeros([], dtype: dtype), +)
                return Torch.gradients(of: loss, withRespectTo: variables)
            }
            let found = gradients { $0.mixed(isRectified: isRectified) }
            let expected = gradients { $0.plain(isRectified: isRectified) }
            for (found, expected) in zip(found, expected) {
                expectClose(found, expected, relativeError: dtype == .float32 ? 1e-5 : 1e-12)
            }
        }
    }

    @Test(
        "means on their own are those of plain operators, and so are gradients", arguments: sizes + randomSizes,
        [DType.float32, .float64])
    func means(sizes: [Int], dtype: DType) {
        let x = Sample(sizes, dtype).x
        func run(_ compute: (Tensor) -> [Tensor], using used: [Int]) -> (values: [Tensor], gradient: Tensor) {
            let variable = x.asVariable
            let values = compute(variable * 2)
            let loss = used.map { (values[$0] * values[$0]).sum }.reduce(Tensor.zeros([], dtype: dtype), +)
            return (values, Torch.gradients(of: loss, withRespectTo: [variable])[0])
        }
        for used in [[0, 1, 2], [1], [2], [0, 2]] {
            let found = run(
                { x in
                    let (values, means) = matrixMeans(x)
                    return [values, means.rows, means.columns]
                }, using: used)
            let expected = run({ [$0, $0.mean([2]), $0.mean([1])] }, using: used)
            for (found, expected) in zip(found.values + [found.gradient], expected.values + [expected.gradient]) {
                expectClose(found, expected, relativeError: dtype == .float32 ? 1e-5 : 1e-13)
            }
        }
    }

    /// A sum gives the same gradient to both of its terms, and each would be changed in its place if it were not shared.
    @Test("a gradient that something else needs is not overwritten", arguments: [false, true])
    func sharedGradients(isMixed: Bool) {
        var random = RandomSource(seed: 7)
        let samples = [0, 1].map { _ in
            Sample(
                Sample([2, 5, 7, 8, 8], .float64).inputs.map {
                    .normal(shape: $0.shape, dtype: .float64, using: &random)
                })
        }
        func run(_ compute: (Sample) -> [Tensor]) -> [Tensor] {
            let variables = samples.map { Sample($0.inputs.map(\.asVariable)) }
            let results = variables.map(compute)
            let loss =
                exp((results[0][0] + results[1][0]) * 0.1).sum
                + results.map { $0[1].squared.sum + $0[2].squared.sum }.reduce(.zeros([], dtype: .float64), +)
            return Torch.gradients(of: loss, withRespectTo: variables.flatMap { isMixed ? $0.inputs : [$0.x] })
        }
        let found = run { sample in
            if isMixed { return sample.mixed(isRectified: true) }
            let (values, means) = matrixMeans(sample.x)
            return [values, means.rows, means.columns]
        }
        let expected = run { isMixed ? $0.plain(isRectified: true) : [$0.x, $0.x.mean([2]), $0.x.mean([1])] }
        for (found, expected) in zip(found, expected) { expectClose(found, expected, relativeError: 1e-13) }
    }

    @Test("a gradient that nobody else holds is overwritten by those of the layer's input and of means")
    func overwrites() {
        var random = RandomSource(seed: 7)
        let (count, channels) = (100, 16)
        let x = Tensor.normal(shape: [1, count, count, channels], using: &random)
        let inputs = [[channels, channels], [1, count, channels], [1, count, channels], [1, channels]].map {
            Tensor.normal(shape: $0, using: &random)
        }
        func allocatedBytes(_ compute: (Tensor) -> Tensor, keepsGradient: Bool) -> Int {
            let variable = x.asVariable
            let values = compute(variable)
            // A product has a gradient of its own, a sum gives its own to both terms.
            let loss = keepsGradient ? values + variable : values * 2
            let cotangent = Tensor.ones(x.shape)
            defer { #expect(cotangent.elements(as: Float.self).allSatisfy { $0 == 1 }) }
            return OperationCounts.counting {
                Torch.gradients(of: [loss], weightedBy: [cotangent], withRespectTo: [variable])
            }.counts.allocatedBytes
        }
        let array = x.count * 4
        let mix = { Sample([$0] + inputs).mixed(isRectified: true)[0] }
        for compute in [mix, { matrixMeans($0).values }, { mix(matrixMeans($0).values) }] {
            #expect((array..<2 * array).contains(allocatedBytes(compute, keepsGradient: false)))
            #expect(allocatedBytes(compute, keepsGradient: true) >= array)
        }
    }

    @Test("NaN is not rectified away")
    func keepsNaN() {
        let nan = Tensor(repeating: .nan, shape: [1, 1, 3, 2])
        let (values, means) = mixMatrices(
            nan, weight: .ones([2, 9]), rows: .zeros([1, 1, 9]), columns: .zeros([1, 3, 9]), isRectified: true,
            averages: true)
        for result in [values, means?.rows, means?.columns] {
            #expect(result?.elements(as: Float.self).allSatisfy { $0.isNaN } == true)
        }
    }

    @Test("shapes and types that do not fit trap")
    func traps() async {
        await #expect(processExitsWith: .failure) {
            _ = mixMatrices(
                .ones([1, 2, 3, 4]), weight: .ones([4, 5]), rows: .ones([1, 3, 5]), columns: .ones([1, 3, 5]),
                isRectified: true, averages: true)
        }
        await #expect(processExitsWith: .failure) {
            _ = mixMatrices(
                .ones([1, 2, 3, 4]), weight: .ones([3, 5]), rows: .ones([1, 2, 5]), columns: .ones([1, 3, 5]),
                isRectified: true, averages: true)
        }
        await #expect(processExitsWith: .failure) {
            _ = mixMatrices(
                .ones([1, 2, 3, 4], dtype: .float64), weight: .ones([4, 5]), rows: .ones([1, 2, 5]),
                columns: .ones([1, 3, 5]), isRectified: true, averages: true)
        }
    }
}
