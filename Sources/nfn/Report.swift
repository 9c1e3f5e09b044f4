import ArgumentParser
import Experiments
import Foundation
import NeuralFunctionals
import WeightSpaces
import Zoo

struct Report: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Write the page about a run anew: what was trained on what, curves, errors, the certificate.")

    @Argument(help: ArgumentHelp("The run's folder.", valueName: "run"))
    var runFolder: String

    func run() throws {
        let url = URL(filePath: runFolder)
        if let result = try? GeneralisationResult(of: url) {
            let page = url.appending(path: GeneralisationStudy.reportFileName)
            try AtomicFile.write(Data(result.html().utf8), to: page)
            return print(page.relativePath)
        }
        let folder = try RunFolder(contentsOf: url)
        switch folder.run.kind {
        case .classify: try folder.run.classification(ClassifierReport(folder: folder))
        case .edit(let edit):
            let task = try folder.run.editing(folder.run.population(), edit: edit)
            try folder.write(RunReport(task, EquivariantFunctional(contentsOf: folder.model), in: folder))
        }
        print(folder.report.relativePath)
    }
}

/// Writes the page about a classifier.
private struct ClassifierReport: ClassificationUse {
    let folder: RunFolder

    func callAsFunction<Model: PopulationLearner>(_ task: Classification<Model>, of zoo: Zoo) throws {
        try folder.write(RunReport(task, Model(contentsOf: folder.model), of: zoo, in: folder))
    }
}
