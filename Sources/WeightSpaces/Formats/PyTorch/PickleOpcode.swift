/// The operations of pickle protocols 2 to 5 that the reader takes.
///
/// The text forms of protocols 0 and 1, extension codes and out-of-band buffers are missing on purpose.
enum PickleOpcode: UInt8 {
    case protocolVersion = 0x80
    case frame = 0x95
    case stop = 0x2E  // .

    case mark = 0x28  // (
    case pop = 0x30  // 0
    case popMark = 0x31  // 1
    case duplicate = 0x32  // 2

    case none = 0x4E  // N
    case newTrue = 0x88
    case newFalse = 0x89
    case integer4 = 0x4A  // J
    case integer1 = 0x4B  // K
    case integer2 = 0x4D  // M
    case long1 = 0x8A
    case long4 = 0x8B
    case float = 0x47  // G
    case shortString = 0x55  // U
    case string = 0x54  // T
    case shortText = 0x8C
    case text = 0x58  // X
    case text8 = 0x8D
    case shortBytes = 0x43  // C
    case bytes = 0x42  // B
    case bytes8 = 0x8E
    case byteArray8 = 0x96

    case emptyList = 0x5D  // ]
    case append = 0x61  // a
    case appends = 0x65  // e
    case list = 0x6C  // l
    case emptySet = 0x8F
    case addItems = 0x90
    case frozenSet = 0x91
    case emptyTuple = 0x29  // )
    case tuple = 0x74  // t
    case tuple1 = 0x85
    case tuple2 = 0x86
    case tuple3 = 0x87
    case emptyDictionary = 0x7D  // }
    case dictionary = 0x64  // d
    case setItem = 0x73  // s
    case setItems = 0x75  // u

    case put1 = 0x71  // q
    case put4 = 0x72  // r
    case memoize = 0x94
    case get1 = 0x68  // h
    case get4 = 0x6A  // j

    case global = 0x63  // c
    case stackGlobal = 0x93
    case reduce = 0x52  // R
    case newObject = 0x81
    case newObjectWithNames = 0x92
    case build = 0x62  // b
    case persistent = 0x51  // Q
}
