/// What was predicted over what is true, a dot each, and the diagonal on which predictions are right.
struct ScatterPlot {
    var title: String
    var points: [(target: Double, prediction: Double)]
    /// Of both axes; dots beyond it stand at its edge.
    var range: ClosedRange<Double>
    /// Whether the predictions are ours, in the accent colour, or those beside them.
    var isAccented: Bool

    /// More dots than these hide each other, and every page would hold them all.
    static let mostDots = 3000

    var svg: Markup {
        let frame = ChartFrame.square(range)
        let count = min(points.count, Self.mostDots)
        let dots = (0..<count).map { number -> Markup in
            let point = points[number * points.count / count]
            return .dot(
                at: frame.point(point.target, point.prediction), class: isAccented ? "sample ours" : "sample",
                radius: 2.5)
        }
        return frame.drawing(title, frame.diagonal(across: "true", along: "predicted") + dots)
    }
}
