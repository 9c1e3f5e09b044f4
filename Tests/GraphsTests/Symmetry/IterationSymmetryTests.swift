import TestSupport
import Testing
import Torch
import WeightSpaces

@testable import Graphs

@Suite("Symmetries across loops", .oneThread)
struct IterationSymmetryTests {
    /// `x w` into a loop, and what it gives times `v`.
    private func graph(
        runs: Tensor, condition: String? = nil, body: [Node], outputs: [String], result: String = "last",
        tail: [Node] = [], constants: [String: Tensor] = [:]
    ) -> Graph {
        let inner = Graph(
            inputs: ["number", "holds", "state"].map { Graph.Input(name: $0, shape: [], dtype: .float32) },
            outputs: outputs, nodes: body, parameters: [])
        return Graph(
            inputs: [Graph.Input(name: "x", shape: [2, 3], dtype: .float32)], outputs: ["y"],
            nodes: [
                Node("MatMul", inputs: ["x", "w"], outputs: ["h"]),
                Node("ReduceSum", inputs: ["x"], outputs: ["sum"], attributes: ["keepdims": .integer(0)]),
                Node("Greater", inputs: ["sum", "far"], outputs: ["isFar"]),
                Node(
                    "Loop", inputs: ["runs", condition, "h"], outputs: outputs.count > 2 ? ["last", "rows"] : ["last"],
                    attributes: ["body": .graph(inner)]),
            ] + tail + [Node("MatMul", inputs: [result, "v"], outputs: ["y"])],
            parameters: [.weight("w", 3, 6), .weight("u", 6, 6), .weight("b", 6), .weight("v", 6, 2)],
            constants: constants.merging(["runs": runs, "far": Tensor([-100] as [Float])]) { $1 })
    }

    private let step = [
        Node("MatMul", inputs: ["state", "u"], outputs: ["product"]),
        Node("Add", inputs: ["product", "b"], outputs: ["sum of both"]),
        Node("Tanh", inputs: ["sum of both"], outputs: ["next"]),
        Node("Identity", inputs: ["holds"], outputs: ["still holds"]),
        Node("Abs", inputs: ["next"], outputs: ["row"]),
    ]
    private let three = Tensor([3] as [Int64], shape: [])

    @Test("neurons that a loop hands on move alike before it, in it and after it") func loop() throws {
        try expectSymmetries(
            of: graph(runs: three, body: step, outputs: ["still holds", "next", "row"]), [6])
    }

    @Test("what every run gives moves like what it is made of") func rows() throws {
        let sum = Node(
            "ReduceSum", inputs: ["rows", "first"], outputs: ["total"], attributes: ["keepdims": .integer(0)])
        try expectSymmetries(
            of: graph(
                runs: three, body: step, outputs: ["still holds", "next", "row"], result: "total", tail: [sum],
                constants: ["first": Tensor([0] as [Int64])]), [6])
    }

    @Test("a name within the loop hides that of the graph around it, and no longer") func hidden() throws {
        let body = [
            Node("Sum", inputs: ["u"], outputs: ["w"]), Node("MatMul", inputs: ["state", "w"], outputs: ["x"]),
            Node("Tanh", inputs: ["x"], outputs: ["next"]),
            Node("Identity", inputs: ["holds"], outputs: ["still holds"]),
        ]
        var graph = graph(runs: three, body: body, outputs: ["still holds", "next"])
        graph.nodes.append(Node("MatMul", inputs: ["x", "w"], outputs: ["again"]))
        graph.nodes.append(Node("MatMul", inputs: ["again", "v"], outputs: ["z"]))
        graph.outputs.append("z")
        try expectSymmetries(of: graph, [6])
    }

    @Test("neurons that take each other's places in each run move alike") func swapped() throws {
        let body = [
            Node("Split", inputs: ["state"], outputs: ["left", "right"], attributes: ["axis": .integer(1)]),
            Node("Concat", inputs: ["right", "left"], outputs: ["turned"], attributes: ["axis": .integer(1)]),
            Node("Add", inputs: ["turned", "b"], outputs: ["next"]),
            Node("Identity", inputs: ["holds"], outputs: ["still holds"]),
        ]
        try expectSymmetries(of: graph(runs: three, body: body, outputs: ["still holds", "next", "next"]), [3])
    }

    @Test("neurons that move on by one in each run stay where they are") func rolled() throws {
        let body = [
            Node("Slice", inputs: ["state", "one", "end", "one"], outputs: ["rest"]),
            Node("Slice", inputs: ["state", "zero", "one", "one"], outputs: ["first of all"]),
            Node("Concat", inputs: ["rest", "first of all"], outputs: ["turned"], attributes: ["axis": .integer(1)]),
            Node("Add", inputs: ["turned", "b"], outputs: ["next"]),
            Node("Identity", inputs: ["holds"], outputs: ["still holds"]),
        ]
        let constants = [
            "zero": Tensor([0] as [Int64]), "one": Tensor([1] as [Int64]), "end": Tensor([6] as [Int64]),
        ]
        let rolled = graph(
            runs: three, body: body, outputs: ["still holds", "next", "next"], constants: constants)
        try expectSymmetries(of: rolled, [])
    }

    @Test("a run that the number of runs chooses tells positions apart") func numbered() throws {
        let body = [
            Node("Gather", inputs: ["u", "number"], outputs: ["chosen"]),
            Node("Add", inputs: ["state", "chosen"], outputs: ["next"]),
            Node("Identity", inputs: ["holds"], outputs: ["still holds"]),
        ]
        let found = try expectSymmetries(
            of: graph(runs: three, body: body, outputs: ["still holds", "next", "next"]), [6])
        #expect(found.fixedAxes.contains { $0.parameter == "u" && $0.axis == 0 })
    }

    @Test("a loop may end when data say so, but rows of no known number are told apart") func open() throws {
        let body =
            step.dropLast(2) + [
                Node("ReduceSum", inputs: ["next"], outputs: ["size"], attributes: ["keepdims": .integer(0)]),
                Node("Greater", inputs: ["size", "far"], outputs: ["still holds"]),
            ]
        func whileFar(_ outputs: [String]) -> Graph {
            graph(runs: three, condition: "isFar", body: Array(body), outputs: outputs)
        }
        try expectSymmetries(of: whileFar(["still holds", "next"]), [6])
        var rows = whileFar(["still holds", "next", "next"])
        rows.nodes.insert(
            Node("ReduceSum", inputs: ["rows"], outputs: ["all rows"], attributes: ["keepdims": .integer(0)]), at: 4)
        rows.outputs.append("all rows")
        try expectSymmetries(of: rows, [])
    }

    @Test("a loop whose values change their shapes fixes what it reads") func growing() throws {
        let body = [
            Node("Concat", inputs: ["state", "state"], outputs: ["next"], attributes: ["axis": .integer(0)]),
            Node("Identity", inputs: ["holds"], outputs: ["still holds"]),
        ]
        let found = try expectSymmetries(
            of: graph(runs: three, body: body, outputs: ["still holds", "next", "holds"]), [])
        let reason = found.refusals.first { $0.key.contains("Loop") }?.value ?? "none"
        #expect(reason.contains("a shape that stays [2, 6]") || reason.contains("sizes"), "\(reason)")
    }

    /// A recurrent network over `x`, as `Scan` says it.
    private func scan(_ settings: [String: Attribute] = [:], constants: [String: Tensor] = [:]) -> Graph {
        let body = Graph(
            inputs: ["state", "moment"].map { Graph.Input(name: $0, shape: [], dtype: .float32) },
            outputs: ["next", "next"],
            nodes: [
                Node("MatMul", inputs: ["moment", "w"], outputs: ["read"]),
                Node("MatMul", inputs: ["state", "u"], outputs: ["kept"]),
                Node("Add", inputs: ["read", "kept"], outputs: ["sum"]),
                Node("Tanh", inputs: ["sum"], outputs: ["next"]),
            ], parameters: [])
        return Graph(
            inputs: [Graph.Input(name: "x", shape: [4, 2, 3], dtype: .float32)], outputs: ["y"],
            nodes: [
                Node(
                    "Scan", inputs: ["start", "x"], outputs: ["last", "rows"],
                    attributes: settings.merging(["body": .graph(body), "num_scan_inputs": .integer(1)]) { $1 }),
                Node("MatMul", inputs: ["rows", "v"], outputs: ["y"]),
            ], parameters: [.weight("w", 3, 6), .weight("u", 6, 6), .weight("v", 6, 2)],
            constants: constants.merging(["start": .zeros([2, 6], dtype: .float32)]) { first, _ in first })
    }

    @Test("states of a scan move alike at all moments") func scan() throws {
        try expectSymmetries(of: scan(), [6])
        try expectSymmetries(
            of: scan(["scan_input_directions": .integers([1]), "scan_output_axes": .integers([1])]), [6])
    }

    @Test("states that begin with different numbers are told apart") func start() throws {
        let start = Tensor((0..<12).map { Float($0) / 8 }, shape: [2, 6])
        try expectSymmetries(of: scan(constants: ["start": start]), [])
    }
}
