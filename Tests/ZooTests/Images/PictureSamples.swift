import Foundation

/// A PNG of a kind that the writer does not make, and the samples that it stands for.
struct PNGSample: CustomStringConvertible {
    var description: String
    var base64: String
    var size: [Int]
    var pixels: [UInt8]

    var bytes: [UInt8] { Array(Data(base64Encoded: base64) ?? Data()) }
}

let pngSamples = [
    PNGSample(
        description: "16-bit grey",
        base64: "iVBORw0KGgoAAAANSUhEUgAAAAMAAAABEAAAAABuG5crAAAAD0lEQVR42mNg"
            + "YGhg+P8fAAUEAn9a+/enAAAAAElFTkSuQmCC",
        size: [1, 3, 1],
        pixels: [0, 128, 255]
    ),
    PNGSample(
        description: "1-bit grey",
        base64: "iVBORw0KGgoAAAANSUhEUgAAAAkAAAABAQAAAAAkubnQAAAAC0lEQVR42mNY"
            + "0AAAAcMBIVYyqkAAAAAASUVORK5CYII=",
        size: [1, 9, 1],
        pixels: [255, 0, 255, 0, 0, 0, 0, 0, 255]
    ),
    PNGSample(
        description: "4-bit grey",
        base64: "iVBORw0KGgoAAAANSUhEUgAAAAMAAAABBAAAAAD7e6ZpAAAAC0lEQVR42mPg"
            + "LwAAAJEAgK5ZEuYAAAAASUVORK5CYII=",
        size: [1, 3, 1],
        pixels: [0, 255, 119]
    ),
    PNGSample(
        description: "a palette",
        base64: "iVBORw0KGgoAAAANSUhEUgAAAAMAAAABCAMAAAAsPuSGAAAACVBMVEX/AAAA"
            + "/wAKFB7Zfk3nAAAADElEQVR42mNgYGQCAAAIAAQIHWMKAAAAAElFTkSuQmCC",
        size: [1, 3, 3],
        pixels: [255, 0, 0, 0, 255, 0, 10, 20, 30]
    ),
    PNGSample(
        description: "a palette with transparency",
        base64: "iVBORw0KGgoAAAANSUhEUgAAAAMAAAABCAMAAAAsPuSGAAAACVBMVEX/AAAA"
            + "/wAKFB7Zfk3nAAAAA3RSTlP/AICpVnMTAAAADElEQVR42mNgYGQCAAAIAAQIHWMKAAAAAElFTkSuQmCC",
        size: [1, 3, 3],
        pixels: [255, 0, 0, 0, 0, 0, 5, 10, 15]
    ),
    PNGSample(
        description: "colour with alpha",
        base64: "iVBORw0KGgoAAAANSUhEUgAAAAIAAAABCAYAAAD0In+KAAAAD0lEQVR42mM4"
            + "kWL0H4gbABRcBDygVJiXAAAAAElFTkSuQmCC",
        size: [1, 2, 3],
        pixels: [200, 100, 50, 100, 50, 25]
    ),
    PNGSample(
        description: "grey with alpha",
        base64: "iVBORw0KGgoAAAANSUhEUgAAAAMAAAABCAQAAACx6dw/AAAAD0lEQVR42mM4"
            + "8f9EwwkGAA/iA9js1O0ZAAAAAElFTkSuQmCC",
        size: [1, 3, 1],
        pixels: [200, 100, 0]
    ),
    PNGSample(
        description: "grey with one transparent level",
        base64: "iVBORw0KGgoAAAANSUhEUgAAAAMAAAABCAAAAAA+i0toAAAAAnRSTlMACHhI"
            + "RQoAAAAMSURBVHjaY2Dn4AQAADIAGbEZzqoAAAAASUVORK5CYII=",
        size: [1, 3, 1],
        pixels: [7, 0, 9]
    ),
    PNGSample(
        description: "colour with alpha and a gamma",
        base64: "iVBORw0KGgoAAAANSUhEUgAAAAIAAAABCAYAAAD0In+KAAAABGdBTUEAALGP"
            + "C/xhBQAAAA9JREFUeNpjOJFi9B+IGwAUXAQ8oFSYlwAAAABJRU5ErkJggg==",
        size: [1, 2, 3],
        pixels: [200, 100, 50, 100, 50, 25]
    ),
    PNGSample(
        description: "Adam7",
        base64: "iVBORw0KGgoAAAANSUhEUgAAAAUAAAAFCAAAAAHfA0mvAAAALUlEQVR42mNg"
            + "YNBgOPGBQYThDkNKRQ8DlxxDXhPDpWcMRjZuAVEM0xas2rIPALFyC7laww12AAAAAElFTkSuQmCC",
        size: [5, 5, 1],
        pixels: [
            0, 10, 20, 30, 40, 50, 60, 70, 80, 90, 100, 110, 120, 130, 140, 150, 160, 170, 180, 190, 200, 210, 220, 230,
            240,
        ]
    ),
]

/// JPEGs of 16 × 8 pixels: `16 x` in grey, `(16 x, 32 y, 255 − 16 x)` in colour.
enum JPEGSample {
    static let grey = decoded(
        "/9j/4AAQSkZJRgABAQAAAQABAAD/2wBDAAMCAgMCAgMDAwMEAwMEBQgFBQQEBQoHBwYIDAoMDAsKCwsNDhIQDQ4RDg"
            + "sLEBYQERMUFRUVDA8XGBYUGBIUFRT/wAALCAAIABABAREA/8QAFQABAQAAAAAAAAAAAAAAAAAACAn/xAAXEAADAQAA"
            + "AAAAAAAAAAAAAAAACESB/9oACAEBAAA/AB+tsuFVVtlw/9k="
    )
    static let colour = decoded(
        "/9j/4AAQSkZJRgABAQAAAQABAAD/2wBDAAMCAgMCAgMDAwMEAwMEBQgFBQQEBQoHBwYIDAoMDAsKCwsNDhIQDQ4RDg"
            + "sLEBYQERMUFRUVDA8XGBYUGBIUFRT/2wBDAQMEBAUEBQkFBQkUDQsNFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQU"
            + "FBQUFBQUFBQUFBQUFBQUFBQUFBQUFBT/wAARCAAIABADAREAAhEBAxEB/8QAFAABAAAAAAAAAAAAAAAAAAAABv/EAB"
            + "kQAAEFAAAAAAAAAAAAAAAAAAAFCCQyov/EABUBAQEAAAAAAAAAAAAAAAAAAAgH/8QAFxEBAAMAAAAAAAAAAAAAAAAA"
            + "BgAiMv/aAAwDAQACEQMRAD8ABIjVKw8iNYsNWkhKvc3j9EapWHkDbFhq0Y5V7m8//9k="
    )
    static let progressive = decoded(
        "/9j/4AAQSkZJRgABAQAAAQABAAD/2wBDAAMCAgMCAgMDAwMEAwMEBQgFBQQEBQoHBwYIDAoMDAsKCwsNDhIQDQ4RDg"
            + "sLEBYQERMUFRUVDA8XGBYUGBIUFRT/2wBDAQMEBAUEBQkFBQkUDQsNFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQU"
            + "FBQUFBQUFBQUFBQUFBQUFBQUFBQUFBT/wgARCAAIABADAREAAhEBAxEB/8QAFQABAQAAAAAAAAAAAAAAAAAABQb/xA"
            + "AVAQEBAAAAAAAAAAAAAAAAAAAHBv/aAAwDAQACEAMQAAABARpCgDWP/8QAFhAAAwAAAAAAAAAAAAAAAAAAAAMG/9oA"
            + "CAEBAAEFAkyomVP/xAAXEQEAAwAAAAAAAAAAAAAAAAAFACEx/9oACAEDAQE/ASnsuFPZc//EABcRAQADAAAAAAAAAA"
            + "AAAAAAAAUAITH/2gAIAQIBAT8BYY24wxtz/8QAFRABAQAAAAAAAAAAAAAAAAAAADL/2gAIAQEABj8ChD//xAAWEAAD"
            + "AAAAAAAAAAAAAAAAAAAAMcH/2gAIAQEAAT8hXAuD/9oADAMBAAIAAwAAABDP/8QAFBEBAAAAAAAAAAAAAAAAAAAAEP"
            + "/aAAgBAwEBPxAVf//EABQRAQAAAAAAAAAAAAAAAAAAABD/2gAIAQIBAT8QIj//xAAUEAEAAAAAAAAAAAAAAAAAAAAQ"
            + "/9oACAEBAAE/EDGP/9k="
    )
    static let cmyk = decoded(
        "/9j/7gAOQWRvYmUAZAAAAAAA/9sAQwADAgIDAgIDAwMDBAMDBAUIBQUEBAUKBwcGCAwKDAwLCgsLDQ4SEA0OEQ4LCx"
            + "AWEBETFBUVFQwPFxgWFBgSFBUU/8AAFAgACAAQBEMRAE0RAFkRAEsRAP/EABcAAAMBAAAAAAAAAAAAAAAAAAAICQb/"
            + "xAAaEAACAgMAAAAAAAAAAAAAAAAACESBGWWj/9oADgRDAE0AWQBLAAA/AE/W2LRlMber5jeslKsqmVVW2LQY29XzJV"
            + "MlKsD/2Q=="
    )

    private static func decoded(_ base64: String) -> [UInt8] {
        Array(Data(base64Encoded: base64) ?? Data())
    }
}
