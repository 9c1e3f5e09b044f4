import Foundation
import Torch

/// Random networks in the published layout of the Small CNN Zoo, TensorFlow's order of axes and biases first: three
/// convolutions of 4, 5 and 6 channels and ten classes. Two checkpoints for each run, in folders that do not follow the
/// order of the rows.
struct PublishedZoo {
    var rows: [[Float]]
    var layout: String
    var metrics: String
    var isCompressed = true

    static let channels = [1, 4, 5, 6]
    static let width = 4 + 36 + 5 + 180 + 6 + 270 + 10 + 60

    init(checkpoints: Int) {
        var random = RandomSource(seed: 3)
        rows = (0..<checkpoints).map { _ in
            Tensor.normal(shape: [Self.width], using: &random).elements(as: Float.self).map { $0 / 2 }
        }
        var (lines, start) = (["varname,start_idx,end_idx,shape"], 0)
        func add(_ name: String, _ shape: [Int]) {
            let end = start + shape.reduce(1, *)
            let text = "(\(shape.map(String.init).joined(separator: ", "))\(shape.count == 1 ? "," : ""))"
            lines.append("sequential/\(name):0,\(start),\(end),\"\(text)\"")
            start = end
        }
        for (layer, name) in ["conv2d", "conv2d_1", "conv2d_2"].enumerated() {
            add("\(name)/bias", [Self.channels[layer + 1]])
            add("\(name)/kernel", [3, 3, Self.channels[layer], Self.channels[layer + 1]])
        }
        add("dense/bias", [10])
        add("dense/kernel", [6, 10])
        layout = lines.joined(separator: "\r\n") + "\r\n"
        metrics = ",config.activation,Config.L2-reg,step,test_accuracy,modelfile\n"
        for row in 0..<checkpoints {
            let run = row % max(1, checkpoints / 2)
            metrics += "\(row),\(run % 2 == 0 ? "relu" : "tanh"),1e-0\(run % 7 + 1),\(row / 2),0.\(run % 9 + 1)"
            metrics += ",\"zoo/run \(run), a/permanent_ckpt-\(row)\"\n"
        }
    }

    /// - Parameter header: in place of the shape that the rows have.
    func write(to folder: URL, shape: String? = nil, type: String = "<f4", order: String = "False") throws {
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        let shape = shape ?? "(\(rows.count), \(Self.width))"
        var header = "{'descr': '\(type)', 'fortran_order': \(order), 'shape': \(shape), }"
        header += String(repeating: " ", count: 127 - 10 - header.utf8.count) + "\n"
        var weights = Data([0x93] + Array("NUMPY".utf8) + [1, 0, UInt8(header.utf8.count), 0] + Array(header.utf8))
        for row in rows { row.withUnsafeBytes { weights.append(contentsOf: $0) } }
        try weights.write(to: folder.appending(path: "weights.npy"))
        try Data(layout.utf8).write(to: folder.appending(path: "layout.csv"))
        let text = Array(metrics.utf8)
        try Data(isCompressed ? gzip(text) : text)
            .write(to: folder.appending(path: isCompressed ? "metrics.csv.gz" : "metrics.csv"))
    }
}

/// What a published network computes of a grey image of 32 × 32, with plain loops over TensorFlow's arrays.
struct NaivePublishedNetwork {
    let row: [Float]
    let activation: (Double) -> Double
    /// Reads kernels with their first two axes exchanged, which is wrong.
    var exchangesKernelAxes = false

    func logits(of image: [Double]) -> [Double] {
        var (side, values, start) = (32, image, 0)
        func next(_ count: Int) -> [Double] {
            defer { start += count }
            return row[start..<start + count].map(Double.init)
        }
        for (inputs, outputs) in zip(PublishedZoo.channels, PublishedZoo.channels.dropFirst()) {
            let (bias, kernel) = (next(outputs), next(9 * inputs * outputs))
            let after = (side - 3) / 2 + 1
            var result: [Double] = []
            for place in 0..<after * after {
                let (top, left) = (2 * (place / after), 2 * (place % after))
                for output in 0..<outputs {
                    var sum = bias[output]
                    for tap in 0..<9 {
                        let (row, column) = exchangesKernelAxes ? (tap % 3, tap / 3) : (tap / 3, tap % 3)
                        for input in 0..<inputs {
                            sum +=
                                kernel[(tap * inputs + input) * outputs + output]
                                * values[((top + row) * side + left + column) * inputs + input]
                        }
                    }
                    result.append(activation(sum))
                }
            }
            (values, side) = (result, after)
        }
        let channels = PublishedZoo.channels[3]
        let means = (0..<channels).map { channel in
            stride(from: channel, to: values.count, by: channels).reduce(0) { $0 + values[$1] } / Double(side * side)
        }
        let (bias, kernel) = (next(10), next(60))
        return bias.indices.map { output in
            means.indices.reduce(bias[output]) { $0 + means[$1] * kernel[$1 * 10 + output] }
        }
    }
}
