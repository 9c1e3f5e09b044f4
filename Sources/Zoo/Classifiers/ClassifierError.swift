internal import WeightSpaces

/// Images or a description that no classifier can be trained with. Each message is one line that names what is wrong.
public enum ClassifierError: Error, Equatable, CustomStringConvertible {
    /// There are no images.
    case noImages(String)
    /// The images have no labels.
    case unlabelled(String)
    /// The images have another shape than the network reads.
    case shape(images: String, expected: [Int], found: [Int])
    /// The images have more classes than the network tells apart.
    case classes(images: String, expected: Int, found: Int)
    /// A hyper-parameter that makes no sense.
    case hyperparameter(String, expected: String, found: String)

    /// - Throws: ``hyperparameter(_:expected:found:)`` unless a condition holds.
    static func require(
        _ holds: Bool, _ name: String, _ expected: String, _ found: some Any
    ) throws(ClassifierError) {
        if !holds { throw .hyperparameter(name, expected: expected, found: "\(found)") }
    }

    public var description: String {
        switch self {
        case .noImages(let name): "\(name.oneLine()): expected images, found none"
        case .unlabelled(let name):
            "\(name.oneLine()): expected labelled images, found none; keep IDX labels beside the images, or pictures in "
                + "sub-folders named after their classes"
        case .shape(let name, let expected, let found):
            "\(name.oneLine()): expected images of shape \(expected) (channels, height, width), found \(found); "
                + "colour can be made grey"
        case .classes(let name, let expected, let found):
            "\(name.oneLine()): expected labels below \(expected), found \(found)"
        case .hyperparameter(let name, let expected, let found):
            "hyper-parameter \(name): expected \(expected), found \(found)"
        }
    }
}
