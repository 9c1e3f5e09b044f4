/// The edits that an editor of implicit representations learns to make.
///
/// - Source: Zhou et al. 2023, arXiv:2302.14040, section 4.3, whose dilation and contrast these are. There the window of
///   erosion and gradient is 2 × 2; here every window is 3 × 3, so that erosion is the dual of dilation.
public enum ImageEdit: String, CaseIterable, Codable, Sendable {
    /// The largest sample of each 3 × 3 window.
    case dilate
    /// The smallest sample of each 3 × 3 window.
    case erode
    /// The difference of dilation and erosion.
    case gradient
    /// Contrast-limited adaptive histogram equalization, 3 × 3 tiles, clip limit 1; of the lightness of a colour picture.
    case contrast

    /// The edited picture, of the same size.
    public func callAsFunction(_ image: Image) -> Image {
        switch self {
        case .dilate: Morphology.dilation(of: image)
        case .erode: Morphology.erosion(of: image)
        case .gradient: Morphology.gradient(of: image)
        case .contrast: HistogramEqualization().equalized(image)
        }
    }

    /// The set with every picture edited; labels stay.
    public func callAsFunction(_ images: ImageSet) -> ImageSet {
        images.mapImages { self($0) }
    }
}
