public import Testing
public import Torch

/// `max|a − b| / max|b|`, in float64: how far `a` is from the reference `b`.
///
/// Zero when both are zero or empty, NaN when either has a NaN.
///
/// - Traps: when the shapes differ.
public func relativeError(_ a: Tensor, _ b: Tensor) -> Double {
    precondition(a.shape == b.shape, "expected shape \(b.shape), got \(a.shape)")
    let (found, expected) = (float64Elements(a), float64Elements(b))
    return largest(zip(found, expected).map { abs($0 - $1) }) / max(largest(expected.map(abs)), tiny)
}

/// Expects shapes to be equal and ``relativeError(_:_:)`` to be at most `bound`.
///
/// A failure names the element that is furthest from the reference `b`.
public func expectClose(
    _ a: Tensor, _ b: Tensor, relativeError bound: Double, _ comment: @autoclosure () -> Comment? = nil,
    sourceLocation: SourceLocation = #_sourceLocation
) {
    guard a.shape == b.shape else {
        fail("expected shape \(b.shape), got \(a.shape)", comment(), sourceLocation)
        return
    }
    let error = relativeError(a, b)
    guard !(error <= bound) else { return }
    let (found, expected) = (float64Elements(a), float64Elements(b))
    let worst = found.indices.max { difference(found[$0], expected[$0]) < difference(found[$1], expected[$1]) } ?? 0
    fail(
        "relative error \(error) > \(bound), worst at \(position(worst, in: a.shape)) of \(a.shape): "
            + "expected \(expected[worst]), got \(found[worst])", comment(), sourceLocation)
}

/// Expects two numbers to differ by at most `bound` of the second.
public func expectClose(
    _ a: Double, _ b: Double, relativeError bound: Double, _ comment: @autoclosure () -> Comment? = nil,
    sourceLocation: SourceLocation = #_sourceLocation
) {
    expectClose(
        Tensor([a], shape: []), Tensor([b], shape: []), relativeError: bound, comment(), sourceLocation: sourceLocation)
}

private let tiny = Double.leastNormalMagnitude

private func float64Elements(_ tensor: Tensor) -> [Double] { tensor.to(.float64).elements() }

/// The largest of some numbers, NaN when one of them is.
private func largest(_ values: [Double]) -> Double { values.contains(where: \.isNaN) ? .nan : values.max() ?? 0 }

/// `|a − b|`, with NaN counted as furthest.
private func difference(_ a: Double, _ b: Double) -> Double { (a - b).isNaN ? .infinity : abs(a - b) }

private func position(_ offset: Int, in shape: [Int]) -> [Int] {
    var (rest, result) = (offset, [Int]())
    for size in shape.reversed() {
        result.append(rest % size)
        rest /= size
    }
    return result.reversed()
}

private func fail(_ message: String, _ comment: Comment?, _ sourceLocation: SourceLocation) {
    let text = comment.map { "\($0): \(message)" } ?? message
    Issue.record(Comment(rawValue: text), sourceLocation: sourceLocation)
}
