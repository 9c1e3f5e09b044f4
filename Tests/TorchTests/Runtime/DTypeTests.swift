import TestSupport
import Testing

@testable import Torch

struct DTypeTests {
    @Test(arguments: DType.allCases) func theTypeSurvivesTheCrossingToC(_ dtype: DType) {
        #expect(DType(dtype.raw) == dtype)
        #expect(Tensor.zeros([1], dtype: dtype).dtype == dtype)
    }

    @Test func namesAreStableBecauseFilesHoldThem() {
        #expect(
            DType.allCases.map(\.rawValue) == [
                "float32", "float64", "float16", "bfloat16", "int64", "int32", "int16", "int8", "uint8", "bool",
            ])
    }

    @Test func byteCountsAreThoseOfSwiftTypes() {
        #expect(Float.dtype.byteCount == MemoryLayout<Float>.size)
        #expect(Double.dtype.byteCount == MemoryLayout<Double>.size)
        #expect(Int64.dtype.byteCount == MemoryLayout<Int64>.size)
        #expect(Int32.dtype.byteCount == MemoryLayout<Int32>.size)
        #expect(Int16.dtype.byteCount == MemoryLayout<Int16>.size)
        #expect(Int8.dtype.byteCount == MemoryLayout<Int8>.size)
        #expect(UInt8.dtype.byteCount == MemoryLayout<UInt8>.size)
    }

    @Test(arguments: DType.allCases.filter(\.isFloatingPoint)) func floatingPointTypesCarryGradients(_ dtype: DType) {
        #expect(Tensor.zeros([1], dtype: dtype).asVariable.requiresGradient)
    }
}
