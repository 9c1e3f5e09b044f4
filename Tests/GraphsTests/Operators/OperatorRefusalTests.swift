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

    @Test("what an operator would compute otherwise than asked is refused") func variants() {
        #expect(
            refusal("RoiAlign", [x, x, x], ["mode": .text("max")]) == "RoiAlign: expected avg as 'mode'")
        #expect(
            refusal("com.microsoft::FusedGemm", [x, x], ["activation": .text("Gemm")])
                == "com.microsoft::FusedGemm: expected a function of each element, such as Relu as 'activation'")
        #expect(
            refusal("com.microsoft::QLinearGlobalAveragePool", [x, x, x, x, x], ["channels_last": .integer(1)])
                == "com.microsoft::QLinearGlobalAveragePool: expected 0 as 'channels_last'")
        #expect(
            refusal("com.microsoft::Attention", [x, x], ["num_heads": .integer(2), "do_rotary": .integer(1)])
                == "com.microsoft::Attention: expected 0 as 'do_rotary'")
        #expect(
            refusal("ReverseSequence", [x, x], ["time_axis": .integer(2)])
                == "ReverseSequence: expected 0 or 1, and the other as 'batch_axis' as 'time_axis'")
    }

    @Test("integers are refused where they say too much", arguments: [Int64.max, 1 << 40, -1, .min])
    func extents(size: Int64) {
        let one = Tensor([size])
        let signal = Tensor.ones([1, 4, 1], dtype: .float64)
        #expect(refusal("HannWindow", [one]).hasPrefix("expected a shape of at most"))
        #expect(refusal("DFT", [signal, one, Tensor([1] as [Int64])]).hasPrefix("expected a length from 1 to"))
        #expect(refusal("STFT", [signal, one, nil, one]).hasPrefix("expected frames within 4 elements"))
        #expect(
            refusal("AffineGrid", [x, Tensor([1, 1, size, size])]).hasPrefix("expected a shape of at most 268435456"))
        #expect(
            refusal("Col2Im", [signal, Tensor([size, size]), Tensor([1, 1] as [Int64])])
                .hasPrefix("expected a shape of at most 268435456"))
        #expect(refusal("CenterCropPad", [signal, Tensor([1, size, 1])]).hasPrefix("expected a shape of at most"))
        #expect(
            refusal(
                "MaxUnpool", [x, x.to(.int64)],
                ["kernel_shape": .integers([1 << 24, 1 << 24]), "strides": .integers([1, 1])]
            ).hasPrefix("expected a shape of at most"))
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
