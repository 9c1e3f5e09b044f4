public import Foundation
public import Torch
internal import WeightSpaces

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
    private static let architecture = "siren"

    /// Reads a file that ``write(to:)`` has written.
    ///
    /// - Throws: `FileError`, `FormatError`; ``INRError`` when the file holds something else.
    public init(contentsOf url: URL) throws {
        let file = try SafetensorsFile(url)
        let name = url.relativePath
        func value<Value: Decodable>(_ key: String) throws -> Value {
            guard let text = file.metadata[key] else { throw INRError.metadata(file: name, key: key, found: nil) }
            guard let value = try? JSONDecoder().decode(Value.self, from: Data(text.utf8)) else {
                throw INRError.metadata(file: name, key: key, found: text)
            }
            return value
        }
        guard file.metadata["architecture"] == Self.architecture else {
            throw INRError.architecture(file: name, found: file.metadata["architecture"])
        }
        let siren: SIREN = try value(Self.architecture)
        guard siren.drawsPictures else { throw INRError.notPictures(file: name, widths: siren.widths) }
        let (height, width): (Int, Int) = (try value("height"), try value("width"))
        for (key, side) in [("height", height), ("width", width)] where !PixelGrid.sides.contains(side) {
            throw INRError.metadata(file: name, key: key, found: "\(side)")
        }
        let parameters = try zip(siren.parameterNames, siren.parameterShapes).map { parameter, shape in
            guard let entry = file[parameter], entry.shape == shape, let tensor = try file.tensor(entry),
                tensor.dtype.isFloatingPoint
            else {
                let found = file[parameter].map { "\($0.dtype.rawValue) \($0.shape)" }
                throw INRError.parameter(file: name, parameter: parameter, expected: shape, found: found)
            }
            guard tensor.isFinite else { throw INRError.notFinite(file: name, parameter: parameter) }
            return tensor
        }
        self.init(siren: siren, grid: PixelGrid(height: height, width: width), parameters: parameters)
    }

    /// Writes a safetensors file whose metadata describes the architecture and the size of the picture.
    ///
    /// - Throws: `FileError`.
    public func write(to url: URL) throws {
        let encoder = JSONEncoder()
        encoder.outputFormatting = .sortedKeys
        try SafetensorsFile.write(
            zip(siren.parameterNames, parameters).map { StoredTensor(name: $0, $1) },
            metadata: [
                "architecture": Self.architecture,
                Self.architecture: String(decoding: try encoder.encode(siren), as: UTF8.self),
                "height": "\(grid.height)", "width": "\(grid.width)",
            ], to: url)
    }
}

extension SIREN {
    /// Whether coordinates are those of a plane and colours grey or RGB.
    var drawsPictures: Bool { widths.first == 2 && (widths.last == 1 || widths.last == 3) }
}
