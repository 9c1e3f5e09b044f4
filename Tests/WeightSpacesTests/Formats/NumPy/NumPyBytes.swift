@testable import WeightSpaces

/// A NumPy array of version 1 with a header of one's own.
func numPyBytes(_ header: String, data: [UInt8], version: UInt8 = 1) -> [UInt8] {
    var bytes = NumPyHeader.magic + [version, 0]
    let text = Array(header.utf8) + [0x0A]
    if version == 1 { bytes.append(UInt16(text.count)) } else { bytes.append(UInt32(text.count)) }
    return bytes + text + data
}

/// A sound header.
func numPyHeader(_ descriptor: String = "<f4", order: String = "False", shape: String) -> String {
    "{'descr': '\(descriptor)', 'fortran_order': \(order), 'shape': \(shape), }"
}
