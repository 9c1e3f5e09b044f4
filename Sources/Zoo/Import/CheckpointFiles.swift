internal import Foundation
internal import Graphs
internal import WeightSpaces

/// The files of a folder and its sub-folders that look like checkpoints, by their endings or by their first bytes.
///
/// Shards that an index names are one network. What trainers write beside a model, such as the state of its optimizer, and
/// a PyTorch copy of a model that is there as safetensors, are passed over.
struct CheckpointFiles {
    struct File {
        let url: URL
        /// The path in the folder, without what tells the format.
        let name: String
        /// What tells the format, from the dot; empty where content alone does.
        let ending: String
    }

    /// By name.
    private(set) var files: [File] = []
    /// The paths of what is no network.
    private(set) var passedOver: [String] = []

    static let endings = [
        ".safetensors.index.json", ".bin.index.json", ".safetensors", ".pth.tar", ".pth", ".pt", ".bin", ".ckpt",
        ".npz",
        ".onnx",
    ]
    private static let deepest = 16

    /// - Throws: `FileError`; ``ImportError`` when two files have the same name but for their endings.
    init(in folder: URL) throws {
        try walk(folder, path: "", depth: 0)
        files.sort { ($0.name, $0.ending) < ($1.name, $1.ending) }
        for (first, second) in zip(files, files.dropFirst()) where first.name == second.name {
            throw ImportError.sameName(folder: folder.relativePath, name: first.name)
        }
    }

    /// A file's name without what tells its format.
    static func withoutEnding(_ name: String) -> String { String(name.dropLast(ending(of: name).count)) }

    private static func ending(of name: String) -> String {
        endings.first { name.hasSuffix($0) && name.count > $0.count } ?? ""
    }

    private mutating func walk(_ folder: URL, path: String, depth: Int) throws {
        let names = try Folder.contents(of: folder)
        var shards = Set<String>()
        for name in names where name.hasSuffix(".index.json") && !Self.ending(of: name).isEmpty {
            shards.formUnion(Self.shards(ofIndex: folder.appending(path: name)))
        }
        let hasSafetensors = names.contains { $0 == "model.safetensors" || $0 == "model.safetensors.index.json" }
        for name in names where !shards.contains(name) {
            let url = folder.appending(path: name)
            var isFolder: ObjCBool = false
            guard FileManager.default.fileExists(atPath: url.path, isDirectory: &isFolder) else { continue }
            if isFolder.boolValue {
                if depth < Self.deepest { try walk(url, path: path + name + "/", depth: depth + 1) }
                continue
            }
            let ending = Self.ending(of: name)
            if ending.isEmpty, try !Self.looksLikeCheckpoint(url, called: name) { continue }
            let stem = Self.withoutEnding(name)
            let isCopy = hasSafetensors && stem == "pytorch_model" && ending.hasPrefix(".bin")
            if isCopy || stem.wholeMatch(of: Self.trainerStates) != nil {
                passedOver.append(path + name)
            } else {
                files.append(File(url: url, name: path + stem, ending: ending))
            }
        }
    }

    /// What trainers call the files that they need beside a model.
    private nonisolated(unsafe) static let trainerStates =
        /(optimizer|optim|scheduler|lr_scheduler|scaler|rng_state|random_states|training_args|trainer_state)(_states)?([_-]?\d+)*/

    /// Whether a file without a known ending begins as archives of PyTorch, files of old PyTorch or safetensors do.
    private static func looksLikeCheckpoint(_ url: URL, called name: String) throws -> Bool {
        if [".npy", ".zip", ".jar", ".whl", ".docx", ".xlsx"].contains(where: name.hasSuffix) { return false }
        guard let file = try? MappedFile(url) else { return false }
        let front = file.withUnsafeBytes { Array($0.prefix(16)) }
        if front.starts(with: [0x50, 0x4B, 3, 4]) { return file.count > 64 }
        if front.starts(with: [0x80, 0x02, 0x8A, 0x0A, 0x6C, 0xFC]) { return true }
        return front.count > 8 && front[8] == UInt8(ascii: "{") && front[5..<8].allSatisfy { $0 == 0 }
    }

    /// The files that an index names; none where it is damaged, which its own opening says.
    private static func shards(ofIndex url: URL) -> Set<String> {
        guard let data = try? Data(contentsOf: url),
            case .object(let members)? = try? JSONDecoder().decode(JSONTree.self, from: data),
            case .object(let places)? = members["weight_map"]
        else { return [] }
        return Set(places.values.compactMap { if case .text(let name) = $0 { name } else { nil } })
    }
}

extension Checkpoint {
    /// Whether some tensor has the numbers of a network's weights.
    ///
    /// - Throws: `FormatError` where all such numbers are of types that are not computed with.
    var hasWeights: Bool {
        get throws {
            let weights = entries.filter(\.dtype.isFloatingPoint)
            if weights.contains(where: { $0.dtype.tensorDType != nil }) { return true }
            guard let first = weights.min(by: { $0.name < $1.name }) else { return false }
            throw FormatError.unusableTensor(
                file: url.relativePath, tensor: first.name, found: "elements of type \(first.dtype.rawValue)")
        }
    }
}

extension FormatError {
    /// Whether a sound pickle says that there are no tensors in the file, as in the state of an optimizer.
    var isOfNoNetwork: Bool {
        guard case .malformed(_, "the pickle", let expected, _) = self else { return false }
        return expected.hasPrefix("named tensors") || expected.hasPrefix("a dictionary of named tensors")
    }
}
