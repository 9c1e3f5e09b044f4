import ArgumentParser
import Experiments
import Foundation
import WeightSpaces
import Zoo

struct Demo: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Fit networks to pictures, read and edit their weights, and report it on a page.")

    @Option(help: "Labelled images: an IDX file, digits CSV, or a folder.")
    var images: String

    @Option(help: ArgumentHelp("The folder for the report.", valueName: "folder"))
    var out = "out/demo"

    func run() async throws {
        Interruption.watch()
        let images = try ImageSet(contentsOf: URL(filePath: images))
        let folder = URL(filePath: out)
        try Folder.create(folder)
        let bars = StageBars()
        let demonstration = Demonstration(
            images, plan: .init(for: images), in: folder, checkpoint: Interruption.check, observer: bars.update)
        let metrics = try await demonstration.run()
        bars.finish()
        print(
            """
            \(metrics.inr.networks) networks, PSNR median \(String(format: "%.1f", metrics.inr.psnr)) dB
            classified from weights: \(percent(metrics.classify.accuracy)), \
            flat perceptron \(percent(metrics.classify.perceptronAccuracy))
            edited: error \(decimal(metrics.edit.error)), unedited \(decimal(metrics.edit.identityError))
            equivariance error \(metrics.certificate.equivarianceError), \
            invariance error \(metrics.certificate.invarianceError), \
            negative control \(decimal(metrics.certificate.negativeControlError))
            \(folder.appending(path: "report.html").relativePath)
            """)
    }
}
