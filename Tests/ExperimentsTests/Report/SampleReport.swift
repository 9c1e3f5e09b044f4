import WeightSpaces
import Zoo

@testable import Experiments

extension DemoReport {
    /// A report with made-up figures: two fitted images, three edits, three classes.
    static func sample(images: String = "digits", className: String = "two", psnr: Double = 34.256) throws -> Self {
        func picture(_ seed: Int) -> Image {
            Image(height: 4, width: 4, channels: 1, pixels: (0..<16).map { UInt8(($0 * seed * 37) % 256) })
        }
        let times = (1...20).map { 3 * Double($0) }
        let rising = Curve(over: .seconds, times.map { time in (x: time, y: 1 - 1 / (time + 1)) })
        let flat = Curve(over: .seconds, times.map { time in (x: time, y: 0.15) })
        let fitted = (1...2).map { seed in
            (original: picture(seed), rendered: picture(seed + 4), psnr: 33.33)
        }
        let edited = (1...3).map { seed in
            (inr: picture(seed), edited: picture(seed + 2), target: picture(seed + 5))
        }
        return DemoReport(
            images: images, networkCount: 12_345, architecture: "2-32-32-1",
            recipe: "One network per image, from independent random initialisations.",
            command: "nfn demo --out out/demo --seed 7", seed: 7, space: try .mlp(widths: [2, 32, 32, 1]),
            fitting: Fitting(psnrMedian: psnr, psnrFifthPercentile: 31.04, samples: fitted),
            classification: Classification(
                accuracy: 0.9214, mlpAccuracy: 0.163, classNames: ["zero", "one", className],
                confusion: [[31, 2, 0], [0, 1207, 1], [3, 0, 29]], curve: rising, mlpCurve: flat),
            editing: Editing(
                editName: "dilation", mse: 0.01834, identityMSE: 0.0917, curve: flat, samples: edited),
            certificate: Certificate(
                equivarianceError: 3.14e-15, invarianceError: 8.2e-16, negativeControlError: 0.214),
            timings: [Timing(stage: "Fit", seconds: 121.4), Timing(stage: "Train", seconds: 8.25)])
    }
}
