import Torch

@testable import Graphs

/// A case with something changed that no exporter would write.
struct OperatorMutation {
    private var random: RandomSource

    init(seed: UInt64) { random = RandomSource(seed: seed) }

    /// The node and the inputs of a case, with one to three changes.
    mutating func mutated(_ recorded: OperatorCase) -> (Node, [Tensor?]) {
        var (node, inputs) = (recorded.node, recorded.inputs)
        for _ in 0...below(3) {
            switch below(8) {
            case 0: node.version = pick([1, 6, 8, 10, 12, 17, 22])
            case 1: node.attributes[pick(["axis", "axes", "pads", "group", "k", "p", "size"])] = attribute()
            case 2, 3, 4:
                guard let name = node.attributes.keys.sorted().randomElement(using: &random) else { continue }
                node.attributes[name] = below(4) == 0 ? attribute() : changed(node.attributes[name]!)
            default:
                guard !inputs.isEmpty else { continue }
                let index = below(inputs.count)
                inputs[index] = inputs[index].map { changed($0) } ?? tensor()
                if below(8) == 0 { inputs.removeLast() }
            }
        }
        node.inputs = inputs.indices.map { inputs[$0] == nil ? nil : "i\($0)" }
        return (node, inputs)
    }

    private static let integers = [Int.min, -(1 << 40), -7, -1, 0, 1, 2, 3, 1 << 31, 1 << 62, .max]
    private static let numbers = [-Double.infinity, -1, 0, 1e-300, 0.5, 1e300, .infinity, .nan]

    private mutating func changed(_ attribute: Attribute) -> Attribute {
        switch attribute {
        case .integer: return .integer(pick(Self.integers))
        case .number: return .number(pick(Self.numbers))
        case .integers(var values):
            if below(3) == 0 { values = Array(values.dropLast()) }
            if below(3) == 0 { values.append(pick(Self.integers)) }
            if !values.isEmpty { values[below(values.count)] = pick(Self.integers) }
            return .integers(values)
        case .numbers(let values): return .numbers(values.map { below(2) == 0 ? $0 : pick(Self.numbers) })
        case .tensor: return .tensor(tensor())
        default: return self.attribute()
        }
    }

    private mutating func attribute() -> Attribute {
        switch below(6) {
        case 0: .integer(pick(Self.integers))
        case 1: .number(pick(Self.numbers))
        case 2: .text(pick(["", "VALID", "linear", "wrap", "odd"]))
        case 3: .integers((0..<below(4)).map { _ in pick(Self.integers) })
        case 4: .texts(["Tanh", "odd"])
        default: .tensor(tensor())
        }
    }

    private mutating func changed(_ tensor: Tensor) -> Tensor? {
        switch below(8) {
        case 0: return nil
        case 1: return tensor.to(pick(DType.allCases))
        case 2: return tensor.expandingAxis(below(2) == 0 ? 0 : -1)
        case 3: return tensor.permuted(Array((0..<tensor.rank).reversed()))
        case 4 where tensor.rank > 0 && tensor.count > 0: return tensor.narrowed(below(tensor.rank), to: 0..<below(2))
        case 5 where !tensor.dtype.isFloatingPoint && tensor.rank == 1:
            return Tensor((0..<tensor.count).map { _ in Int64(pick(Self.integers)) })
        default: return self.tensor()
        }
    }

    private mutating func tensor() -> Tensor {
        let shape = pick([[], [0], [1], [3], [0, 3], [2, 2], [1, 2, 3], [2, 0, 2], [1, 1, 2, 2], [1, 2, 1, 2, 2]])
        let count = shape.reduce(1, *)
        if below(2) == 0 { return Tensor((0..<count).map { _ in Int64(pick(Self.integers)) }, shape: shape) }
        return Tensor((0..<count).map { _ in pick(Self.numbers) }, shape: shape)
    }

    private mutating func below(_ bound: Int) -> Int { Int.random(in: 0..<bound, using: &random) }

    private mutating func pick<Element>(_ elements: [Element]) -> Element { elements[below(elements.count)] }
}
