/// All operators that the project knows.
enum OperatorCatalog {
    /// The types of operators.
    static let types: [any Operator.Type] = [
        Aggregation.self, ArgumentOfExtremum.self, Arithmetic.self, Attention.self, AveragePool.self,
        BatchNormalization.self, Cast.self, Clip.self, Comparison.self, Concatenation.self, Constant.self,
        ConstantOfShape.self, Convolution.self, CumulativeSum.self, DepthToSpace.self, Dequantization.self,
        Einsum.self, Expand.self, EyeLike.self, Flatten.self, GRU.self, Gather.self, GatherElements.self,
        GatherND.self, Gelu.self, Gemm.self, GlobalPool.self, GridSample.self, GroupNormalization.self, Identity.self,
        InstanceNormalization.self, IsInfinite.self, LSTM.self, LayerNormalization.self,
        LocalResponseNormalization.self, LpNormalization.self, LpPool.self, MatMul.self, MaxPool.self,
        MeanVarianceNormalization.self, Modulo.self, NonZero.self, NumberRange.self, OneHot.self, PRelu.self,
        Pad.self, ParametricActivation.self, PointwiseFunction.self, Quantization.self, RMSNormalization.self,
        RNN.self, Reduction.self, Reshape.self, Resize.self, RotaryEmbedding.self, ScatterElements.self,
        ScatterND.self, ShapeOf.self, Size.self, SkipNormalization.self, Slice.self, Softmax.self, SpaceToDepth.self,
        Split.self, Squeeze.self, Tile.self, TopK.self, TransposedConvolution.self, Transpose.self, Triangle.self,
        Unsqueeze.self, Where.self,
    ]

    private static let typesByName: [String: any Operator.Type] = {
        let pairs = types.flatMap { type in type.names.map { ($0, type) } }
        return Dictionary(uniqueKeysWithValues: pairs)
    }()

    /// The operator that a node uses, with the node's settings.
    ///
    /// - Throws: ``GraphError/unknownOperator(_:)``, and what is wrong with the settings.
    static func operation(for node: Node) throws(GraphError) -> any Operator {
        guard let type = typesByName[node.operation] else { throw GraphError.unknownOperator(node.operation) }
        return try type.init(node)
    }
}
