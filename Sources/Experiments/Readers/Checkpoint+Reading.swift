internal import Graphs
public import NeuralFunctionals
internal import Torch
public import WeightSpaces
internal import Zoo

extension Checkpoint {
    /// The network in the file as a batch of one, for a model that reads networks of `space`, and the name that each
    /// block's parameter has in the file.
    ///
    /// Parameters are found by their names, or else by their places: those of a SIREN, or of an architecture with the same
    /// shapes in the same order.
    ///
    /// - Throws: ``TrainingError/otherNetworks(_:expected:found:)`` when the network is another; `WeightSpaceError` when a
    ///   weight is not finite; what recognizing an architecture throws.
    public func network(over space: WeightSpace) throws -> (feature: Feature, names: [String]) {
        let file = url.relativePath
        let names = try parameterNames(of: space)
        let tensors = try names.map { name in
            guard let tensor = try self[name].flatMap({ try tensor($0) }), tensor.dtype.isFloatingPoint else {
                throw TrainingError.otherNetworks(
                    file, expected: name, found: self[name].map { $0.dtype.rawValue } ?? "none")
            }
            return tensor.to(.float32)
        }
        guard tensors.allSatisfy(\.isFinite) else { throw WeightSpaceError.notFinite(file) }
        let parameters = Dictionary(
            zip(space.blocks, tensors).map { ($0.parameter, $1.expandingAxis(0)) }
        ) { first, _ in first }
        return (try Feature(networks: parameters, of: space), names)
    }

    private func parameterNames(of space: WeightSpace) throws -> [String] {
        let own = space.blocks.map(\.parameter)
        let shapes = space.blocks.map(\.shape)
        if zip(own, shapes).allSatisfy({ self[$0]?.shape == $1 }) { return own }
        if let siren = try? SIREN(of: self, describedBy: SIRENDescription()), siren.parameterShapes == shapes {
            return siren.parameterNames
        }
        let parameters = try NetworkArchitecture(of: self).parameters
        guard parameters.map(\.shape) == shapes else {
            throw TrainingError.otherNetworks(
                url.relativePath, expected: "\(shapes)", found: "\(parameters.map(\.shape))")
        }
        return parameters.map(\.name)
    }
}
