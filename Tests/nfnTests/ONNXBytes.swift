import Foundation

/// Small ONNX files, byte by byte.
enum ONNXBytes {
    /// `y = relu(x)`, without weights.
    static let activation = model([node("x", "y", "Relu")])

    /// `y = x · w`, or a function of that.
    static func layer(followedBy operation: String? = nil) -> Data {
        let weights: [UInt8] = [0, 0, 128, 63, 0, 0, 0, 64, 0, 0, 64, 64, 0, 0, 128, 64]
        let tensor = field(5, [8, 2, 8, 2, 16, 1] + text(8, "w") + field(9, weights))
        let product = field(1, text(1, "x") + text(1, "w") + text(2, operation == nil ? "y" : "h") + text(4, "MatMul"))
        return model([product] + (operation.map { [node("h", "y", $0)] } ?? []), tensor)
    }

    private static func model(_ nodes: [[UInt8]], _ weights: [UInt8] = []) -> Data {
        let shape = field(2, field(1, [8, 1]) + field(1, [8, 2]))
        let type = field(2, field(1, [8, 1] + shape))
        let ends = field(11, text(1, "x") + type) + field(12, text(1, "y") + type)
        return Data(field(7, nodes.flatMap(\.self) + weights + ends) + field(8, [16, 17]))
    }

    private static func node(_ input: String, _ output: String, _ operation: String) -> [UInt8] {
        field(1, text(1, input) + text(2, output) + text(4, operation))
    }

    /// A field of bytes: its number, their count, and they.
    private static func field(_ number: UInt8, _ bytes: [UInt8]) -> [UInt8] {
        [number << 3 | 2, UInt8(bytes.count)] + bytes
    }

    private static func text(_ number: UInt8, _ text: String) -> [UInt8] { field(number, Array(text.utf8)) }
}
