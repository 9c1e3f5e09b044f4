import TestSupport
import Testing
import Torch
import WeightSpaces

@testable import Graphs

@Suite("Comparison of graphs", .oneThread)
struct GraphComparisonTests {
    private static let input = Graph.Input(name: "x", shape: [nil, 4], dtype: .float32)

    private static func graph(_ nodes: [Node], outputs: [String] = ["y"], bias: [Float] = [1, 2]) -> Graph {
        Graph(
            inputs: [input], outputs: outputs, nodes: nodes,
            parameters: ["a", "b"].map { CheckpointEntry(name: $0, dtype: .float32, shape: [4, 4]) },
            constants: ["c": Tensor(bias)])
    }

    /// Two branches of one input, added.
    private static let nodes = [
        Node("MatMul", inputs: ["x", "a"], outputs: ["p"]),
        Node("Relu", inputs: ["p"], outputs: ["q"]),
        Node("MatMul", inputs: ["x", "b"], outputs: ["r"]),
        Node("Softmax", inputs: ["r"], outputs: ["s"], attributes: ["axis": .integer(1)]),
        Node("Add", inputs: ["q", "s"], outputs: ["y"]),
    ]

    private func differences(_ nodes: [Node], outputs: [String] = ["y"], bias: [Float] = [1, 2]) -> [String] {
        GraphComparison(Self.graph(Self.nodes), Self.graph(nodes, outputs: outputs, bias: bias)).differences
    }

    @Test("names within, the order of independent nodes and what no output needs do not count")
    func same() {
        let others = [
            Node("Tanh", name: "unused", inputs: ["x"], outputs: ["u"]),
            Node("MatMul", name: "right", inputs: ["x", "b"], outputs: ["1"]),
            Node("Softmax", inputs: ["1"], outputs: ["2"], attributes: ["axis": .integer(1)]),
            Node("MatMul", name: "left", inputs: ["x", "a"], outputs: ["3"]),
            Node("Relu", inputs: ["3"], outputs: ["4"]),
            Node("Add", inputs: ["4", "2"], outputs: ["5"]),
        ]
        #expect(differences(others, outputs: ["5"]).isEmpty)
    }

    @Test("operators, settings, wiring, operator sets and weights count, and are named")
    func different() {
        var nodes = Self.nodes
        nodes[1].operation = "Tanh"
        #expect(differences(nodes).starts(with: ["Relu: 1 here, 0 there", "Tanh: 0 here, 1 there"]))
        nodes = Self.nodes
        nodes[3].attributes["axis"] = .integer(0)
        #expect(differences(nodes) == ["Softmax of r: axis 1 here, 0 there"])
        nodes[3].attributes = [:]
        #expect(differences(nodes) == ["Softmax of r: axis 1 here, left out there"])
        nodes = Self.nodes
        nodes[3].version = 12
        #expect(differences(nodes) == ["Softmax of r: operator set 20 here, 12 there"])
        nodes = Self.nodes
        nodes[4].inputs = ["s", "q"]
        #expect(differences(nodes) == ["only here: Add of q, s", "only there: Add of s, q"])
        nodes = Self.nodes
        (nodes[0].inputs[1], nodes[2].inputs[1]) = ("b", "a")
        #expect(!differences(nodes).isEmpty)
        #expect(differences(Self.nodes, outputs: ["y", "q"]).first == "1 outputs here, 2 there")
        #expect(differences(Self.nodes, outputs: ["q"]).first == "Add: 1 here, 0 there")
    }

    @Test("constants and inputs count")
    func constants() {
        var nodes = Self.nodes
        nodes.append(Node("Mul", inputs: ["y", "c"], outputs: ["z"]))
        let graph = Self.graph(nodes, outputs: ["z"])
        #expect(GraphComparison(graph, Self.graph(nodes, outputs: ["z"])).differences.isEmpty)
        let other = Self.graph(nodes, outputs: ["z"], bias: [1, 3])
        #expect(!GraphComparison(graph, other).differences.isEmpty)
        var open = graph
        open.inputs[0].shape = [nil, nil]
        #expect(GraphComparison(graph, open).differences == ["input 'x': F32 [?, 4] here, F32 [?, ?] there"])
    }

    @Test("graphs within nodes are compared with what they read outside")
    func branches() {
        func graph(_ inner: String, reading value: String) -> Graph {
            func branch(_ operation: String) -> Attribute {
                .graph(
                    Graph(
                        inputs: [], outputs: ["o"],
                        nodes: [Node(operation, inputs: [value], outputs: ["o"])], parameters: []))
            }
            let nodes = [
                Node("MatMul", inputs: ["x", "a"], outputs: [value]),
                Node(
                    "If", inputs: ["c"], outputs: ["y"],
                    attributes: ["then_branch": branch(inner), "else_branch": branch("Relu")]),
            ]
            return Self.graph(nodes)
        }
        #expect(GraphComparison(graph("Tanh", reading: "p"), graph("Tanh", reading: "q")).differences.isEmpty)
        let found = GraphComparison(graph("Tanh", reading: "p"), graph("Sin", reading: "p")).differences
        #expect(found == ["If of c: then_branch a graph here, a graph there"])
    }
}
