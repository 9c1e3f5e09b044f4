import Zoo

/// Small labelled pictures of soft discs, no two alike.
func discs(count: Int, channels: Int = 1) -> ImageSet {
    var pixels: [UInt8] = []
    for image in 0..<count {
        let (top, left) = (2 + image % 4, 2 + image / 4 % 4)
        for row in 0..<8 {
            for column in 0..<8 {
                let distance = (row - top) * (row - top) + (column - left) * (column - left)
                pixels += (0..<channels).map { UInt8(max(0, 250 - 20 * distance - 5 * $0 - image)) }
            }
        }
    }
    return ImageSet(
        name: "discs", count: count, height: 8, width: 8, channels: channels, pixels: pixels,
        labels: (0..<count).map { $0 % 3 })
}
