/// Where among the messages of an ONNX file a tensor stands, or a graph.
struct TensorPlace: Hashable, Sendable {
    /// One step further inside.
    enum Step: Hashable, Sendable {
        /// Into a function of the model; without this step a place is in the model's graph.
        case function(Int)
        /// Into a setting of a node: a tensor, numbers or another graph.
        case setting(node: Int, name: String)
        /// To an initializer of the graph.
        case initializer(Int)
    }

    private var steps: [Step] = []

    /// The model's graph.
    static let graph = TensorPlace()

    /// The place one step further inside.
    func appending(_ step: Step) -> TensorPlace {
        var result = self
        result.steps.append(step)
        return result
    }
}

extension ONNXModelProto {
    /// Lets `body` change every tensor of the model, told where it stands.
    mutating func updateTensors(_ body: (TensorPlace, inout ONNXTensorProto) throws -> Void) rethrows {
        var graph = graph
        clearGraph()
        try graph.updateTensors(at: .graph, body)
        self.graph = graph
        for function in functions.indices {
            let place = TensorPlace.graph.appending(.function(function))
            for node in functions[function].node.indices {
                try functions[function].node[node].updateTensors(number: node, at: place, body)
            }
        }
    }
}

extension ONNXGraphProto {
    fileprivate mutating func updateTensors(
        at place: TensorPlace, _ body: (TensorPlace, inout ONNXTensorProto) throws -> Void
    ) rethrows {
        for number in initializer.indices {
            try body(place.appending(.initializer(number)), &initializer[number])
        }
        for number in node.indices { try node[number].updateTensors(number: number, at: place, body) }
    }
}

extension ONNXNodeProto {
    fileprivate mutating func updateTensors(
        number: Int, at place: TensorPlace, _ body: (TensorPlace, inout ONNXTensorProto) throws -> Void
    ) rethrows {
        for position in attribute.indices {
            let place = place.appending(.setting(node: number, name: attribute[position].name))
            if attribute[position].hasT { try body(place, &attribute[position].t) }
            if isConstant, attribute[position].name == Self.listSetting {
                var tensor = ONNXTensorProto(listing: attribute[position].floats)
                try body(place, &tensor)
                if tensor.hasRawData { attribute[position].floats = tensor.rawData.floats }
            }
            guard attribute[position].hasG else { continue }
            var graph = attribute[position].g
            try graph.updateTensors(at: place, body)
            attribute[position].g = graph
        }
    }
}
