/// Contents of files that people give for weights and that are none which are read here, known by their first bytes.
enum OtherContents {
    /// How many bytes of a file are looked at.
    static let frontCount = 1_024

    /// What a file with these first bytes is, and what to do about it, where that is known.
    static func description(of front: [UInt8]) -> String? {
        for (offset, bytes, description) in signatures
        where front.dropFirst(offset).prefix(bytes.count).elementsEqual(bytes) {
            return description
        }
        if front.first == PickleOpcode.protocolVersion.rawValue, front.count > 2, 1...5 ~= front[1] {
            return "a Python pickle of its own, which is not unpickled; save a state dict with torch.save, or arrays "
                + "with numpy.savez"
        }
        return description(ofText: front)
    }

    private static func description(ofText front: [UInt8]) -> String? {
        // The last character may be cut.
        guard let text = (0..<4).lazy.compactMap({ String(validating: front.dropLast($0), as: UTF8.self) }).first,
            text.unicodeScalars.allSatisfy({ $0.properties.generalCategory != .control || spaces.contains($0) })
        else { return nil }
        let start = text.drop { $0.isWhitespace || $0 == "\u{FEFF}" }
        guard !start.isEmpty else { return "spaces and nothing else; the download or copy may have failed" }
        let lowercased = start.prefix(64).lowercased()
        for (prefix, description) in texts where lowercased.hasPrefix(prefix) { return description }
        let isPython = start.split(separator: "\n").contains { line in
            python.contains { line.hasPrefix($0) }
        }
        return isPython
            ? "Python source; give the file of weights that belongs to it"
            : "text; give a file of weights, such as safetensors or PyTorch's"
    }

    private static let spaces: Set<Unicode.Scalar> = ["\t", "\n", "\r", "\u{C}"]
    private static let python = ["import ", "from ", "def ", "class ", "#!/usr/bin/env python", "#!/usr/bin/python"]

    private static let texts = [
        ("<!doctype html", page), ("<html", page), ("<head", page), ("<body", page),
        ("<!--", page),
        ("<?xml", "an XML document; give a file of weights"),
        (
            "version https://git-lfs.github.com/spec/",
            "a pointer of Git LFS that stands for the file; fetch the file itself with git lfs pull"
        ),
        ("{", "JSON, without the weight_map of an index of shards; give the model's folder or its file of weights"),
        ("[", "JSON; give a file of weights"),
    ]

    private static let page =
        "an HTML page, such as an error message in place of a download; download the file again and look at its size"

    private static let signatures: [(offset: Int, bytes: [UInt8], description: String)] = [
        (0, Array("GGUF".utf8), "a GGUF file (llama.cpp); use the safetensors files it was converted from"),
        (0, Array("lmgg".utf8), ggml), (0, Array("fmgg".utf8), ggml), (0, Array("tjgg".utf8), ggml),
        (0, Array("algg".utf8), ggml),
        (4, Array("TFL3".utf8), "a TensorFlow Lite model; convert it to ONNX with tf2onnx --tflite"),
        (4, Array("ET12".utf8), "an ExecuTorch program; use the network it was exported from"),
        (
            0, [0x89] + Array("HDF\r\n".utf8) + [0x1A, 0x0A],
            "an HDF5 file (Keras, .h5); save its arrays with numpy.savez, or convert it to ONNX with tf2onnx"
        ),
        (
            8, [0xEF, 0xBB, 0xBF] + Array("{".utf8),
            "a safetensors file with a byte order mark before its header, which "
                + "readers of the format refuse; write it again without"
        ),
        (0, [0x1F, 0x8B], "a file compressed with gzip; unpack it first"),
        (0, Array("BZh".utf8), "a file compressed with bzip2; unpack it first"),
        (0, [0xFD] + Array("7zXZ\0".utf8), "a file compressed with xz; unpack it first"),
        (0, [0x28, 0xB5, 0x2F, 0xFD], "a file compressed with Zstandard; unpack it first"),
        (0, [0x04, 0x22, 0x4D, 0x18], "a file compressed with LZ4; unpack it first"),
        (0, Array("7z".utf8) + [0xBC, 0xAF, 0x27, 0x1C], "a 7z archive; unpack it first"),
        (0, Array("Rar!".utf8) + [0x1A, 0x07], "a RAR archive; unpack it first"),
        (
            257, Array("ustar".utf8),
            "a tar archive; unpack it first or, if one of the first versions of PyTorch wrote it, load it there and "
                + "save it again"
        ),
        (0, Array("SQLite format 3\0".utf8), "an SQLite database"),
        (0, Array("MATLAB 5.0 MAT-file".utf8), "a MATLAB file; save its arrays with numpy.savez"),
        (0, Array("PAR1".utf8), "a Parquet table"), (0, Array("ARROW1".utf8), "an Arrow table"),
        (0, Array("%PDF".utf8), "a PDF document"), (0, [0x89] + Array("PNG\r\n".utf8), "a PNG picture"),
        (0, [0xFF, 0xD8, 0xFF], "a JPEG picture"), (0, [0x7F] + Array("ELF".utf8), "a program"),
    ]

    private static let ggml = "a GGML file (llama.cpp, whisper.cpp); use the checkpoint it was converted from"
}
