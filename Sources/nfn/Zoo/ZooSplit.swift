import ArgumentParser
import Foundation
import Zoo

struct ZooSplit: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "split", abstract: "Store which networks are for training, for validation and for the test.")

    @Argument(help: "The zoo's folder.")
    var zoo: String

    @Option(
        help: ArgumentHelp(
            "Networks that agree in this fact stay together; by default the image where there is one, else the run.",
            valueName: "fact"))
    var by: String?

    @Option(help: "The part to validate on.")
    var validation = 0.1

    @Option(help: "The part to test on, 0.1 unless --test-where says which.")
    var test: Double?

    @Option(
        help: ArgumentHelp(
            "Test on the networks that meet a condition, such as 'width > 32', and on those that stay with them.",
            valueName: "condition"))
    var testWhere: String?

    @Option(help: "The starting point of the draw.")
    var seed: UInt64 = 0

    func validate() throws {
        for (name, value) in [("validation", validation), ("test", test ?? 0)] where !(0..<1).contains(value) {
            throw ValidationError("--\(name): expected a part in 0..<1, got \(value)")
        }
        if test != nil, testWhere != nil { throw ValidationError("expected --test or --test-where, got both") }
    }

    func run() throws {
        let zoo = try Zoo(contentsOf: URL(filePath: zoo))
        let by = try by ?? zoo.kinship
        let groups = try zoo.groups(by: by)
        let split =
            if let testWhere {
                try Split(
                    groups: groups, validation: .fraction(validation), testing: zoo.networks(where: testWhere),
                    seed: seed)
            } else {
                try Split(
                    groups: groups, validation: .fraction(validation), test: .fraction(test ?? 0.1), seed: seed)
            }
        let writer = try ZooWriter(reopening: zoo)
        try writer.set(split)
        try writer.finish()
        print(
            "\(zoo.folder.relativePath): \(split.train.count) networks to train on, \(split.validation.count) to validate, "
                + "\(split.test.count) to test, by \(by)")
    }
}
