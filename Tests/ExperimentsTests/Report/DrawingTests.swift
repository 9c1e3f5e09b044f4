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
        let ticks = ChartFrame.ticks(in: 0...end)
        #expect(ticks.count == expected.count)
        #expect(zip(ticks, expected).allSatisfy { abs($0 - $1) < 1e-12 })
    }

    @Test func stepsAreWhole() {
        #expect(ChartFrame.ticks(in: 0...3, whole: true) == [0, 1, 2, 3])
    }

    @Test func higherIsBetterDrawnHigher() {
        let chart = LineChart(
            title: "t", abscissa: .steps,
            series: [.init(name: "a", points: [(x: 0, y: 0), (x: 10, y: 1)], stroke: .ours)], top: 1,
            label: Numeral.short)
        #expect(chart.svg.rendered.contains("points=\"58,276 504,14\""))
    }

    @Test func valuesBelowZeroAreDrawnBelowIt() {
        let chart = LineChart(
            title: "t", abscissa: .steps,
            series: [.init(name: "a", points: [(x: 0, y: -0.5), (x: 10, y: 1)], stroke: .ours)], top: 1,
            label: Numeral.short)
        #expect(chart.svg.rendered.contains("points=\"58,276 504,14\""))
        #expect(chart.svg.rendered.contains(">−0.5<"))
    }

    @Test func anAxisMayStartNearTheSmallestValue() {
        let chart = LineChart(
            title: "t", abscissa: .steps,
            series: [.init(name: "a", points: [(x: 0, y: 11), (x: 10, y: 14)], stroke: .ours)], startsAtZero: false,
            label: Numeral.short)
        #expect(chart.svg.rendered.contains("points=\"58,276 504,14\""))
        #expect(!chart.svg.rendered.contains(">0.5<") && chart.svg.rendered.contains(">11.5<"))
    }
}

struct ChartFrameTests {
    @Test func ticksLieWithinTheRange() {
        #expect(ChartFrame.ticks(in: -1...1) == [-1, -0.5, 0, 0.5, 1])
        #expect(ChartFrame.ticks(in: 11...14) == [11, 11.5, 12, 12.5, 13, 13.5, 14])
        #expect(ChartFrame.ticks(in: 0.25...0.75, whole: true).isEmpty)
    }

    @Test func rangesEndAtRoundNumbers() {
        #expect(ChartFrame.range(around: [0.13, 0.45, .nan]) == 0.1...0.5)
        #expect(ChartFrame.range(around: [3, 3]) == 2.5...3.5)
        #expect(ChartFrame.range(around: [.infinity]) == 0...1)
    }

    @Test func valuesBeyondTheFrameStandAtItsEdge() {
        let frame = ChartFrame.square(0...2)
        let (outside, corner) = (frame.point(9, -9), frame.point(2, 0))
        #expect(outside == corner)
        let (x, y) = frame.point(1, 1)
        #expect(x == 281 && y == 237)
    }
}

struct ScatterPlotTests {
    private func plot(_ points: [(target: Double, prediction: Double)]) -> String {
        ScatterPlot(title: "t", points: points, range: 0...1, isAccented: true).svg.rendered
    }

    @Test func rightPredictionsStandOnTheDiagonal() {
        let source = plot([(target: 0, prediction: 0), (target: 1, prediction: 1), (target: 1, prediction: 0)])
        #expect(source.contains("<line class=\"diagonal\" x1=\"58\" y1=\"460\" x2=\"504\" y2=\"14\">"))
        for corner in ["cx=\"58\" cy=\"460\"", "cx=\"504\" cy=\"14\"", "cx=\"504\" cy=\"460\""] {
            #expect(source.contains(corner))
        }
    }

    @Test func manyDotsAreThinnedOut() {
        let many = (0..<10_000).map { (target: Double($0) / 10_000, prediction: 0.5) }
        #expect(plot(many).matches(of: #/<circle/#).count == ScatterPlot.mostDots)
        #expect(plot(Array(many.prefix(100))).matches(of: #/<circle/#).count == 100)
    }
}

struct CalibrationPlotTests {
    @Test func meansOfWhatIsTrueStandOverPredictions() {
        let calibration = Calibration(predictions: [0, 1], targets: [0.5, 1])
        let source = CalibrationPlot(title: "t", calibration: calibration, range: 0...1, isAccented: false).svg.rendered
        #expect(source.contains("class=\"curve dotted\" points=\"58,237 504,14\""))
    }
}
