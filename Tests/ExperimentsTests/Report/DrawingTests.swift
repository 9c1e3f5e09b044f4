import Testing
import WeightSpaces

@testable import Experiments

struct WeightSpaceDrawingTests {
    @Test func biasesStandBesideTheWeightWhoseRowsTheyShare() throws {
        let space = try WeightSpace.mlp(widths: [2, 5, 3, 1])
        let layers = WeightSpaceDrawing(space: space).layers
        #expect(layers.map { $0.weight?.parameter } == ["0.weight", "1.weight", "2.weight"])
        #expect(layers.map { $0.biases.map(\.parameter) } == [["0.bias"], ["1.bias"], ["2.bias"]])
    }

    @Test func aScaleOfOtherNeuronsStandsAlone() throws {
        let space = try WeightSpace(
            groups: [PermutationGroup("a", size: 4), PermutationGroup("b", size: 4)],
            blocks: [
                Block(parameter: "w", shape: [4, 2], axes: [.permuted(0), .fixed(2)]),
                Block(parameter: "s", shape: [4], axes: [.permuted(1)]),
            ])
        #expect(WeightSpaceDrawing(space: space).layers.map { $0.weight?.parameter } == ["w", nil])
    }

    @Test(arguments: [
        ("mlp", try WeightSpace.mlp(widths: [2, 32, 32, 1]), 2),
        ("all neurons", try WeightSpace.mlp(widths: [2, 3, 1], symmetry: .allNeurons), 1),
        ("cnn", try WeightSpace.cnn(channels: [1, 4, 6], kernels: [[3, 3], [3, 3]], dense: [8, 10]), 3),
        ("rnn", try WeightSpace.rnn(inputs: 2, hidden: 4, outputs: 1), 2),
    ])
    func aRibbonJoinsRowsToTheNextColumnsOfTheirGroup(name: String, space: WeightSpace, ribbons: Int) {
        let source = WeightSpaceDrawing(space: space).svg.rendered
        #expect(source.matches(of: #/class="ribbon /#).count == ribbons)
        for block in space.blocks { #expect(source.contains(">\(block.parameter)<")) }
        for group in space.groups { #expect(source.contains(">group \(group.name), \(group.size) neurons<")) }
        #expect(!source.contains("nan") && !source.contains("inf"))
    }
}

struct LineChartTests {
    @Test(
        arguments: [
            (1.0, [0, 0.2, 0.4, 0.6, 0.8, 1]), (94, [0, 20, 40, 60, 80]), (0.091, [0, 0.02, 0.04, 0.06, 0.08]),
            (0, [0]),
        ] as [(Double, [Double])])
    func ticksAreRound(end: Double, expected: [Double]) {
        let ticks = LineChart.ticks(upTo: end)
        #expect(ticks.count == expected.count)
        #expect(zip(ticks, expected).allSatisfy { abs($0 - $1) < 1e-12 })
    }

    @Test func stepsAreWhole() {
        #expect(LineChart.ticks(upTo: 3, whole: true) == [0, 1, 2, 3])
    }

    @Test func higherIsBetterDrawnHigher() {
        let chart = LineChart(
            title: "t", abscissa: .steps,
            series: [.init(name: "a", points: [(x: 0, y: 0), (x: 10, y: 1)], isAccented: true)], top: 1,
            label: Numeral.short)
        #expect(chart.svg.rendered.contains("points=\"58,276 504,14\""))
    }
}
