internal import Foundation
internal import Torch
internal import WeightSpaces

/// Where the parameters of convolutions and dense layers lie in a row of weights, in TensorFlow's order of axes.
///
/// The table has the columns `varname`, such as `sequential/conv2d/kernel:0`, `start_idx`, `end_idx` and `shape`; kernels
/// are `(height, width, inputs, outputs)` or `(inputs, outputs)`. The layers follow one another as their kernels do.
struct TensorFlowLayout {
    /// A parameter's place.
    private struct Variable {
        let name: String
        let range: Range<Int>
        let shape: [Int]
    }

    private struct Layer {
        let kernel: Variable
        let bias: Variable
        var inputs: Int { kernel.shape[kernel.shape.count - 2] }
        var outputs: Int { kernel.shape[kernel.shape.count - 1] }
        var isConvolution: Bool { kernel.shape.count == 4 }
    }

    private let file: String
    private let layers: [Layer]

    /// - Parameters:
    ///   - width: the numbers in a row of weights.
    ///   - weights: the name of their file, for messages.
    /// - Throws: `FileError`, ``ImportError``.
    init(contentsOf url: URL, width: Int, weights: String) throws {
        let table = try CSVTable(contentsOf: url)
        file = table.file
        let variables = try Self.variables(in: table).sorted { $0.range.lowerBound < $1.range.lowerBound }
        var end = 0
        for variable in variables {
            guard variable.range.lowerBound == end else {
                throw ImportError.malformed(
                    file: file,
                    expected: "\(variable.name.oneLine(limit: 100)) to start at \(end), where the one before ends",
                    found: "\(variable.range.lowerBound)")
            }
            end = variable.range.upperBound
        }
        guard end == width else {
            throw ImportError.contradiction(
                file: file, other: weights, expected: "\(width) numbers for each network", found: "\(end)")
        }
        layers = try Self.layers(of: variables, file: file)
    }

    private static func variables(in table: CSVTable) throws -> [Variable] {
        let (name, start) = (try table.column("varname"), try table.column("start_idx"))
        let (end, shape) = (try table.column("end_idx"), try table.column("shape"))
        return try (0..<table.rowCount).map { row in
            func malformed(_ expected: String, _ found: String) -> ImportError {
                .malformed(file: table.file, expected: "\(expected) in row \(row + 1)", found: found)
            }
            guard let first = Int(table[row, start]), let last = Int(table[row, end]), 0 <= first, first < last else {
                throw malformed("a range of places", "\(table[row, start]) to \(table[row, end])")
            }
            let text = table[row, shape].filter { $0 != " " }
            guard let match = text.wholeMatch(of: /[\(\[](\d+(?:,\d+)*),?[\)\]]/) else {
                throw malformed("a shape such as (3, 3, 1, 16)", text)
            }
            let sizes = match.1.split(separator: ",").map { Int($0) ?? 0 }
            guard StoredDType.uint8.byteCount(shape: sizes) == last - first else {
                throw malformed("a shape of \(last - first) numbers", text)
            }
            return Variable(name: table[row, name], range: first..<last, shape: sizes)
        }
    }

    private static func layers(of variables: [Variable], file: String) throws -> [Layer] {
        var parts: [String: [String: Variable]] = [:]
        for variable in variables {
            let path = (variable.name.hasSuffix(":0") ? variable.name.dropLast(2) : variable.name[...])
                .split(separator: "/", omittingEmptySubsequences: false)
            guard let role = path.last, ["kernel", "bias"].contains(role),
                parts[path.dropLast().joined(separator: "/"), default: [:]].updateValue(variable, forKey: String(role))
                    == nil
            else {
                throw ImportError.malformed(
                    file: file, expected: "one kernel and one bias for each layer", found: variable.name)
            }
        }
        let layers = try parts.map { name, variables in
            guard let kernel = variables["kernel"], let bias = variables["bias"],
                kernel.shape.count == 2 || kernel.shape.count == 4, bias.shape == kernel.shape.suffix(1)
            else {
                throw ImportError.malformed(
                    file: file,
                    expected: "a kernel of two or four axes and a bias of its outputs in layer \(name.oneLine())",
                    found: variables.values.map { "\($0.shape)" }.sorted().joined(separator: " and "))
            }
            return Layer(kernel: kernel, bias: bias)
        }.sorted { $0.kernel.range.lowerBound < $1.kernel.range.lowerBound }
        for (before, after) in zip(layers, layers.dropFirst()) {
            let fits =
                switch (before.isConvolution, after.isConvolution) {
                case (true, false): after.inputs.isMultiple(of: before.outputs)
                case (false, true): false
                default: after.inputs == before.outputs
                }
            guard fits else {
                throw ImportError.malformed(
                    file: file,
                    expected: "a layer that reads the \(before.outputs) outputs of \(before.kernel.name.oneLine())",
                    found: "\(after.kernel.name) of \(after.kernel.shape)")
            }
        }
        guard let last = layers.last, !last.isConvolution else {
            throw ImportError.malformed(
                file: file, expected: "a dense layer at the end", found: layers.last?.kernel.name ?? "no layers")
        }
        return layers
    }

    /// The network that computes with the parameters, as far as the layout tells.
    ///
    /// Strides, zeros around images and their size are not in it. Where kernels are 3 × 3 and the first dense layer reads
    /// one number for each channel, they are the published networks': stride 2, no zeros, 32 × 32.
    ///
    /// - Source: Unterthiner et al. 2020, arXiv:2002.11448, section 3.
    func architecture(activation: ClassifierArchitecture.Activation?) throws -> NetworkArchitecture {
        let convolutions = layers.filter(\.isConvolution)
        let dense = layers.filter { !$0.isConvolution }
        let channels = (convolutions.first.map { [$0.inputs] } ?? []) + convolutions.map(\.outputs)
        let positions = convolutions.last.map { dense[0].inputs / $0.outputs } ?? 1
        if let activation, positions == 1, convolutions.allSatisfy({ $0.kernel.shape.prefix(2) == [3, 3] }),
            let classifier = ClassifierArchitecture(
                checking: convolutions.isEmpty ? [dense[0].inputs] : [channels[0], 32, 32],
                convolutions: convolutions.map { .init(channels: $0.outputs, kernel: 3, stride: 2) },
                dense: dense.map(\.outputs), activation: activation)
        {
            return try NetworkArchitecture(classifier)
        }
        if convolutions.isEmpty {
            return NetworkArchitecture(imported: try .mlp(widths: [dense[0].inputs] + dense.map(\.outputs)))
        }
        return NetworkArchitecture(
            imported: try .cnn(
                channels: channels, kernels: convolutions.map { Array($0.kernel.shape.prefix(2)) },
                dense: dense.map(\.outputs), readout: positions == 1 ? .globalPooling : .flatten(positions: positions)))
    }

    /// The parameters in PyTorch's order of axes.
    ///
    /// - Input: `[networks, width]`.
    /// - Output: weights `[networks, outputs, inputs, height, width]` or `[networks, outputs, inputs]` and biases
    ///   `[networks, outputs]`, layer by layer. TensorFlow flattens `(height, width, channels)`, so the inputs of a dense
    ///   layer that reads several numbers for each channel are put in the order `(channels, height, width)`.
    func parameters(of rows: Tensor) -> [Tensor] {
        layers.enumerated().flatMap { index, layer in
            func stored(_ variable: Variable) -> Tensor {
                rows.narrowed(1, to: variable.range).reshaped([rows.size(0)] + variable.shape)
            }
            let kernel = stored(layer.kernel)
            if layer.isConvolution { return [kernel.permuted([0, 4, 3, 1, 2]), stored(layer.bias)] }
            let before = index > 0 && layers[index - 1].isConvolution ? layers[index - 1].outputs : layer.inputs
            let weight = kernel.reshaped([rows.size(0), layer.inputs / before, before, layer.outputs])
                .permuted([0, 3, 2, 1]).reshaped([rows.size(0), layer.outputs, layer.inputs])
            return [weight, stored(layer.bias)]
        }
    }
}
