internal import Foundation
internal import WeightSpaces

extension DemoReport {
    var weightSpaceSection: Markup {
        .section(
            "weight-space", title: "What the functionals know",
            [
                .tag(
                    "p",
                    [
                        """
                        Hidden neurons have no order. Move one, and a row of one weight, an entry of its bias and a \
                        column of the next weight move together, while the picture stays as it was: \
                        \(rearrangements). The functionals know this structure and nothing else about the networks.
                        """
                    ]),
                .tag(
                    "figure",
                    [
                        .tag("div", ["class": "scroll"], [WeightSpaceDrawing(space: space).svg]),
                        .tag(
                            "figcaption",
                            [
                                """
                                The weight space. One colour is one permutation group; each line is a neuron of it, \
                                from its row to its column. Thin bars are biases; grey axes are fixed.
                                """
                            ]),
                    ]),
            ])
    }

    /// The order of the product of all groups that leave a network's function alone, `∏ n!`, in words.
    private var rearrangements: String {
        let logarithm = space.groups.filter { !$0.isOrdered }
            .reduce(0) { $0 + (1...$1.size).reduce(0) { $0 + log10(Double($1)) } }
        return logarithm < 6
            ? "\(Numeral.count(Int(pow(10, logarithm).rounded()))) arrangements of every network"
            : "about \(Numeral.powerOfTen(Int(logarithm.rounded()))) arrangements of every network"
    }

    var certificateSection: Markup {
        let limit = Numeral.powerOfTen(-10)
        let control = Numeral.powerOfTen(-3)
        return .section(
            "certificate", title: "The symmetry, measured",
            [
                .tag(
                    "p",
                    [
                        """
                        Networks were rearranged at random and given to both trained functionals in float64. The \
                        edit must be rearranged in the same way, and the class scores must not change. The negative \
                        control rearranges rows without the columns that belong to them: that is another network, \
                        and a functional that did not notice would be worth nothing.
                        """
                    ]),
                .facts(
                    ["Relative error", "measured", "must be", ""],
                    rows: [
                        fact(
                            "Editor, equivariance", certificate.equivarianceError, "≤ \(limit)",
                            certificate.equivarianceError <= Certificate.largestError),
                        fact(
                            "Classifier, invariance", certificate.invarianceError, "≤ \(limit)",
                            certificate.invarianceError <= Certificate.largestError),
                        fact(
                            "Negative control", certificate.negativeControlError, "≥ \(control)",
                            certificate.negativeControlError >= Certificate.smallestControl),
                    ]),
            ])
    }

    private func fact(_ name: String, _ value: Double, _ bound: String, _ holds: Bool) -> (String, [Markup]) {
        (name, [.text(Numeral.power(value)), .text(bound), .tag(holds ? "b" : "strong", [holds ? "holds" : "fails"])])
    }
}
