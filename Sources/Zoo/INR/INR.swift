public import Foundation
internal import Graphs
public import Torch
public import WeightSpaces

/// An implicit neural representation: a network that is a picture.
public struct INR: Sendable {
    /// The architecture.
    public let siren: SIREN
    /// The size of the picture that the network was fitted to.
    public let grid: PixelGrid
    /// Weights and biases in the order of ``SIREN/parameterNames``, without a batch axis.
    public let parameters: [Tensor]

    /// - Traps: when a shape does not belong to the architecture, or the architecture does not draw pictures.
    public init(siren: SIREN, grid: PixelGrid, parameters: [Tensor]) {
        precondition(siren.drawsPictures, "expected 2 inputs and 1 or 3 outputs, got widths \(siren.widths)")
        let shapes = parameters.map(\.shape)
        precondition(shapes == siren.parameterShapes, "expected \(siren.parameterShapes), got \(shapes)")
        self.siren = siren
        self.grid = grid
        self.parameters = parameters
    }

    /// The picture, at the size that was fitted or at another.
    public func image(at size: PixelGrid? = nil) -> Image {
        let grid = size ?? grid
        let drawn = withoutGradients {
            siren.render(parameters.map { $0.to(.float32).expandingAxis(0) }, at: grid.coordinates())
        }
        return Image(
            height: grid.height, width: grid.width, channels: siren.widths.last ?? 1,
            signal: drawn.elements(as: Float.self))
    }
}

extension INR {
    /// Reads a network: a file that ``write(to:as:)`` has written, or weights in any format with a description of what they
    /// do not say.
    ///
    /// - Parameters:
    ///   - description: of files that do not describe themselves.
    ///   - size: the size of the picture, in place of what is known.
    /// - Throws: `FileError`, `FormatError`; ``INRError`` when the file holds something else, or too little is known.
    public init(contentsOf url: URL, describedBy description: SIRENDescription? = nil, size: PixelGrid? = nil) throws {
        try self.init(Network.checkpoint(at: url), describedBy: description, size: size)
    }

    /// Reads a network from an opened file.
    public init(
        _ checkpoint: any Checkpoint, describedBy description: SIRENDescription? = nil, size: PixelGrid? = nil
    ) throws {
        let file = checkpoint.url.relativePath
        let stated = try StatedINR(checkpoint)
        guard let siren = try stated?.siren ?? description.map({ try SIREN(of: checkpoint, describedBy: $0) }) else {
            throw INRError.architecture(
                file: file, found: (checkpoint as? SafetensorsFile)?.metadata["architecture"])
        }
        let channels = siren.widths.last ?? 1
        guard let grid = size ?? stated?.grid ?? description?.publication?.size(channels: channels) else {
            throw INRError.unknownSize(file: file)
        }
        self.init(siren: siren, grid: grid, parameters: try Self.parameters(of: siren, in: checkpoint))
    }

    /// The parameters of a network, finite and in the order of ``SIREN/parameterNames``.
    ///
    /// - Throws: `FormatError`; ``INRError``.
    public static func parameters(of siren: SIREN, in checkpoint: any Checkpoint) throws -> [Tensor] {
        let file = checkpoint.url.relativePath
        return try zip(siren.parameterNames, siren.parameterShapes).map { parameter, shape in
            guard let entry = checkpoint[parameter], entry.shape == shape, let tensor = try checkpoint.tensor(entry),
                tensor.dtype.isFloatingPoint
            else {
                let found = checkpoint[parameter].map { "\($0.dtype.rawValue) \($0.shape)" }
                throw INRError.parameter(file: file, parameter: parameter, expected: shape, found: found)
            }
            guard tensor.isFinite else { throw INRError.notFinite(file: file, parameter: parameter) }
            return tensor
        }
    }

    /// In which format a network is written.
    public enum Format: String, Sendable {
        /// With metadata that describe the architecture and the size of the picture.
        case safetensors
        /// A state dictionary alone.
        case pyTorch
    }

    /// Writes the network to a file of its own, under the names of its layers.
    ///
    /// - Throws: `FileError`.
    public func write(to url: URL, as format: Format = .safetensors) throws {
        let tensors = zip(siren.parameterNames, parameters).map { StoredTensor(name: $0, $1) }
        switch format {
        case .safetensors:
            try SafetensorsFile.write(tensors, metadata: try StatedINR(siren: siren, grid: grid).metadata, to: url)
        case .pyTorch: try PyTorchFile.write(tensors, to: url)
        }
    }
}

extension SIREN {
    /// Whether coordinates are those of a plane and colours grey or RGB.
    var drawsPictures: Bool { widths.first == 2 && (widths.last == 1 || widths.last == 3) }
}
