import TestSupport
import Testing
import Torch
import WeightSpaces

@testable import Graphs

@Suite("Evaluation of loops", .oneThread)
struct IterationTests {
    private func input(_ name: String) -> Graph.Input { Graph.Input(name: name, shape: [], dtype: .float32) }

    /// Doubles a value as long as it stays below a bound, and gives back all values before.
    private func doubling(_ runs: String?, _ condition: String?, constants: [String: Tensor]) throws -> [Tensor] {
        let body = Graph(
            inputs: [input("number"), input("holds"), input("value")], outputs: ["again", "next", "value"],
            nodes: [
                Node("Add", inputs: ["value", "value"], outputs: ["next"]),
                Node("Less", inputs: ["next", "bound"], outputs: ["again"]),
            ], parameters: [])
        let graph = Graph(
            inputs: [input("x")], outputs: ["last", "all"],
            nodes: [
                Node("Neg", inputs: ["x"], outputs: ["n"]), Node("Abs", inputs: ["n"], outputs: ["start"]),
                Node(
                    "Loop", inputs: [runs, condition, "start"], outputs: ["last", "all"],
                    attributes: ["body": .graph(body)]),
            ], parameters: [], constants: constants.merging(["bound": Tensor([100] as [Float])]) { $1 })
        return try GraphEvaluator(graph).evaluate(
            parameters: [:], inputs: ["x": Tensor([3] as [Float])], dtype: .float64)
    }

    private let yes = Tensor.ones([], dtype: .bool)

    @Test("a loop ends after its number of runs, or when its condition no longer holds") func ends() throws {
        let three = Tensor([3] as [Int64], shape: [])
        let many = Tensor([Int64.max], shape: [])
        let counted = try doubling("runs", nil, constants: ["runs": three])
        #expect(counted[0].elements() == [24.0])
        #expect(counted[1].shape == [3, 1])
        #expect(counted[1].elements() == [3.0, 6, 12])
        let held = try doubling("runs", "yes", constants: ["runs": many, "yes": yes])
        #expect(held[0].elements() == [192.0])
        #expect(held[1].count == 6)
        #expect(try doubling(nil, "yes", constants: ["yes": yes])[0].elements() == [192.0])
        // Without a condition before the first run, the body's is ignored.
        let eight = Tensor([8] as [Int64], shape: [])
        #expect(try doubling("runs", nil, constants: ["runs": eight])[0].elements() == [768.0])
    }

    @Test("a loop that does not run gives back what it was given, and no rows") func never() throws {
        let no = Tensor.zeros([], dtype: .bool)
        let error = #expect(throws: GraphError.self) { try doubling(nil, "no", constants: ["no": no]) }
        #expect("\(error!)" == "Loop cannot be computed: expected at least one run, found none")
    }

    @Test("a loop without an end is refused") func endless() throws {
        let body = Graph(
            inputs: [input("number"), input("holds")], outputs: ["holds"], nodes: [], parameters: [])
        let graph = Graph(
            inputs: [], outputs: ["y"],
            nodes: [
                Node("Loop", inputs: [nil, nil], outputs: [], attributes: ["body": .graph(body)]),
                Node("Identity", inputs: ["one"], outputs: ["y"]),
            ], parameters: [], constants: ["one": yes])
        let error = #expect(throws: GraphError.self) {
            try GraphEvaluator(graph).evaluate(parameters: [:], inputs: [:], dtype: .float64)
        }
        #expect("\(error!)" == "Loop cannot be computed: expected at most 65536 runs, found more")
    }

    @Test("loops within loops share their number of runs") func nested() throws {
        func runs(_ count: Int64) -> [String: Tensor] { ["many": Tensor([count], shape: [])] }
        func loop(_ body: Graph) -> Node {
            Node("Loop", inputs: ["many", nil], outputs: [], attributes: ["body": .graph(body)])
        }
        func body(_ nodes: [Node]) -> Graph {
            Graph(inputs: [input("number"), input("holds")], outputs: ["holds"], nodes: nodes, parameters: [])
        }
        func evaluate(_ count: Int64) throws -> [Tensor] {
            let graph = Graph(
                inputs: [], outputs: ["many"], nodes: [loop(body([loop(body([loop(body([]))]))]))], parameters: [],
                constants: runs(count))
            return try GraphEvaluator(graph).evaluate(parameters: [:], inputs: [:], dtype: .float64)
        }
        #expect(try evaluate(10)[0].item == 10)
        #expect(throws: GraphError.self) { try evaluate(1 << 40) }
    }

    @Test("a loop whose values are not as many as its body's is refused") func counts() {
        let body = Graph(inputs: [input("number")], outputs: ["number"], nodes: [], parameters: [])
        let node = Node("Loop", inputs: [nil, nil], outputs: [], attributes: ["body": .graph(body)])
        #expect(throws: GraphError.attribute("body", node: "Loop", expected: "a graph for 0 values from run to run")) {
            try OperatorCatalog.iteration(for: node)
        }
    }

    @Test("a scan runs over slices in both directions, along any axes", arguments: [false, true])
    func scan(isReversed: Bool) throws {
        let body = Graph(
            inputs: [input("sum"), input("slice")], outputs: ["next", "next"],
            nodes: [Node("Add", inputs: ["sum", "slice"], outputs: ["next"])], parameters: [])
        let direction = Attribute.integers([isReversed ? 1 : 0])
        let graph = Graph(
            inputs: [input("x")], outputs: ["last", "all"],
            nodes: [
                Node(
                    "Scan", inputs: ["zero", "x"], outputs: ["last", "all"],
                    attributes: [
                        "body": .graph(body), "num_scan_inputs": .integer(1), "scan_input_axes": .integers([1]),
                        "scan_output_axes": .integers([-1]), "scan_input_directions": direction,
                        "scan_output_directions": direction,
                    ])
            ], parameters: [], constants: ["zero": Tensor([0, 0] as [Float])])
        let x = Tensor([1, 2, 3, 10, 20, 30] as [Float], shape: [2, 3])
        let results = try GraphEvaluator(graph).evaluate(parameters: [:], inputs: ["x": x], dtype: .float64)
        #expect(results[0].elements() == [6.0, 60])
        #expect(results[1].shape == [2, 3])
        #expect(results[1].elements() == (isReversed ? [6.0, 5, 3, 60, 50, 30] : [1.0, 3, 6, 10, 30, 60]))
    }
}
