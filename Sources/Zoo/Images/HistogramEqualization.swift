/// Contrast-limited adaptive histogram equalization (CLAHE).
///
/// Each tile equalizes its own histogram, whose bins are first clipped and what was cut off spread over all of them; a
/// sample is mapped by the tables of the four nearest tiles, mixed bilinearly. Colour is equalized in lightness only
/// (L of CIELAB). Behaves as OpenCV's `createCLAHE(clipLimit, tiles)`: a picture that the tiles do not divide is extended
/// at the right and the bottom by reflection.
///
/// - Source: Zuiderveld, "Contrast limited adaptive histogram equalization", Graphics Gems IV (1994).
struct HistogramEqualization {
    /// A bin keeps at most `clipLimit` times the mean bin, and at least 1.
    var clipLimit = 1.0
    /// Tiles in each direction.
    var tiles = (rows: 3, columns: 3)

    func equalized(_ image: Image) -> Image {
        guard image.channels == 3 else {
            return image.with(pixels: equalized(image.pixels, height: image.height, width: image.width))
        }
        var lab = image.cielab
        lab.lightness = equalized(lab.lightness, height: image.height, width: image.width)
        return image.with(pixels: lab.pixels)
    }

    private func equalized(_ plane: [UInt8], height: Int, width: Int) -> [UInt8] {
        let divides = height % tiles.rows == 0 && width % tiles.columns == 0
        let tileHeight = divides ? height / tiles.rows : height / tiles.rows + 1
        let tileWidth = divides ? width / tiles.columns : width / tiles.columns + 1
        let tables = (0..<tiles.rows).flatMap { tileRow in
            (0..<tiles.columns).map { tileColumn in
                table(
                    of: (0..<tileHeight).flatMap { y in
                        let row = reflected(tileRow * tileHeight + y, height) * width
                        return (0..<tileWidth).map { plane[row + reflected(tileColumn * tileWidth + $0, width)] }
                    }
                )
            }
        }
        let rows = neighbours(height, tileHeight, tiles.rows)
        let columns = neighbours(width, tileWidth, tiles.columns)
        var result = plane
        for (y, row) in rows.enumerated() {
            for (x, column) in columns.enumerated() {
                let sample = Int(plane[y * width + x])
                func value(_ tileRow: Int, _ tileColumn: Int) -> Float {
                    Float(tables[tileRow * tiles.columns + tileColumn][sample])
                }
                let above =
                    value(row.before, column.before) * (1 - column.share) + value(row.before, column.after)
                    * column.share
                let below =
                    value(row.after, column.before) * (1 - column.share) + value(row.after, column.after) * column.share
                result[y * width + x] = rounded(above * (1 - row.share) + below * row.share)
            }
        }
        return result
    }

    /// The map of one tile: its clipped cumulative histogram, scaled to 0…255.
    private func table(of samples: [UInt8]) -> [UInt8] {
        var histogram = [Int](repeating: 0, count: 256)
        for sample in samples { histogram[Int(sample)] += 1 }
        let limit = max(Int(clipLimit * Double(samples.count) / 256), 1)
        let cut = histogram.reduce(0) { $0 + max($1 - limit, 0) }
        let rest = cut % 256
        for bin in 0..<256 { histogram[bin] = min(histogram[bin], limit) + cut / 256 }
        if rest > 0 {
            let step = max(256 / rest, 1)
            for index in 0..<rest where index * step < 256 { histogram[index * step] += 1 }
        }
        let scale = 255 / Float(samples.count)
        var sum = 0
        return histogram.map { bin in
            sum += bin
            return rounded(Float(sum) * scale)
        }
    }

    /// For each position, the tiles whose centres lie before and after it, and the share of the latter.
    private func neighbours(_ length: Int, _ tile: Int, _ count: Int) -> [(before: Int, after: Int, share: Float)] {
        let inverse = 1 / Float(tile)
        return (0..<length).map { position in
            let place = Float(position) * inverse - 0.5
            let before = place.rounded(.down)
            return (max(Int(before), 0), min(Int(before) + 1, count - 1), place - before)
        }
    }

    /// Reflects a position beyond the end about the last sample, as often as it takes.
    private func reflected(_ position: Int, _ length: Int) -> Int {
        guard length > 1 else { return 0 }
        let folded = position % (2 * (length - 1))
        return folded < length ? folded : 2 * (length - 1) - folded
    }

    private func rounded(_ value: Float) -> UInt8 {
        UInt8(min(max(value.rounded(.toNearestOrEven), 0), 255))
    }
}
