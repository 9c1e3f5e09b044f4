import Torch
import WeightSpaces

extension Checkpoint {
    func tensor(_ entry: CheckpointEntry) throws -> Tensor? {
        guard let dtype = entry.dtype.tensorDType else { return nil }
        return try withBytes(of: entry) { Tensor(bytes: $0, shape: entry.shape, dtype: dtype) }
    }
}
