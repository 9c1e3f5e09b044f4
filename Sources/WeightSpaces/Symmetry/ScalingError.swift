/// Why neurons of a weight space can carry no factor.
public enum ScalingError: Error, Equatable, CustomStringConvertible {
    case repeatedLabel(String, group: String)
    case sharedAxis(String, group: String)
    case severalWriters(group: String, blocks: [String])
    case readFirst(String, group: String)
    case notABias(String, group: String)
    case neverWritten(group: String)
    case neverRead(group: String)

    public var description: String {
        switch self {
        case .repeatedLabel(let block, let group):
            "'\(block)' has several axes of '\(group)', so its layers are no chain; leave '\(group)' without a factor"
        case .sharedAxis(let block, let group):
            "'\(group)' is only a part of an axis of '\(block)'; leave '\(group)' without a factor"
        case .severalWriters(let group, let blocks):
            "'\(group)' is written by \(blocks.map { "'\($0)'" }.joined(separator: " and ")), as by a skip connection; "
                + "leave '\(group)' without a factor"
        case .readFirst(let block, let group):
            "'\(block)' reads '\(group)' before a block writes it; expected layers in order, each with its outputs first"
        case .notABias(let block, let group):
            "'\(block)' has a number for each neuron of '\(group)', but is not the one bias of the layer that writes it; "
                + "leave '\(group)' without a factor"
        case .neverWritten(let group): "no matrix writes '\(group)'; leave it without a factor"
        case .neverRead(let group): "no matrix reads '\(group)'; leave it without a factor"
        }
    }
}
