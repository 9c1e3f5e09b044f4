import Foundation

/// A colour picture as 8-bit CIELAB under D65: L · 255 / 100, a + 128, b + 128.
///
/// OpenCV's 8-bit conversion has the same definition and works in fixed point, which puts some samples one step aside.
///
/// - Source: CIE 15:2004; IEC 61966-2-1 (sRGB).
struct CIELAB {
    var lightness: [UInt8]
    var a: [UInt8]
    var b: [UInt8]
}

extension Image {
    /// The colours of an RGB picture.
    var cielab: CIELAB {
        precondition(channels == 3, "3 channels expected, got \(channels)")
        var lab = CIELAB(lightness: [], a: [], b: [])
        for offset in Swift.stride(from: 0, to: pixels.count, by: 3) {
            let (red, green, blue) = (
                linear[Int(pixels[offset])], linear[Int(pixels[offset + 1])], linear[Int(pixels[offset + 2])]
            )
            let x = compress((0.412453 * red + 0.357580 * green + 0.180423 * blue) / whiteX)
            let y = compress(0.212671 * red + 0.715160 * green + 0.072169 * blue)
            let z = compress((0.019334 * red + 0.119193 * green + 0.950227 * blue) / whiteZ)
            lab.lightness.append(byte((116 * y - 16) * 2.55))
            lab.a.append(byte(500 * (x - y) + 128))
            lab.b.append(byte(200 * (y - z) + 128))
        }
        return lab
    }
}

extension CIELAB {
    /// RGB samples; colours outside sRGB are clamped.
    var pixels: [UInt8] {
        var pixels: [UInt8] = []
        for index in lightness.indices {
            let y = (Float(lightness[index]) / 2.55 + 16) / 116
            let x = expand(y + (Float(a[index]) - 128) / 500) * whiteX
            let z = expand(y - (Float(b[index]) - 128) / 200) * whiteZ
            let luminance = expand(y)
            pixels.append(gamma(3.240479 * x - 1.537150 * luminance - 0.498535 * z))
            pixels.append(gamma(-0.969256 * x + 1.875991 * luminance + 0.041556 * z))
            pixels.append(gamma(0.055648 * x - 0.204043 * luminance + 1.057311 * z))
        }
        return pixels
    }
}

private let whiteX: Float = 0.950456
private let whiteZ: Float = 1.088754

/// sRGB samples as linear light.
private let linear: [Float] = (0..<256).map { sample in
    let value = Float(sample) / 255
    return value <= 0.04045 ? value / 12.92 : pow((value + 0.055) / 1.055, 2.4)
}

private func gamma(_ light: Float) -> UInt8 {
    byte(255 * (light <= 0.0031308 ? 12.92 * light : 1.055 * pow(light, 1 / 2.4) - 0.055))
}

/// The cube root of CIELAB, straight near zero.
private func compress(_ value: Float) -> Float {
    value > 0.008856 ? cbrt(value) : 7.787 * value + 16 / 116
}

private func expand(_ value: Float) -> Float {
    value > 6 / 29 ? value * value * value : (value - 16 / 116) / 7.787
}

private func byte(_ value: Float) -> UInt8 {
    UInt8(min(max(value.rounded(), 0), 255))
}
