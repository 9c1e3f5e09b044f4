internal import Foundation
internal import Graphs
internal import Torch
internal import WeightSpaces

/// A folder of checkpoints, also in sub-folders: a network in each file, in the order of their paths.
///
/// A network's fact `file` is its path without ending. Labels are a CSV file whose column `file` has that path, or its
/// last part, with or without ending; every other column becomes a fact. A column `run` tells which networks belong
/// together, otherwise each is a run of its own; `split` has train, validation (or val) and test.
struct CheckpointFolder: ImportSource {
    /// The table that ``ZooExporting`` writes beside networks.
    static let tableName = "networks.csv"
    private static let endings = [".safetensors", ".pth", ".pt", ".bin", ".npz", ".onnx"]
    private static let deepest = 16

    let form = ImportPlan.Form.checkpoints
    let fingerprint: String
    let largestNetwork: Int
    private let files: [File]
    private let labels: CheckpointLabels?

    private struct File {
        let url: URL
        let name: String
    }

    var count: Int { files.count }

    /// - Throws: `FileError`, ``ImportError``.
    init(contentsOf folder: URL, labels: URL?) throws {
        let files = try Self.files(in: folder, path: "", depth: 0).sorted { $0.name < $1.name }
        guard !files.isEmpty else {
            throw ImportError.noNetworks(
                folder: folder.relativePath,
                expected: "files that end with \(Self.endings.joined(separator: ", ")), or \(SmallCNNZoo.weightsName)")
        }
        for (first, second) in zip(files, files.dropFirst()) where first.name == second.name {
            throw ImportError.sameName(folder: folder.relativePath, name: first.name)
        }
        let table = folder.appending(path: Self.tableName)
        let labels = labels ?? (FileManager.default.fileExists(atPath: table.path) ? table : nil)
        self.files = files
        self.labels = try labels.map { try CheckpointLabels(contentsOf: $0, for: files.map(\.name)) }
        var (fingerprint, largest) = (SourceFingerprint(), 0)
        for file in files { largest = max(largest, try fingerprint.absorb(file.url, called: file.name)) }
        if let labels { try fingerprint.absorb(labels, called: Self.tableName) }
        self.fingerprint = fingerprint.text
        largestNetwork = largest
    }

    private static func files(in folder: URL, path: String, depth: Int) throws -> [File] {
        try Folder.contents(of: folder).flatMap { name -> [File] in
            let url = folder.appending(path: name)
            var isFolder: ObjCBool = false
            guard FileManager.default.fileExists(atPath: url.path, isDirectory: &isFolder) else { return [] }
            if isFolder.boolValue {
                return depth < deepest ? try files(in: url, path: path + name + "/", depth: depth + 1) : []
            }
            let stem = withoutEnding(name)
            return stem == name ? [] : [File(url: url, name: path + stem)]
        }
    }

    /// A file's name without what tells its format.
    static func withoutEnding(_ name: String) -> String {
        guard let ending = endings.first(where: name.hasSuffix), name.count > ending.count else { return name }
        return String(name.dropLast(ending.count))
    }

    func piece(_ networks: Range<Int>, checkpoint: (Int) throws -> Void) throws -> ZooPiece {
        var recognition = ArchitectureRecognition()
        var stacks: [Int: (networks: [Int], parameters: [[Tensor]])] = [:]
        for network in networks {
            try checkpoint(network - networks.lowerBound)
            let file = try Network.checkpoint(at: files[network].url)
            let number = try recognition.number(of: file)
            let parameters = try recognition.architectures[number].parameters.compactMap { name, _ in
                try file[name].flatMap { try file.tensor($0)?.to(.float32) }
            }
            guard parameters.allSatisfy(\.isFinite) else { continue }
            stacks[number, default: ([], [])].networks.append(network)
            stacks[number, default: ([], [])].parameters.append(parameters)
        }
        return ZooPiece(
            stacks.sorted { $0.key < $1.key }.map { number, rows in
                let architecture = recognition.architectures[number]
                return .init(
                    architecture,
                    parameters: architecture.parameters.indices.map { index in stack(rows.parameters.map { $0[index] })
                    },
                    facts: ZooTable(
                        columns: ["run", "file"] + (labels?.columns ?? []),
                        rows: rows.networks.map { network in
                            [.integer(labels?.runs?[network] ?? network), .text(files[network].name)]
                                + (labels?[network] ?? [])
                        }))
            })
    }
}
