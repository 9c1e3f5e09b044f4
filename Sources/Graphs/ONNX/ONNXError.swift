/// Why an ONNX file cannot be read.
///
/// What it shares with other formats, such as a shape that asks for more bytes than there are, is a `FormatError`.
public enum ONNXError: Error, Equatable, CustomStringConvertible {
    /// The bytes are no message of the format, `offset` bytes from the start of the file.
    case malformed(file: String, offset: Int, expected: String)
    /// The bytes are messages, but not of this format.
    case undecodable(file: String, reason: String)
    /// There is more structure than the reader takes for a file of this size, or nested more deeply.
    case tooLarge(file: String, what: String, limit: Int)
    /// The file holds no graph.
    case noGraph(file: String)
    /// A node reads a value, or the graph gives back one, that nothing writes.
    case missingValue(String, file: String, reader: String)
    /// A node needs, through others, its own result.
    case cycle(file: String, node: String)
    /// A function calls itself, directly or through others.
    case recursion(file: String, function: String)
    /// The file uses a part of the format that the reader does not know.
    case unsupported(String, file: String)
    /// A tensor's elements lie in another file, and not where the tensor says.
    case external(file: String, tensor: String, expected: String, found: String)

    /// One line that names the file and says what is wrong with it.
    public var description: String {
        switch self {
        case .malformed(let file, let offset, let expected):
            "\(file.oneLine()): malformed at byte \(offset): expected \(expected)"
        case .undecodable(let file, let reason):
            "\(file.oneLine()): expected an ONNX model, found other contents (\(reason.oneLine(limit: 200)))"
        case .tooLarge(let file, let what, let limit):
            "\(file.oneLine()): too many \(what): expected at most \(limit)"
        case .noGraph(let file):
            "\(file.oneLine()): expected an ONNX model, found no graph in the file"
        case .missingValue(let name, let file, let reader):
            "\(file.oneLine()): \(reader.oneLine(limit: 100)) reads '\(name.oneLine(limit: 60))', which nothing writes"
        case .cycle(let file, let node):
            "\(file.oneLine()): \(node.oneLine(limit: 100)) needs its own result: expected a graph without cycles"
        case .recursion(let file, let function):
            "\(file.oneLine()): the function \(function.oneLine(limit: 100)) calls itself: expected no recursion"
        case .unsupported(let what, let file):
            "\(file.oneLine()): \(what.oneLine(limit: 200)) is not supported"
        case .external(let file, let tensor, let expected, let found):
            "\(file.oneLine()): the elements of '\(tensor.oneLine(limit: 60))' lie in another file: expected "
                + "\(expected), found \(found.oneLine(limit: 200))"
        }
    }
}
