/// The data sets of SIRENs that were published for learning from weights, with what their code says and their files do
/// not, and what the names of their folders say about each network.
public enum PublishedSIRENs: String, Codable, Sendable, CaseIterable {
    /// Pixels in [0, 1] are `f(x) + 0.5` with the column as coordinate 0; a network is
    /// `mnist_png_training_<label>_<image>/checkpoints/model_final.pth`.
    ///
    /// - Source: Navon et al. 2023, arXiv:2301.12780, and its code.
    case dws
    /// Pixels in [−1, 1] are `f(x)` with the row as coordinate 0; a network is `randinit_smaller_<label>s/net<image>.pth`,
    /// or with `train`, `val`, `test` or `smaller_aug<copy>` in the same place.
    ///
    /// - Source: Zhou et al. 2023, arXiv:2302.14040, and its code.
    case nfn

    var convention: SIREN.Convention {
        switch self {
        case .dws: .init(isColumnFirst: true, shift: 0.5, colours: 0...1)
        case .nfn: .init()
        }
    }

    /// The size of the pictures: MNIST's in grey, CIFAR-10's in colours.
    func size(channels: Int) -> PixelGrid {
        channels == 1 ? PixelGrid(height: 28, width: 28) : PixelGrid(height: 32, width: 32)
    }

    /// What a path says about a network.
    struct Facts: Equatable {
        var label: Int
        /// The position of the picture in its source, test pictures after those for training.
        var image: Int
        var split: Split.Side
        /// Which of its picture's networks it is.
        var fit = 0
    }

    /// The pictures for training in MNIST and its successors, which the test pictures follow.
    private static let trainingImages = 60_000
    /// Where the second data set begins to validate and to test.
    private static let (validation, test) = (45_000, 50_000)

    /// What the path of a network says, without its ending, if it is of the published form.
    func facts(ofPath path: String) -> Facts? {
        switch self {
        case .dws:
            for part in path.split(separator: "/").reversed() {
                guard let match = part.wholeMatch(of: /(?:.*_)?(training|testing)_(\d{1,9})_(\d{1,9})/),
                    let label = Int(match.2), let image = Int(match.3)
                else { continue }
                let isTest = match.1 == "testing"
                return Facts(
                    label: label, image: isTest ? Self.trainingImages + image : image, split: isTest ? .test : .train)
            }
            return nil
        case .nfn:
            let parts = path.split(separator: "/").suffix(2)
            guard parts.count == 2, let folder = parts.first?.wholeMatch(of: /randinit_(.+)_(\d{1,9})s/),
                let network = parts.last?.wholeMatch(of: /net(\d{1,9})/), let label = Int(folder.2),
                let image = Int(network.1)
            else { return nil }
            let copy = folder.1.wholeMatch(of: /(?:.*_)?aug(\d{1,9})/).flatMap { Int($0.1) }
            return Facts(label: label, image: image, split: Self.side(folder.1, image), fit: copy.map { $0 + 1 } ?? 0)
        }
    }

    private static func side(_ name: Substring, _ image: Int) -> Split.Side {
        let words = Set(name.split(separator: "_"))
        if words.contains("train") { return .train }
        if !words.isDisjoint(with: ["val", "validation"]) { return .validation }
        if words.contains("test") { return .test }
        return image < validation ? .train : image < test ? .validation : .test
    }
}
