internal import Foundation
public import Graphs
public import WeightSpaces

/// Finds out which checkpoints are of one architecture: what the file states, or else what is derived from a graph or a
/// family of architectures, once for files whose parameters are alike.
///
/// Networks of equal structure whose names differ in what stands in front of all of them, such as a wrapper's `module.`,
/// are of one architecture.
struct ArchitectureRecognition {
    /// What was found so far.
    private(set) var architectures: [RecognizedArchitecture] = []
    private var known: [Signature: (architecture: Int, prefix: String)] = [:]
    private let siren: SIRENImport

    private struct Signature: Hashable {
        let entries: [CheckpointEntry]
        let metadata: [String: String]
        /// Where there is a file beside the checkpoint that says more about the architecture, or a graph in it.
        let place: String?
    }

    init(_ siren: SIRENImport) { self.siren = siren }

    /// The number of a checkpoint's architecture in ``architectures``, and what stands in front of its parameters' names.
    ///
    /// - Throws: `FamilyError` when the architecture is not known; ``ImportError`` when it does not fit the parameters.
    mutating func kind(of checkpoint: any Checkpoint) throws -> (architecture: Int, prefix: String) {
        let all = (checkpoint as? SafetensorsFile)?.metadata ?? [:]
        let isAlone =
            try !Network.isDescribed(checkpoint)
            && !FileManager.default.fileExists(atPath: checkpoint.folder.appending(path: "config.json").path)
        let signature = Signature(
            entries: checkpoint.entries,
            metadata: all.filter { ["architecture", "name", "space", all["architecture"]].contains($0.key) },
            place: isAlone ? nil : checkpoint.url.path)
        if let kind = known[signature] { return kind }
        let found = try siren.architecture(of: checkpoint)
        let number = architectures.firstIndex(where: found.isLike) ?? architectures.count
        if number == architectures.count { architectures.append(found) }
        known[signature] = (number, found.prefix)
        return (number, found.prefix)
    }
}

extension NetworkArchitecture {
    /// The architecture of a network in a file: what the file states, or else what is derived from its graph or the names
    /// and shapes of its parameters.
    ///
    /// - Parameter facts: what is known of the network, should its file not say it.
    /// - Throws: `FamilyError` when the architecture is not known; ``ImportError`` when it does not fit the parameters.
    public init(of checkpoint: any Checkpoint, stating facts: StatedFacts = StatedFacts()) throws {
        let file = checkpoint.url.relativePath
        if let metadata = (checkpoint as? SafetensorsFile)?.metadata,
            let stated = try StatedArchitecture.read(metadata, file: file)
        {
            self = stated
        } else {
            do {
                let network = try Network(checkpoint.url, stating: facts)
                self.init(imported: try network.symmetries().space, network.assumptions)
            } catch let error where error is GraphError || error is WeightSpaceError {
                throw ImportError.malformed(
                    file: file, expected: "a network whose symmetries can be derived", found: "\(error)")
            }
        }
        for (name, shape) in parameters {
            guard let entry = checkpoint[name], entry.shape == shape, entry.dtype.tensorDType?.isFloatingPoint == true
            else {
                throw ImportError.malformed(
                    file: file, expected: "\(name.oneLine(limit: 100)) to be floating point \(shape)",
                    found: checkpoint[name].map { "\($0.dtype.rawValue) \($0.shape)" } ?? "none")
            }
        }
    }
}
