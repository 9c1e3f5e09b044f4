import NeuralFunctionals
import TestSupport
import Testing
import Torch
import WeightSpaces

/// What modules visit, against what reflection finds in them.
@Suite(.oneThread) struct StateTests {
    /// The tensors that a value stores, except tables that follow from a configuration.
    private func storedTensors(_ value: Any) -> [Tensor] {
        if let tensor = value as? Tensor { return [tensor] }
        if value is PositionalEncoding { return [] }
        return Mirror(reflecting: value).children.flatMap { storedTensors($0.value) }
    }

    /// Whether visiting reaches each stored tensor once, under a name of its own.
    private func isComplete(_ module: any Module) -> Bool {
        var cleared = module
        var names: [String] = []
        cleared.visitState { name, tensor in
            names.append(name)
            tensor = .zeros(tensor.shape)
        }
        return storedTensors(module).count == names.count && Set(names).count == names.count
            && storedTensors(cleared).allSatisfy { $0.magnitude.sum.item == 0 }
    }

    @Test("no parameter or buffer of a layer is forgotten", arguments: SampleLayer.allCases)
    func visitsLayers(sample: SampleLayer) throws {
        let layer = sample(over: FeatureSpace(try .mlp(widths: [2, 4, 3]), channels: 2))
        #expect(isComplete(layer))
    }

    @Test("no parameter or buffer of a functional is forgotten")
    func visitsFunctionals() throws {
        let space = try WeightSpace.mlp(widths: [2, 4, 3], symmetry: .allNeurons)
        #expect(isComplete(SampleFunctional.invariant(space)))
        #expect(isComplete(SampleFunctional.equivariant(space)))
    }

    @Test("reflection finds a tensor that is not visited")
    func noticesForgottenTensor() {
        struct Forgetful: Module {
            var visited = Tensor.ones([1])
            var forgotten: [Tensor?] = [.ones([1])]
            mutating func visitParameters(_ visit: (String, inout Tensor) throws -> Void) rethrows {
                try visit("visited", &visited)
            }
        }
        #expect(!isComplete(Forgetful()))
    }
}
