/// A file, or a request to write one, whose contents do not follow the format.
///
/// Every case names the file and, where a count was wrong, what was expected and found.
public enum FormatError: Error, Equatable, CustomStringConvertible {
    /// The file has no bytes.
    case empty(file: String)
    /// The file is smaller than the smallest that the format allows.
    case tooShort(file: String, expected: Int, found: Int)
    /// The header's length, stored in front of it, cannot be right.
    case headerLength(file: String, expected: ClosedRange<Int>, found: UInt64)
    /// The text of the header breaks its grammar at `offset` bytes from the start of the file.
    case syntax(file: String, offset: Int, expected: String, found: String)
    /// Two tensors, or two metadata keys, have one name.
    case duplicateName(file: String, name: String)
    /// A tensor has a name that the format keeps for itself.
    case reservedName(file: String, name: String)
    /// A tensor has a name that is too long; lengths are in bytes.
    case nameLength(file: String, name: String, expected: Int, found: Int)
    /// A tensor has more axes than the reader takes.
    case rank(file: String, tensor: String, expected: Int, found: Int)
    /// A tensor's element type is not one of `StoredDType`.
    case unknownDType(file: String, tensor: String, found: String)
    /// The number of bytes that a shape asks for does not fit in 63 bits.
    case shapeOverflow(file: String, tensor: String, shape: [Int])
    /// A tensor's bytes are not as many as its shape and element type ask for.
    case byteCount(file: String, tensor: String, expected: Int, found: Int)
    /// A tensor does not begin where the one before it ends: they overlap, or there is a hole.
    case dataOffset(file: String, tensor: String, expected: Int, found: Int)
    /// The tensors together are not as long as the data.
    case dataLength(file: String, expected: Int, found: Int)
    /// A part of the file, such as a member of an archive, is not as the format demands or as the reader takes it.
    case malformed(file: String, part: String, expected: String, found: String)
    /// A pickle holds an object of Python's where a dictionary of tensors is expected.
    case pythonObject(file: String, name: String)
    /// A tensor is of a kind, or has elements, that are not read.
    case unusableTensor(file: String, tensor: String, found: String)
    /// Two tensors that share elements were given different ones.
    case sharedElements(file: String, tensor: String)
    /// The contents are known, and of a format that is not read here.
    case otherFormat(file: String, found: String)
    /// The contents are of no format that is read here.
    case unknownFormat(file: String, expected: String, found: String)

    /// One line that names the file and says what is wrong with it.
    public var description: String {
        switch self {
        case .empty(let file):
            "\(file.oneLine()): the file is empty; the download or copy may have failed"
        case .tooShort(let file, let expected, let found):
            "\(file.oneLine()): the file is too short: expected at least \(expected) bytes, found \(found)"
        case .headerLength(let file, let expected, let found):
            "\(file.oneLine()): wrong header length: expected \(expected.lowerBound) to \(expected.upperBound) bytes, "
                + "found \(found)"
        case .syntax(let file, let offset, let expected, let found):
            "\(file.oneLine()): malformed header at byte \(offset): expected \(expected), found \(found)"
        case .duplicateName(let file, let name):
            "\(file.oneLine()): \(name.quoted) occurs twice: expected distinct names"
        case .reservedName(let file, let name):
            "\(file.oneLine()): a tensor cannot be called \(name.quoted): the format reserves that name"
        case .nameLength(let file, let name, let expected, let found):
            "\(file.oneLine()): the name \(name.quoted) is too long: expected at most \(expected) bytes, found \(found)"
        case .rank(let file, let tensor, let expected, let found):
            "\(file.oneLine()): tensor \(tensor.quoted) has too many axes: expected at most \(expected), found \(found)"
        case .unknownDType(let file, let tensor, let found):
            "\(file.oneLine()): tensor \(tensor.quoted) has an unknown element type: expected one of "
                + "\(StoredDType.allCases.map(\.rawValue).joined(separator: " ")), found \(found.quoted)"
        case .shapeOverflow(let file, let tensor, let shape):
            "\(file.oneLine()): tensor \(tensor.quoted) is too large: expected less than 2^63 bytes, found shape "
                + "\("\(shape)".oneLine(limit: 100))"
        case .byteCount(let file, let tensor, let expected, let found):
            "\(file.oneLine()): tensor \(tensor.quoted): its shape and type ask for \(expected) bytes, found \(found)"
        case .dataOffset(let file, let tensor, let expected, let found):
            "\(file.oneLine()): tensor \(tensor.quoted) begins at byte \(found) of the data: expected \(expected), "
                + "where the tensor before it ends"
        case .dataLength(let file, let expected, let found):
            "\(file.oneLine()): the tensors cover \(expected) bytes of data, but the file holds \(found)"
        case .malformed(let file, let part, let expected, let found):
            "\(file.oneLine()): \(part.oneLine(limit: 100)): expected \(expected), found \(found.oneLine(limit: 100))"
        case .pythonObject(let file, let name):
            "\(file.oneLine()): the pickle holds the Python object \(name.quoted), where a dictionary of tensors is "
                + "expected; nothing was executed. Save a state dict instead: torch.save(model.state_dict(), …)"
        case .unusableTensor(let file, let tensor, let found):
            "\(file.oneLine()): tensor \(tensor.quoted) cannot be used: expected a dense tensor of numbers that are "
                + "computed with, found \(found.oneLine(limit: 200))"
        case .sharedElements(let file, let tensor):
            "\(file.oneLine()): tensor \(tensor.quoted) shares elements with another tensor of the file: expected the "
                + "same new elements for both, found different ones"
        case .otherFormat(let file, let found):
            "\(file.oneLine()): not a file of networks' weights: it is \(found)"
        case .unknownFormat(let file, let expected, let found):
            "\(file.oneLine()): not a file of networks' weights: expected \(expected), found \(found)"
        }
    }
}
