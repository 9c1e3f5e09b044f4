import Torch

/// How values between the elements of an axis are found.
struct Interpolation: Sendable {
    /// The weight of an element by its distance.
    enum Mode: String {
        case nearest, linear, cubic
    }

    /// Where the elements of the result lie among those of the input.
    enum Coordinates: String {
        case halfPixel = "half_pixel"
        case halfPixelUnlessSingle = "pytorch_half_pixel"
        case halfPixelCentred = "half_pixel_symmetric"
        case alignCorners = "align_corners"
        case asymmetric
    }

    /// Which neighbour is the nearest.
    enum Rounding: String {
        case preferFloor = "round_prefer_floor"
        case preferCeil = "round_prefer_ceil"
        case floor, ceil
    }

    let mode: Mode
    let coordinates: Coordinates
    let rounding: Rounding
    /// The slope of the cubic weights at the neighbours.
    let cubicSlope: Double
    /// Whether places outside are left out, instead of taking the element at the edge.
    let excludesOutside: Bool
    /// Whether weights widen where the result is smaller.
    let antialiases: Bool

    init(_ node: Node) throws(GraphError) {
        let isOld = node.operation == "Upsample" || node.version < 11
        let name = try node.text("mode", default: "nearest")
        guard let mode = Mode(rawValue: name == "bilinear" ? "linear" : name) else {
            throw node.refused("mode", expected: "nearest, linear or cubic")
        }
        self.mode = mode
        let transformation = try node.text(
            "coordinate_transformation_mode", default: isOld ? "asymmetric" : "half_pixel")
        guard let coordinates = Coordinates(rawValue: transformation) else {
            throw node.refused(
                "coordinate_transformation_mode",
                expected: "half_pixel, pytorch_half_pixel, half_pixel_symmetric, align_corners or asymmetric")
        }
        self.coordinates = coordinates
        let roundingName = try node.text("nearest_mode", default: isOld ? "floor" : "round_prefer_floor")
        guard let rounding = Rounding(rawValue: roundingName) else {
            throw node.refused("nearest_mode", expected: "round_prefer_floor, round_prefer_ceil, floor or ceil")
        }
        self.rounding = rounding
        cubicSlope = try node.number("cubic_coeff_a", default: -0.75)
        excludesOutside = try node.truth("exclude_outside", default: false)
        antialiases = try node.truth("antialias", default: false)
    }

    /// `x` with `size` elements along an axis.
    func callAsFunction(_ x: Tensor, axis: Int, scale: Double, size: Int) throws -> Tensor {
        let old = x.size(axis)
        if old == size && scale == 1 { return x }
        guard old > 0 else { throw OperandError(expected: "an axis with elements", found: "\(x)") }
        let places = (0..<size).map { place($0, scale: scale, from: old, to: size) }
        if mode == .nearest {
            let indices = places.map { Int64(min(max(nearest($0), 0), Double(old - 1))) }
            return try aten("index_select", x, axis, Tensor(indices))
        }
        try checkedShape([size, old])
        let matrix = Tensor(places.flatMap { weights(at: $0, of: old, scale: scale) }, shape: [size, old])
        let moved = try aten("transpose.int", x, axis, -1)
        let result = try aten("linear", moved, matrix.to(x.dtype))
        return try aten("transpose.int", result, axis, -1)
    }

    /// Where an element of the result lies among those of the input.
    private func place(_ index: Int, scale: Double, from old: Int, to new: Int) -> Double {
        let index = Double(index)
        switch coordinates {
        case .halfPixelUnlessSingle where new == 1: return -0.5
        case .halfPixel, .halfPixelUnlessSingle: return (index + 0.5) / scale - 0.5
        case .halfPixelCentred:
            let excess = 1 - Double(new) / (scale * Double(old))
            return Double(old) / 2 * excess + (index + 0.5) / scale - 0.5
        case .alignCorners: return new == 1 ? 0 : index * Double(old - 1) / Double(new - 1)
        case .asymmetric: return index / scale
        }
    }

    private func nearest(_ place: Double) -> Double {
        switch rounding {
        case .preferFloor: (place - 0.5).rounded(.up)
        case .preferCeil: (place + 0.5).rounded(.down)
        case .floor: place.rounded(.down)
        case .ceil: place.rounded(.up)
        }
    }

    /// The weights of all elements of the input for one place.
    private func weights(at place: Double, of count: Int, scale: Double) -> [Double] {
        let width = antialiases ? min(scale, 1) : 1
        let reach = (mode == .linear ? 1 : 2) / width
        let range = Int((place - reach).rounded(.down)) + 1...Int((place + reach).rounded(.up)) - 1
        var result = [Double](repeating: 0, count: count)
        var sum = 0.0
        for index in range where !excludesOutside || (0..<count).contains(index) {
            let weight = weight((Double(index) - place) * width)
            result[min(max(index, 0), count - 1)] += weight
            sum += weight
        }
        return result.map { $0 / sum }
    }

    private func weight(_ distance: Double) -> Double {
        let (t, a) = (abs(distance), cubicSlope)
        if mode == .linear { return max(0, 1 - t) }
        if t <= 1 { return ((a + 2) * t - (a + 3)) * t * t + 1 }
        return t < 2 ? ((t - 5) * t + 8) * t * a - 4 * a : 0
    }
}
