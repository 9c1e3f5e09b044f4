extension ImageSet {
    /// The pictures in grey: each pixel's luma `0.299 R + 0.587 G + 0.114 B`, rounded; grey pictures as they are.
    ///
    /// - Source: ITU-R BT.601. TensorFlow's `rgb_to_grayscale` has the same weights and rounds bytes otherwise, by at most 1.
    public var grey: ImageSet {
        guard channels == 3 else { return self }
        let luma = [UInt8](unsafeUninitializedCapacity: pixels.count / 3) { grey, count in
            pixels.withUnsafeBufferPointer { pixels in
                for index in 0..<pixels.count / 3 {
                    let (red, green, blue) = (pixels[3 * index], pixels[3 * index + 1], pixels[3 * index + 2])
                    let thousandfold = 299 * Int(red) + 587 * Int(green) + 114 * Int(blue)
                    grey.initializeElement(at: index, to: UInt8((thousandfold + 500) / 1000))
                }
            }
            count = pixels.count / 3
        }
        return ImageSet(
            name: name, count: count, height: height, width: width, channels: 1, pixels: luma, labels: labels,
            labelNames: labelNames)
    }
}
