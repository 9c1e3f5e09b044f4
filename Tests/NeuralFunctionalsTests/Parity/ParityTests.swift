import Foundation
import TestSupport
import Testing
import Torch
import WeightSpaces

/// Our layers compute what PyPI `nfn` 0.1.2 computes with the same parameters; `Scripts/parity` says more.
@Suite(.oneThread) struct ParityTests {
    /// The largest error that is allowed in each precision.
    static let bounds: [(dtype: DType, error: Double)] = [(.float32, 1e-5), (.float64, 1e-10)]

    static let cases = Result { try ReferenceCase.all() }
    static let comparisons = Result { try cases.get().flatMap(Comparison.all(of:)) }

    @Test(
        "outputs, input gradients and parameter gradients are the reference's",
        arguments: ReferenceCase.Kind.allCases)
    func agree(kind: ReferenceCase.Kind) throws {
        let comparisons = try Self.comparisons.get().filter { $0.kind == kind }
        try #require(!comparisons.isEmpty)
        for comparison in comparisons {
            #expect(comparison.output <= comparison.bound, "\(comparison)")
            #expect(comparison.gradient <= comparison.bound, "\(comparison)")
        }
    }

    @Test("one table of the largest errors, beside the recorded cases or on the screen")
    func table() throws {
        let table = Comparison.table(try Self.comparisons.get())
        if let folder = ProcessInfo.processInfo.environment["NFN_PARITY"] {
            try Data("\(table)\n".utf8).write(to: URL(filePath: folder).appending(path: "errors.txt"), options: .atomic)
        } else {
            print(table)
        }
    }

    @Test(
        "no parameter of the reference can change unnoticed",
        arguments: [ReferenceCase.Kind.hnpLinear, .npLinear, .npLinearEmbedded, .pointwise])
    func noticesChangedParameter(kind: ReferenceCase.Kind) throws {
        let reference = try #require(try Self.cases.get().first { $0.kind == kind })
        let counterpart = try Counterpart(reference, kind.symmetries[0])
        for (name, parameter) in reference.tensors("parameter.") {
            let changed = try counterpart.results(in: .float64) { parameters in
                var elements: [Double] = parameter.to(.float64).elements()
                elements[elements.count / 2] += 0.1
                parameters[name] = Tensor(elements, shape: parameter.shape)
            }
            let comparison = try Comparison(changed, with: reference, counterpart.symmetry, .float64, bound: 1e-10)
            #expect(comparison.output > 1e-5, "\(reference.name): \(name)")
        }
    }

    @Test("all neurons permuted, the reference reaches every parameter of ours")
    func reachesEverything() throws {
        let cases = try Self.cases.get().filter { $0.kind == .npLinear }
        for reference in cases {
            let layer = try Counterpart(reference, .allNeurons).equivariantLinear()
            #expect(ReferenceLinear(reference, of: layer, .allNeurons).unreachedCount == 0, "\(reference.name)")
        }
    }

    @Test("hidden neurons permuted, the reference lacks one map: from the last hidden bias to the last weight")
    func lacksOneMap() throws {
        let cases = try Self.cases.get().filter { $0.kind == .hnpLinear }
        for reference in cases {
            let layer = try Counterpart(reference, .hiddenNeurons).equivariantLinear()
            let map = ReferenceLinear(reference, of: layer, .hiddenNeurons)
            let (chain, last) = (reference.chain, reference.chain.depth - 1)
            let missing = map.unreachedMaps
            #expect(missing.map(\.input) == [chain.bias(last - 1)], "\(reference.name)")
            #expect(missing.map(\.output) == [chain.weight(last)], "\(reference.name)")
            #expect(
                map.unreachedCount == reference.inputChannels * chain.widths[last + 1] * reference.outputChannels,
                "\(reference.name)")
        }
    }
}
