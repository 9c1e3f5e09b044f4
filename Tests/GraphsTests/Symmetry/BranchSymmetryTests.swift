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

    @Test("of branches that data choose, both are followed") func open() throws {
        let found = try expectSymmetries(of: graph(condition: "isPositive", constants: [:]), [5])
        #expect(found.unknownOperators.isEmpty)
    }

    @Test("what branches give in different shapes is fixed, in the graph around them, too") func differentShapes()
        throws
    {
        var graph = graph(condition: "isPositive", constants: [:])
        graph.nodes[2].attributes["else_branch"] = .graph(
            Graph(
                inputs: [], outputs: ["r"],
                nodes: [Node("ReduceSum", inputs: ["h"], outputs: ["r"], attributes: ["keepdims": .integer(0)])],
                parameters: []))
        graph.nodes[3] = Node("Add", inputs: ["chosen", "v"], outputs: ["y"])
        graph.parameters[2] = .weight("v", 2, 5)
        let shapes = ["x": [2, 3], "given": [1]]
        let found = try NetworkSymmetries(of: graph, shapes: shapes)
        #expect(found.space.groups.isEmpty)
        #expect(found.fixedAxes.contains { $0.parameter == "w" && $0.axis == 1 })
    }

    @Test("one branch that tells neurons apart fixes them for both") func stricter() throws {
        var graph = graph(condition: "isPositive", constants: [:])
        graph.nodes[2].attributes["else_branch"] = .graph(
            Graph(
                inputs: [], outputs: ["r"],
                nodes: [Node("CumSum", inputs: ["h", "axis"], outputs: ["r"])], parameters: [],
                constants: ["axis": Tensor([1] as [Int64], shape: [])]))
        try expectSymmetries(of: graph, [])
    }
}
