internal import CTorch

/// Where a tensor's elements are stored and its operations run.
public enum Device: Hashable, Sendable, CustomStringConvertible {
    case cpu
    case cuda(Int)
    /// Nowhere: tensors have shapes and types and no elements.
    case meta

    /// The CUDA devices that the loaded libtorch can use, in order; empty for a CPU build.
    public static var cudaDevices: [Device] { (0..<Int(libtorch.cuda_device_count())).map(Device.cuda) }

    public var description: String {
        switch self {
        case .cpu: "cpu"
        case .cuda(let index): "cuda:\(index)"
        case .meta: "meta"
        }
    }

    var raw: ct_device {
        switch self {
        case .cpu: ct_device(index: -1)
        case .cuda(let index): ct_device(index: Int32(index))
        case .meta: ct_device(index: -2)
        }
    }

    init(_ raw: ct_device) {
        self =
            switch raw.index {
            case -1: .cpu
            case -2: .meta
            default: .cuda(Int(raw.index))
            }
    }
}
