import ArgumentParser
import Foundation
import Zoo

struct ZooImport: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "import", abstract: "Make a zoo of networks that are kept in other files.",
        discussion: """
            The folder has either weights.npy, metrics.csv (or .csv.gz) and layout.csv, as the Small CNN Zoo was published, \
            or a safetensors, PyTorch, NumPy or ONNX file for each network, also in sub-folders. Weights become float32. An \
            import that was interrupted or killed continues when the same command is given again.

            In a table of --labels, file is a network's path in the folder or the end of it. Networks with the same run \
            belong together; split is train, validation or test; all other columns become facts.

            With --siren the networks are implicit representations of pictures, which are then drawn, read and edited as \
            those of nfn fit. Given the pictures that they were fitted to, the fact psnr tells whether the settings are right.
            """)

    @Argument(help: "The folder with the networks.")
    var folder: String

    @Option(help: ArgumentHelp("The folder for the zoo.", valueName: "zoo"))
    var out: String

    @Option(
        help: ArgumentHelp(
            "A CSV file of facts: a column file, and others; networks.csv in the folder by default.",
            valueName: "file"))
    var labels: String?

    @OptionGroup var pictures: SIRENOptions

    @Option(
        help: ArgumentHelp(
            """
            The pictures that SIRENs were fitted to, as nfn fit reads them. A network's fact image, from its path or the \
            labels, is the number of its picture.
            """, valueName: "images"))
    var images: String?

    @Flag(help: "Pass over files that cannot be read, and count them.")
    var skipUnreadable = false

    @OptionGroup(title: "What the files do not say") var stated: StatedOptions

    func run() throws {
        Interruption.watch()
        let target = URL(filePath: out)
        var options = ImportOptions()
        (options.siren, options.size) = (pictures.siren, pictures.size?.grid)
        (options.images, options.skipsUnreadable) = (images.map { URL(filePath: $0) }, skipUnreadable)
        options.stated = stated.facts
        let importing = try look(options, target)
        let bar = ProgressBar("importing", total: importing.plan.count, unit: "networks")
        do {
            try importing.run(checkpoint: Interruption.check) { bar.update($0) }
        } catch {
            bar.finish()
            throw error
        }
        bar.finish()
        for problem in importing.unreadable.prefix(Self.listed) { warn("passed over: \(problem)") }
        let zoo = try Zoo(contentsOf: target)
        for architecture in zoo.architectures {
            for assumption in architecture.assumptions { warn("\(architecture.name): \(assumption)") }
        }
        try report(zoo, importing)
    }

    /// Looks at every file, with a bar where that takes long.
    private func look(_ options: ImportOptions, _ target: URL) throws -> ZooImporting {
        var bar: ProgressBar?
        defer { bar?.finish() }
        let begin = ContinuousClock.now
        return try ZooImporting(
            from: URL(filePath: folder), labels: labels.map { URL(filePath: $0) }, options, in: target
        ) { done, total in
            try Interruption.check()
            if bar == nil, ContinuousClock.now - begin > .seconds(2) {
                bar = ProgressBar("looking at", total: total, unit: "files")
            }
            bar?.update(done)
        }
    }

    /// How many files are named one by one.
    private static let listed = 20
    /// What no SIREN that was drawn as it was fitted stays below, in dB.
    private static let poor = 15.0

    private func report(_ zoo: Zoo, _ importing: ZooImporting) throws {
        let lost = importing.plan.count - zoo.count
        var parts = [
            "\(zoo.folder.relativePath): \(zoo.count) networks of \(zoo.architectures.count) "
                + (zoo.architectures.count == 1 ? "architecture" : "architectures")
        ]
        if lost > 0 { parts.append("left out \(lost) with weights that are NaN or infinite") }
        let others = importing.passedOver
        if !others.isEmpty {
            let names = others.prefix(3).joined(separator: ", ") + (others.count > 3 ? ", …" : "")
            parts.append("passed over \(Self.files(others.count)) without a network (\(names))")
        }
        if !importing.unreadable.isEmpty {
            parts.append("passed over \(Self.files(importing.unreadable.count)) that cannot be read")
        }
        if images != nil {
            let psnr = try zoo.values(of: "psnr").compactMap(\.number).sorted()
            if let median = psnr.isEmpty ? nil : psnr[psnr.count / 2] {
                parts.append("PSNR median \(String(format: "%.2f dB", median))")
                if !(median >= Self.poor) {
                    warn(
                        """
                        the networks do not draw the pictures that they are said to show: check omega, shift, scale, colours, \
                        coordinates and order of --siren, and the column image
                        """)
                }
            }
        }
        print(parts.joined(separator: "; "))
    }

    private static func files(_ count: Int) -> String { count == 1 ? "1 file" : "\(count) files" }

    private func warn(_ text: String) { FileHandle.standardError.write(Data("nfn: \(text)\n".utf8)) }
}
