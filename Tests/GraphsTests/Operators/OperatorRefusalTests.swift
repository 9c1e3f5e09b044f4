import TestSupport
import Testing
import Torch

@testable import Graphs

@Suite("Refusals of operators", .oneThread)
struct OperatorRefusalTests {
    /// What is said about a node, or about the values that reach it.
    func refusal(
        _ operation: String, _ inputs: [Tensor?], _ attributes: [String: Attribute] = [:], version: Int = 20
    ) -> String {
        let names = inputs.enumerated().map { $1 == nil ? nil : "i\($0)" }
        let node = Node(operation, inputs: names, outputs: ["y"], attributes: attributes, version: version)
        do {
            return "computed \(try OperatorCatalog.operation(for: node).evaluate(inputs))"
        } catch {
            return "\(error)"
        }
    }

    let x = Tensor.ones([1, 2, 4, 4], dtype: .float64)

    @Test("a node without its inputs is refused with their number") func inputs() {
        #expect(refusal("Conv", [x]) == "Conv: expected 2 to 3 inputs, found 1")
        #expect(refusal("Relu", [x, x]) == "Relu: expected 1 inputs, found 2")
        #expect(refusal("Where", [nil, x, x]) == "Where: expected 3 inputs, found 2")
    }

    @Test("a setting that the operator does not allow is refused with what it allows") func settings() {
        #expect(
            refusal("MaxPool", [x], ["kernel_shape": .integers([2, 0])])
                == "MaxPool: expected integers from 1 to 16777216 as 'kernel_shape'")
        #expect(
            refusal("Pad", [x, x], ["mode": .text("odd")])
                == "Pad: expected constant, edge, reflect or wrap as 'mode'")
        #expect(refusal("Cast", [x], ["to": .integer(8)]).hasPrefix("Cast: expected a type of real numbers"))
        #expect(refusal("Slice", [x], version: 9) == "Slice: expected integers as 'starts'")
        #expect(
            refusal("BatchNormalization", [x, x, x, x, x], ["spatial": .integer(0)], version: 7)
                == "BatchNormalization: expected 1 as 'spatial'")
    }

    @Test("settings that do not fit the values are refused with both") func values() {
        #expect(
            refusal("MaxPool", [x], ["kernel_shape": .integers([2])]) == "expected a kernel of 2 axes, found [2]")
        #expect(
            refusal("MaxPool", [x], ["kernel_shape": .integers([5, 1])])
                == "expected room for a window of 5, found 4")
        #expect(refusal("Softmax", [x], ["axis": .integer(4)]) == "expected an axis of 4, found 4")
        #expect(refusal("Gather", [x, Tensor([1] as [Int64])]) == "expected indices into 1 elements, found 1")
        #expect(
            refusal("Squeeze", [x], ["axes": .integers([1])], version: 11).hasPrefix("expected axes [1] of size one"))
    }

    @Test(
        "no more memory is asked for than a tensor may have", arguments: ["ConstantOfShape", "Expand", "Tile", "Pad"])
    func sizes(operation: String) {
        let sizes = Tensor([1 << 20, 1 << 20] as [Int64])
        let matrix = Tensor.ones([1, 1])
        let inputs =
            switch operation {
            case "ConstantOfShape": [sizes]
            case "Pad": [matrix, concatenate([sizes, sizes], axis: 0)]
            default: [matrix, sizes]
            }
        #expect(refusal(operation, inputs).hasPrefix("expected a shape of at most 268435456 elements, found ["))
    }
}
