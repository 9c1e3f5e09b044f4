@testable import WeightSpaces

/// Pickles put together by hand.
enum PickleBytes {
    static let start: [UInt8] = [0x80, 2]
    static let stop: [UInt8] = [0x2E]

    static func text(_ text: String) -> [UInt8] {
        var bytes: [UInt8] = [0x58]
        bytes.append(UInt32(text.utf8.count))
        return bytes + Array(text.utf8)
    }

    static func global(_ module: String, _ name: String) -> [UInt8] {
        Array("c\(module)\n\(name)\n".utf8)
    }

    static func integer(_ value: Int) -> [UInt8] {
        var bytes: [UInt8] = [0x8A, 8]
        bytes.append(value)
        return bytes
    }

    static func tuple(_ parts: [[UInt8]]) -> [UInt8] { [0x28] + parts.joined() + [0x74] }

    /// A dictionary of values under names.
    static func dictionary(_ pairs: [(String, [UInt8])]) -> [UInt8] {
        [0x7D, 0x28] + pairs.flatMap { text($0.0) + $0.1 } + [0x75]
    }

    /// A call of `_rebuild_tensor_v2` over a storage of floats.
    static func tensor(
        storage key: String = "0", count: Int, offset: Int = 0, shape: [Int], strides: [Int],
        type: String = "FloatStorage"
    ) -> [UInt8] {
        let storage = tuple([text("storage"), global("torch", type), text(key), text("cpu"), integer(count)]) + [0x51]
        let arguments = tuple([
            storage, integer(offset), tuple(shape.map(integer)), tuple(strides.map(integer)), [0x89], [0x7D],
        ])
        return global("torch._utils", "_rebuild_tensor_v2") + arguments + [0x52]
    }

    /// A checkpoint with a pickle and one storage.
    static func checkpoint(_ body: [UInt8], storage: [UInt8] = [], order: String = "little") -> [UInt8] {
        ZipBytes([
            .init("m/data.pkl", start + body + stop), .init("m/byteorder", Array(order.utf8)),
            .init("m/data/0", storage),
        ]).joined
    }

    /// A checkpoint as PyTorch wrote them before version 1.6, with some storages, each behind its number of elements.
    static func legacy(
        _ body: [UInt8], keys: [[UInt8]] = [text("0")], storages: [(count: Int, bytes: [UInt8])], version: UInt8 = 2
    ) -> [UInt8] {
        func pickle(_ body: [UInt8]) -> [UInt8] { [0x80, version] + body + stop }
        let magic: [UInt8] = [0x8A, 0x0A, 0x6C, 0xFC, 0x9C, 0x46, 0xF9, 0x20, 0x6A, 0xA8, 0x50, 0x19]
        let head = pickle(magic) + pickle([0x4D, 0xE9, 0x03]) + pickle([0x7D]) + pickle(body)
        let list = pickle([0x5D, 0x28] + keys.joined() + [0x65])
        return storages.reduce(into: head + list) { file, storage in
            file.append(storage.count)
            file += storage.bytes
        }
    }
}
