import Testing

@testable import Experiments

struct NumeralTests {
    @Test(arguments: [
        (0, "0"), (999, "999"), (1000, "1,000"), (-1_234_567, "−1,234,567"), (Int.min, "−9,223,372,036,854,775,808"),
    ])
    func countsHaveThousandsApart(value: Int, text: String) {
        #expect(Numeral.count(value) == text)
    }

    @Test(
        arguments: [
            (0.0, "0"), (0.02134, "0.0213"), (0.5, "0.500"), (12.345, "12.3"), (1234.5, "1234"),
            (0.00001234, "1.2 × 10⁻⁵"),
            (.nan, "not a number"), (-.infinity, "−∞"),
        ] as [(Double, String)])
    func threeDigitsAreSignificant(value: Double, text: String) {
        #expect(Numeral.significant(value) == text)
    }

    @Test(
        arguments: [(3.14e-15, "3.1 × 10⁻¹⁵"), (-2e20, "−2.0 × 10²⁰"), (0, "0"), (0.214, "2.1 × 10⁻¹")]
            as [(Double, String)])
    func powersStandRaised(value: Double, text: String) {
        #expect(Numeral.power(value) == text)
    }

    @Test(
        arguments: [(0.04, "0.0 s"), (59.4, "59.4 s"), (59.7, "1 min 0 s"), (132, "2 min 12 s")] as [(Double, String)])
    func durationsAreReadable(seconds: Double, text: String) {
        #expect(Numeral.duration(seconds).replacing("\u{A0}", with: " ") == text)
    }
}
