public import FoundationEssentials
import Glibc

/// The formats of networks' weights that are read here.
public enum Checkpoints {
    private static let understood =
        "safetensors or PyTorch (.pt, .pth, .bin; also a folder of shards and their index), or NumPy (.npy, .npz)"
    /// What a folder's network is looked for under, in this order.
    private static let usualNames = [
        "model.safetensors", "pytorch_model.bin",
    ].flatMap { [$0 + ShardedCheckpoint.suffix, $0] }

    /// Opens the file or folder at `url`, whose contents decide what it is, not its name.
    ///
    /// - Throws: `FileError` when it cannot be read; `FormatError`: `otherFormat` when it is known to be something else,
    ///   `unknownFormat` when it is none of these formats.
    public static func open(_ url: URL) throws -> any Checkpoint {
        var status = stat()
        if stat(url.path, &status) == 0, status.st_mode & S_IFMT == S_IFDIR { return try open(folder: url) }
        let file = try MappedFile(url)
        guard ShardIndex.isIndex(file) else { return try open(file) }
        return try ShardedCheckpoint(index: url)
    }

    /// Opens a file that holds tensors itself.
    static func open(_ file: MappedFile) throws -> any Checkpoint {
        let front = file.withUnsafeBytes { Array($0.prefix(OtherContents.frontCount)) }
        if front.starts(with: Array("PK".utf8)) { return try open(archive: file) }
        if front.starts(with: NumPyHeader.magic) { return try NumPyFile(file) }
        if LegacyPyTorch.isStart(front) { return try PyTorchFile(LegacyPyTorch(file)) }
        if SafetensorsHeader.isStart(front) { return try SafetensorsFile(file) }
        if let found = OtherContents.description(of: front) {
            throw FormatError.otherFormat(file: file.url.relativePath, found: found)
        }
        let bytes = front.prefix(16).map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }
        throw unknown(file.url, "the first bytes \(bytes.joined(separator: " "))")
    }

    private static func open(folder url: URL) throws -> any Checkpoint {
        let names = try Folder.contents(of: url)
        guard let name = usualNames.first(where: names.contains) else {
            throw unknown(url, "a folder without \(usualNames.joined(separator: ", "))")
        }
        return try ModelFolder(url, name: name)
    }

    private static func open(archive file: MappedFile) throws -> any Checkpoint {
        let archive = try ZipArchive(file)
        let names = archive.members.lazy.map(\.name)
        if names.contains(where: PyTorchArchive.isPickle) { return try PyTorchFile(PyTorchArchive(archive)) }
        if names.isEmpty || names.contains(where: { $0.hasSuffix(NumPyArchive.suffix) }) {
            return try NumPyArchive(archive)
        }
        if names.contains("model.weights.h5") {
            throw FormatError.otherFormat(
                file: archive.name, found: "a Keras archive; save its arrays with numpy.savez, or convert it to ONNX")
        }
        throw unknown(
            file.url, "a zip archive without arrays or a pickle; if networks are packed in it, unpack it first")
    }

    private static func unknown(_ url: URL, _ found: String) -> FormatError {
        .unknownFormat(file: url.relativePath, expected: understood, found: found)
    }
}
