public import Foundation
internal import WeightSpaces

/// Writes networks of a zoo to files of their own, and a table of what is known about them.
///
/// Each is a safetensors file whose metadata have the architecture and the facts, or has the form that it was imported from
/// (``ExportForm``), beside `siren.json` with what it does not say; `networks.csv` has all facts and a column `file`.
/// ``ZooImporting`` makes the same weights and facts of such a folder.
public struct ZooExporting {
    /// The numbers of the networks.
    public let networks: [Int]

    private let zoo: Zoo
    private let facts: ZooTable
    private let names: [String]
    private let forms: [(format: INR.Format, ending: String)]
    /// What files of PyTorch's do not say.
    private let description: SIRENDescription?
    private let grid: PixelGrid?

    /// What other zoos say for themselves, and the files' own metadata.
    private static let places: Set<String> = ["network", "architecture", "origin", "file"]

    /// Chooses networks.
    ///
    /// - Parameters:
    ///   - condition: an SQL expression over facts, all networks by default.
    ///   - limit: how many networks at most.
    ///   - form: in which form they are written.
    /// - Throws: ``ZooError/query(_:problem:)`` when SQLite does not understand the condition.
    public init(_ zoo: Zoo, where condition: String? = nil, limit: Int? = nil, as form: ExportForm = .original) throws {
        self.zoo = zoo
        let columns = try zoo.facts
        let table = try zoo.select(where: condition, limit: limit)
        networks = (table["network"] ?? []).compactMap(\.integer)
        names = Self.fileNames(table["file"]) ?? networks.map { "network-\(String(format: "%05d", $0))" }
        let kept = columns.indices.filter { !Self.places.contains(columns[$0]) }
        grid = (try? INRZoo(zoo))?.grid
        let sirens = networks.map { zoo.architecture(of: $0).definition(as: SIREN.self) }
        let descriptions = sirens.map { $0.map(SIRENDescription.init) }.distinct.values
        // One description is for the whole folder.
        description = descriptions.count == 1 ? descriptions[0] : nil
        let endings = table["ending"]
        forms = networks.indices.map { [description] row in
            (description == nil ? .safetensors : form).format(ending: endings?[row])
        }
        facts = ZooTable(columns: kept.map { columns[$0] }, rows: table.rows.map { row in kept.map { row[$0] } })
    }

    /// The names that networks had before they were imported, where all have one and none leads out of a folder.
    private static func fileNames(_ values: [ZooValue]?) -> [String]? {
        let names = (values ?? []).compactMap { value in
            if case .text(let name) = value { name } else { nil }
        }
        let areSafe = names.allSatisfy { name in
            let parts = name.split(separator: "/", omittingEmptySubsequences: false)
            return name.utf8.count <= 200 && name == name.oneLine()
                && parts.allSatisfy { !$0.isEmpty && !$0.hasPrefix(".") }
        }
        return names.count == values?.count && areSafe && Set(names).count == names.count ? names : nil
    }

    /// Writes the files into a folder, which is made if it does not exist; files of the same names are replaced.
    ///
    /// - Parameter progress: is called with the number of networks that are done, and may throw to stop.
    /// - Throws: `FileError`; what `progress` throws.
    public func run(in folder: URL, progress: (Int) throws -> Void = { _ in }) throws {
        try Folder.create(folder)
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        encoder.nonConformingFloatEncodingStrategy = .convertToString(
            positiveInfinity: "inf", negativeInfinity: "-inf", nan: "nan")
        for (index, network) in networks.enumerated() {
            try progress(index)
            let architecture = zoo.architecture(of: network)
            let known = Dictionary(zip(facts.columns, facts.rows[index])) { first, _ in first }
            var metadata = try StatedArchitecture.write(architecture)
            metadata["facts"] = String(decoding: try encoder.encode(known), as: UTF8.self)
            if architecture.kind == SIREN.kind, let grid {
                (metadata["height"], metadata["width"]) = ("\(grid.height)", "\(grid.width)")
            }
            let tensors = zip(architecture.parameters, zoo.parameters(at: [network])).map { parameter, stacked in
                StoredTensor(name: parameter.name, stacked.reshaped(parameter.shape))
            }
            let url = folder.appending(path: names[index] + forms[index].ending)
            try Folder.create(url.deletingLastPathComponent())
            switch forms[index].format {
            case .safetensors: try SafetensorsFile.write(tensors, metadata: metadata, to: url)
            case .pyTorch: try PyTorchFile.write(tensors, to: url)
            }
        }
        let table = ZooTable(
            columns: ["file"] + facts.columns, rows: zip(names, facts.rows).map { [.text($0)] + $1 })
        try AtomicFile.write(
            Data((table.csv + "\n").utf8), to: folder.appending(path: CheckpointFolder.tableName))
        if let description, forms.contains(where: { $0.format == .pyTorch }) {
            try AtomicFile.write(
                try encoder.encode(description), to: folder.appending(path: SIRENImport.descriptionName))
        }
        try progress(networks.count)
    }
}
