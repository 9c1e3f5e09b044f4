/// Flat morphology with a 3 × 3 window, per channel; what lies outside the picture is ignored.
///
/// `dilation(f)(p) = max f(q)` and `erosion(f)(p) = min f(q)` over the neighbours `q` of `p`, itself included.
///
/// - Source: Serra, "Image Analysis and Mathematical Morphology" (1982); OpenCV's `dilate` and `erode` with default borders.
enum Morphology {
    static func dilation(of image: Image) -> Image {
        filter(image) { max($0, $1) }
    }

    static func erosion(of image: Image) -> Image {
        filter(image) { min($0, $1) }
    }

    /// `dilation − erosion`, the thickness of an edge.
    static func gradient(of image: Image) -> Image {
        let (high, low) = (dilation(of: image), erosion(of: image))
        return image.with(pixels: zip(high.pixels, low.pixels).map { $0 - $1 })
    }

    /// The window is a row window followed by a column window.
    private static func filter(_ image: Image, _ pick: (UInt8, UInt8) -> UInt8) -> Image {
        let stride = image.width * image.channels
        let rows = slide(image.pixels, run: stride, step: image.channels, pick)
        return image.with(pixels: slide(rows, run: image.pixels.count, step: stride, pick))
    }

    /// Combines each sample with the ones `step` before and after it, inside runs of `run` samples.
    private static func slide(_ samples: [UInt8], run: Int, step: Int, _ pick: (UInt8, UInt8) -> UInt8) -> [UInt8] {
        [UInt8](unsafeUninitializedCapacity: samples.count) { result, count in
            for start in Swift.stride(from: 0, to: samples.count, by: run) {
                for index in start..<start + run {
                    var value = samples[index]
                    if index - step >= start { value = pick(value, samples[index - step]) }
                    if index + step < start + run { value = pick(value, samples[index + step]) }
                    result.initializeElement(at: index, to: value)
                }
            }
            count = samples.count
        }
    }
}

extension Image {
    /// A picture of the same size with other samples.
    func with(pixels: [UInt8]) -> Image {
        Image(height: height, width: width, channels: channels, pixels: pixels)
    }
}
