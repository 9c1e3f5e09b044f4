import TestSupport
import Testing
import Torch
import WeightSpaces

@testable import Graphs

@Suite("Symmetries across branches", .oneThread)
struct BranchSymmetryTests {
    /// `x W`, then a branch that adds a vector to it or does not, as `condition` says.
    private func graph(condition: String, constants: [String: Tensor]) -> Graph {
        func branch(_ node: Node) -> Attribute {
            .graph(Graph(inputs: [], outputs: ["r"], nodes: [node], parameters: []))
        }
        return Graph(
            inputs: [
                Graph.Input(name: "x", shape: [2, 3], dtype: .float32),
                Graph.Input(name: "given", shape: [1], dtype: .float32),
            ], outputs: ["y"],
            nodes: [
                Node("MatMul", inputs: ["x", "w"], outputs: ["h"]),
                Node("Greater", inputs: ["given", "zero"], outputs: ["isPositive"]),
                Node(
                    "If", inputs: [condition], outputs: ["chosen"],
                    attributes: [
                        "then_branch": branch(Node("Add", inputs: ["h", "b"], outputs: ["r"])),
                        "else_branch": branch(Node("Add", inputs: ["h", "b"], outputs: ["r"])),
                    ]),
                Node("MatMul", inputs: ["chosen", "v"], outputs: ["y"]),
            ],
            parameters: [.weight("w", 3, 5), .weight("b", 5), .weight("v", 5, 2)],
            constants: constants.merging(["zero": Tensor([0] as [Float])]) { $1 })
    }

    @Test("a branch that the graph chooses is followed") func chosen() throws {
        try expectSymmetries(of: graph(condition: "yes", constants: ["yes": .ones([1], dtype: .bool)]), [5])
    }

    @Test("what a branch reads that data choose is fixed, in the graph around it, too") func open() throws {
        let found = try expectSymmetries(of: graph(condition: "isPositive", constants: [:]), [])
        #expect(found.fixedAxes.contains { $0.parameter == "w" && $0.axis == 1 && $0.reason.contains("If") })
    }
}
