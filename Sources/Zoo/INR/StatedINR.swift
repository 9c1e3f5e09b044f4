internal import Foundation
internal import WeightSpaces

/// What a file says about the picture in it: `architecture` is `siren`, with its definition, `height` and `width`.
struct StatedINR {
    let siren: SIREN
    /// The size of the picture, where the file has it.
    let grid: PixelGrid?

    init(siren: SIREN, grid: PixelGrid?) {
        self.siren = siren
        self.grid = grid
    }

    /// What the metadata of a safetensors file say, if they are about such a network.
    ///
    /// - Throws: ``INRError`` when they make no sense.
    init?(_ checkpoint: any Checkpoint) throws {
        guard let metadata = (checkpoint as? SafetensorsFile)?.metadata, metadata["architecture"] == SIREN.kind else {
            return nil
        }
        let name = checkpoint.url.relativePath
        func value<Value: Decodable>(_ key: String) throws -> Value? {
            guard let text = metadata[key] else { return nil }
            guard let value = try? JSONDecoder().decode(Value.self, from: Data(text.utf8)) else {
                throw INRError.metadata(file: name, key: key, found: text)
            }
            return value
        }
        guard let siren: SIREN = try value(SIREN.kind) else {
            throw INRError.metadata(file: name, key: SIREN.kind, found: nil)
        }
        guard siren.drawsPictures else { throw INRError.notPictures(file: name, widths: siren.widths) }
        let (height, width): (Int?, Int?) = (try value("height"), try value("width"))
        for case (let key, let side?) in [("height", height), ("width", width)] where !PixelGrid.sides.contains(side) {
            throw INRError.metadata(file: name, key: key, found: "\(side)")
        }
        self.siren = siren
        if let height, let width { grid = PixelGrid(height: height, width: width) } else { grid = nil }
    }

    var metadata: [String: String] {
        get throws {
            let encoder = JSONEncoder()
            encoder.outputFormatting = .sortedKeys
            let sides = grid.map { ["height": "\($0.height)", "width": "\($0.width)"] } ?? [:]
            return [
                "architecture": SIREN.kind, SIREN.kind: String(decoding: try encoder.encode(siren), as: UTF8.self),
            ].merging(sides) { first, _ in first }
        }
    }
}
