internal import Torch
internal import WeightSpaces

extension WeightStatistics {
    /// What a part is seen as.
    public enum View: String, Sendable, Codable, CaseIterable {
        /// The weights, as they are.
        case weights
        /// The singular values of the matrix with a row for each place on the first permuted axis.
        case spectrum
        /// The singular values of that matrix summed over fixed positions, such as those of a kernel.
        case spectrumOfSums = "spectrum of sums"

        /// Whether the view tells something of a block; where one of a role is shown, all are.
        func shows(_ block: Block) -> Bool {
            switch self {
            case .weights: true
            case .spectrum: block.groups.count > 1 || (!block.groups.isEmpty && block.fixedCount > 1)
            case .spectrumOfSums: block.groups.count > 1 && block.fixedCount > 1
            }
        }

        /// - Input: a block `[networks, permuted axes…, F]`.
        /// - Output: `[networks, numbers]`.
        func callAsFunction(_ weights: Tensor, _ block: Block) -> Tensor {
            let rows = [weights.size(0), block.groups.isEmpty ? 1 : weights.size(1), -1]
            return switch self {
            case .weights: weights.reshaped([weights.size(0), -1])
            case .spectrum: weights.reshaped(rows).singularValues
            case .spectrumOfSums: weights.sum([weights.rank - 1]).reshaped(rows).singularValues
            }
        }
    }
}

extension Tensor {
    /// Of matrices `[networks, rows, columns]`: `[networks, min(rows, columns)]`, NaN where one is not finite.
    fileprivate var singularValues: Tensor {
        // Of what is not finite the decomposition fails; the difference is NaN there, and zero elsewhere.
        let notFinite = (self - self).sum([1, 2]).expandingAxis(1)
        do {
            return try aten("linalg_svdvals", aten("nan_to_num", self, 0.0, 0.0, 0.0)) + notFinite
        } catch { preconditionFailure("\(error)") }
    }
}
