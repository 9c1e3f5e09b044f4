import TestSupport
import Testing

@testable import Torch

@Suite("Dispatch", .oneThread) struct DispatchTests {
    let x = Tensor([1.0, -2, 3, -4, 5, -6], shape: [2, 3])

    @Test("arguments of every kind arrive") func kinds() throws {
        #expect(try aten("relu", x).elements() == [1.0, 0, 3, 0, 5, 0])
        #expect(try aten("add.Tensor", x, x, 2).elements() == [3.0, -6, 9, -12, 15, -18])
        #expect(try aten("add.Scalar", x, 0.5).elements() == [1.5, -1.5, 3.5, -3.5, 5.5, -5.5])
        #expect(try aten("sum.dim_IntList", x, [-1], true).shape == [2, 1])
        #expect(try aten("gelu", x, "tanh").elements(as: Double.self)[0] != aten("gelu", x).elements()[0])
        #expect(try aten("cat", [x, x], 1).shape == [2, 6])
        #expect(try aten("sum.dim_IntList", x, nil, false, DType.float32).dtype == .float32)
        #expect(try aten("clamp", x, nil, 2.0).elements() == [1.0, -2, 2, -4, 2, -6])
    }

    @Test("a whole number is a number where the operator wants one") func wholeNumbers() throws {
        #expect(try aten("leaky_relu", x, 2).elements() == [1.0, -4, 3, -8, 5, -12])
        #expect(try aten("softplus", x, 1, 20).shape == [2, 3])
        #expect(try aten("hardtanh", x, -1, 1).elements() == [1.0, -1, 1, -1, 1, -1])
    }

    @Test("all results come back in order") func results() throws {
        let results = try atenResults("topk", x, 2)
        #expect(results.map(\.shape) == [[2, 2], [2, 2]])
        #expect(results[0].elements() == [3.0, 1, 5, -4])
        #expect(results[1].elements() == [2, 0, 1, 0] as [Int64])
        #expect(try atenResults("split.Tensor", x, 2, 1).map(\.shape) == [[2, 2], [2, 1]])
    }

    @Test("an operator with optional tensors in a list takes a list of tensors") func optionalTensors() throws {
        let picked = try aten("index.Tensor", x, [Tensor([1, 0] as [Int64]), Tensor([2, 0] as [Int64])])
        #expect(picked.elements() == [-6.0, 1])
    }

    @Test("what libtorch refuses is thrown, with the operator's name and libtorch's words") func refusals() {
        func message(_ operation: String, _ arguments: (any DispatchArgument)?...) -> String {
            do throws(DispatchError) {
                _ = try call(operation, arguments)
                return "nothing was thrown"
            } catch {
                return error.description
            }
        }
        #expect(message("mm", x, x).contains("mm: mat1 and mat2 shapes cannot be multiplied"))
        #expect(message("no_such_operator", x).contains("Could not find schema"))
        #expect(message("relu").contains("missing value for argument 'self'"))
        #expect(message("relu", x, x).contains("too many arguments"))
        #expect(message("relu", 1).contains("Expected a value of type 'Tensor'"))
        #expect(message("reshape", x, "[6]").contains("Expected a value of type 'List[int]'"))
        #expect(message("mm", x, [x]).contains("expected Tensor, got a list"))
        #expect(message("relu_", x).contains("changes its arguments"))
        #expect(message("item", x).contains("item"))
        #expect(x.elements() == [1.0, -2, 3, -4, 5, -6])
    }
}
