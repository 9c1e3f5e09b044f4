/// All operators that the project knows.
enum OperatorCatalog {
    /// The types of operators.
    static let types: [any Operator.Type] = [
        AffineGrid.self, Aggregation.self, ArgumentOfExtremum.self, Arithmetic.self, Attention.self, AveragePool.self,
        BatchNormalization.self, Bitwise.self, Cast.self, CentredCrop.self, ClassificationLoss.self, Clip.self,
        Comparison.self, Compress.self, Concatenation.self, Constant.self, ConstantOfShape.self, Convolution.self,
        CumulativeSum.self, DeformableConvolution.self, DepthToSpace.self, Dequantization.self, Determinant.self,
        DynamicQuantization.self, DynamicQuantizedMatMul.self, Einsum.self, EmbeddingNormalization.self, Expand.self,
        EyeLike.self, Flatten.self, Fold.self, FourierTransform.self, FusedAttention.self, FusedConvolution.self,
        FusedGemm.self, FusedMatMul.self, GRU.self, Gather.self, GatherElements.self, GatherND.self, Gelu.self,
        Gemm.self, GlobalPool.self, GridSample.self, GroupNormalization.self, GroupQueryAttention.self, Identity.self,
        InstanceNormalization.self, IntegerProduct.self, IsInfinite.self, LSTM.self, LayerNormalization.self,
        LocalResponseNormalization.self, LpNormalization.self, LpPool.self, MatMul.self, MaxPool.self, MaxUnpool.self,
        MeanVarianceNormalization.self, MelWeights.self, Modulo.self, MultiHeadAttention.self,
        NonMaximumSuppression.self, NonZero.self, NumberRange.self, OneHot.self, PRelu.self, PackedMatMul.self,
        Pad.self, ParametricActivation.self, PointwiseFunction.self, Quantization.self, QuantizedOperator.self,
        RMSNormalization.self, RNN.self, Reduction.self, Reshape.self, Resize.self, ReverseSequence.self, RoiAlign.self,
        RotaryEmbedding.self, ScatterElements.self, ScatterND.self, ShapeOf.self, ShortTimeFourierTransform.self,
        Size.self, SkipNormalization.self, Slice.self, Softmax.self, SpaceToDepth.self, SpectralWindow.self, Split.self,
        Squeeze.self, Tile.self, TopK.self, Transpose.self, TransposedConvolution.self, Triangle.self, Unique.self,
        Unsqueeze.self, Where.self,
    ]

    /// Whether integers that an operator reads stand for real numbers, so that those that are stored are weights.
    static func readsWeightsAsIntegers(_ operation: String) -> Bool {
        operation == "DequantizeLinear" || QuantizedOperator.names.contains(operation)
    }

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
