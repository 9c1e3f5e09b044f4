public import Foundation

/// JSON with a new value at a path of keys, `outer.inner`.
public func replacing(_ path: String, by value: Any, in json: Data) throws -> Data {
    func replaced(_ tree: Any, _ path: ArraySlice<Substring>) -> Any {
        guard let key = path.first, var members = tree as? [String: Any] else { return value }
        members[String(key)] = replaced(members[String(key)] ?? value, path.dropFirst())
        return members
    }
    let tree = try JSONSerialization.jsonObject(with: json)
    return try JSONSerialization.data(withJSONObject: replaced(tree, path.split(separator: ".")[...]))
}
