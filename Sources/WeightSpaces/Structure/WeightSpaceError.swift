/// Why a weight space is not one, or a network does not belong to it.
public enum WeightSpaceError: Error, Equatable, CustomStringConvertible {
    case duplicateGroup(String)
    case emptyGroup(String)
    case duplicateParameter(String)
    case unknownGroup(String, group: Int, count: Int)
    case axes(String, axes: [Int], shape: [Int])
    case tooLarge(String)
    case slice(String, slice: Block.Slice, shape: [Int])
    case noParameters
    case missingParameter(String, found: [String])
    case shape(String, expected: [Int], found: [Int])
    case notFinite(String)

    public var description: String {
        switch self {
        case .duplicateGroup(let name): "two permutation groups are named '\(name)'"
        case .emptyGroup(let name): "the permutation group '\(name)' has no neurons"
        case .duplicateParameter(let name): "two blocks view the same part of '\(name)'"
        case .unknownGroup(let name, let group, let count):
            "'\(name)' has an axis of group \(group), but there are \(count) groups"
        case .axes(let name, let axes, let shape): "'\(name)' has shape \(shape), which axes of \(axes) do not make up"
        case .tooLarge(let name): "with '\(name)' there are more weights than can be counted"
        case .slice(let name, let slice, let shape):
            "'\(name)' has shape \(shape), of which ranges \(slice.ranges) of \(slice.shape) are no part"
        case .noParameters: "expected weights, found none"
        case .missingParameter(let name, let found):
            "expected a parameter '\(name)', found \(found.prefix(8).joined(separator: ", "))"
        case .shape(let name, let expected, let found): "'\(name)': expected shape \(expected), found \(found)"
        case .notFinite(let name): "'\(name)' holds NaN or infinite values"
        }
    }
}
