/// In which form networks are written to files of their own.
public enum ExportForm: String, Sendable, CaseIterable {
    /// Each as it was before it was imported: SIRENs of others as PyTorch's state dictionaries where they were such, all
    /// else as safetensors.
    case original
    /// safetensors files that describe themselves.
    case safetensors

    /// The endings of what PyTorch writes.
    private static let pyTorch: Set<String> = [".pth", ".pt", ".bin", ".ckpt", ".pth.tar", ""]

    /// How a network is written, and how its file's name ends.
    ///
    /// - Parameter ending: the fact `ending`, which SIRENs of others have.
    public func format(ending: ZooValue?) -> (format: INR.Format, ending: String) {
        guard self == .original, case .text(let ending)? = ending, Self.pyTorch.contains(ending) else {
            return (.safetensors, ".safetensors")
        }
        return (.pyTorch, ending)
    }
}
