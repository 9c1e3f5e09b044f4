internal import Foundation
internal import Graphs
internal import Torch
internal import WeightSpaces

/// A folder of checkpoints, also in sub-folders: a network in each file, in the order of their paths.
///
/// A network's fact `file` is its path without ending. Labels are a CSV file whose column `file` has that path, or an
/// end of it from a slash on, with or without ending; every other column becomes a fact. A column `run` tells which networks belong
/// together, otherwise checkpoints of one run do (``RunFacts``), and every other network is a run of its own; `split` has
/// train, validation (or val) and test.
struct CheckpointFolder: ImportSource {
    /// The table that ``ZooExporting`` writes beside networks.
    static let tableName = "networks.csv"

    let form = ImportPlan.Form.checkpoints
    let fingerprint: String
    let largestNetwork: Int
    let passedOver: [String]
    let unreadable: [String]
    let siren: SIRENImport
    private let files: [CheckpointFiles.File]
    private let labels: CheckpointLabels?
    private let facts: [RunFacts]
    private let runs: [Int]
    private let architectures: [RecognizedArchitecture]
    /// The number of each file's architecture, and what stands in front of its parameters' names.
    private let kinds: [(architecture: Int, prefix: String)]

    var count: Int { files.count }

    /// - Parameter checkpoint: is called with the number of files that were looked at, and how many there are.
    /// - Throws: `FileError`, ``ImportError``; unless unreadable files are skipped, what reading them throws.
    init(
        contentsOf folder: URL, labels: URL?, _ options: ImportOptions, checkpoint: (Int, Int) throws -> Void
    ) throws {
        let found = try CheckpointFiles(in: folder)
        let table = folder.appending(path: Self.tableName)
        let labels = labels ?? (FileManager.default.fileExists(atPath: table.path) ? table : nil)
        siren = try options.pictures(in: folder)
        var (recognition, fingerprint, largest) = (ArchitectureRecognition(siren), SourceFingerprint(), 0)
        var (files, kinds) = ([CheckpointFiles.File](), [(architecture: Int, prefix: String)]())
        var (passedOver, unreadable) = (found.passedOver, [String]())
        for (number, file) in found.files.enumerated() {
            try checkpoint(number, found.files.count)
            do {
                let network = try Network.checkpoint(at: file.url)
                guard try network.hasWeights else {
                    passedOver.append(file.name + file.ending)
                    continue
                }
                kinds.append(try recognition.kind(of: network))
                files.append(file)
            } catch let error as FormatError where error.isOfNoNetwork {
                passedOver.append(file.name + file.ending)
                continue
            } catch {
                guard options.skipsUnreadable else { throw error }
                unreadable.append("\(error)")
                continue
            }
            largest = max(largest, try fingerprint.absorb(file.url, called: file.name))
        }
        guard !files.isEmpty else {
            throw ImportError.noNetworks(
                folder: folder.relativePath,
                expected: "files that end with \(CheckpointFiles.endings.suffix(8).joined(separator: ", ")), or "
                    + SmallCNNZoo.weightsName, passedOver: passedOver.count, unreadable: unreadable.count)
        }
        if siren.size != nil, recognition.architectures.contains(where: { $0.siren == nil }) {
            throw ImportError.siren(folder: folder.relativePath)
        }
        self.labels = try labels.map { try CheckpointLabels(contentsOf: $0, for: files.map(\.name)) }
        if let labels { try fingerprint.absorb(labels, called: Self.tableName) }
        var reader = RunFiles()
        facts = files.map { RunFacts(of: $0.name, in: folder, reading: &reader) }
        runs = self.labels?.runs ?? facts.map(\.run).distinct.numbers
        (self.files, self.kinds, self.fingerprint, largestNetwork) = (files, kinds, fingerprint.text, largest)
        (self.passedOver, self.unreadable) = (passedOver, unreadable)
        architectures = recognition.architectures
    }

    /// A network on its way into a stack.
    private struct Row {
        let parameters: [Tensor]
        let facts: [(name: String, value: ZooValue)]
    }

    func piece(_ networks: Range<Int>, checkpoint: (Int) throws -> Void) throws -> ZooPiece {
        var stacks: [Int: [Row]] = [:]
        for network in networks {
            try checkpoint(network - networks.lowerBound)
            let file = try Network.checkpoint(at: files[network].url)
            let (number, prefix) = kinds[network]
            let parameters = try architectures[number].parameters(of: file, prefix: prefix)
            guard parameters.allSatisfy(\.isFinite) else { continue }
            stacks[number, default: []].append(
                Row(parameters: parameters, facts: try facts(of: network, file, architectures[number])))
        }
        return ZooPiece(
            try stacks.sorted { $0.key < $1.key }.map { number, rows in try stack(rows, architectures[number]) })
    }

    private func facts(
        of network: Int, _ checkpoint: any Checkpoint, _ architecture: RecognizedArchitecture
    ) throws -> [(name: String, value: ZooValue)] {
        let stated = zip(labels?.columns ?? [], labels?[network] ?? []).map { (name: $0, value: $1) }
        let known = Dictionary(stated.map { ($0.name, $0.value) }) { first, _ in first }.filter { $0.value != .none }
        let pictured =
            try architecture.siren.map { try siren.facts(of: files[network], checkpoint, $0, known: known) } ?? []
        let named: [(name: String, value: ZooValue)] = [
            ("run", .integer(runs[network])), ("file", .text(files[network].name)),
        ]
        var (facts, taken) = (named, Set(named.map(\.name)))
        let others = stated.filter { $0.value != .none } + pictured + self.facts[network].facts + stated
        for fact in others where taken.insert(fact.name).inserted { facts.append(fact) }
        return facts
    }

    private func stack(_ rows: [Row], _ architecture: RecognizedArchitecture) throws -> ZooPiece.Stack {
        let parameters = architecture.value.parameters.indices.map { index in
            Torch.stack(rows.map { $0.parameters[index] })
        }
        var facts = rows.map(\.facts)
        var companions: [StoredTensor] = []
        let images = facts.compactMap { $0.first { $0.name == "image" }?.value.integer }
        if let network = architecture.siren, images.count == rows.count,
            let (pixels, psnr) = siren.originals(of: network, parameters, images: images)
        {
            companions.append(pixels)
            for (row, quality) in psnr.enumerated() {
                facts[row].removeAll { $0.name == "psnr" }
                facts[row].append(("psnr", .real(quality)))
            }
        }
        let columns = facts.flatMap { $0.map(\.name) }.distinct.values
        return ZooPiece.Stack(
            architecture.value, parameters: parameters,
            facts: ZooTable(
                columns: columns,
                rows: facts.map { facts in
                    columns.map { name in facts.first { $0.name == name }?.value ?? .none }
                }), companions: companions)
    }
}
