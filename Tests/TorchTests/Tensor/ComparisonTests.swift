import TestSupport
import Testing
import Torch

@Suite(.oneThread) struct ComparisonTests {
    let a = Tensor([1.0, 2, 3, .nan])
    let b = Tensor([2.0, 2, 2, .nan])

    @Test func comparingGivesOneWhereTheRelationHolds() {
        #expect((a .< b).dtype == .bool)
        #expect((a .< b).to(.int64).elements() == [1, 0, 0, 0] as [Int64])
        #expect((a .== b).to(.int64).elements() == [0, 1, 0, 0] as [Int64])
    }

    @Test func comparingBroadcasts() {
        #expect(
            (Tensor([1.0, 3], shape: [2, 1]) .< Tensor([2.0, 4, 0])).to(.int64).elements() == [1, 1, 0, 0, 1, 0]
                as [Int64])
    }
}
