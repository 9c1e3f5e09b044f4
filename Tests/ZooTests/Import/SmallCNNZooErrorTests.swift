import Foundation
import TestSupport
import Testing

@testable import Zoo

@Suite("Broken files in the Small CNN Zoo's layout", .oneThread)
struct SmallCNNZooErrorTests {
    /// The message on importing, after a change to the description or to the files.
    private func message(
        shape: String? = nil, type: String = "<f4", order: String = "False",
        _ change: (inout PublishedZoo) -> Void = { _ in },
        damage: (URL) throws -> Void = { _ in }
    ) throws -> String {
        try withTemporaryFolder { folder in
            var published = PublishedZoo(checkpoints: 4)
            change(&published)
            let (source, zoo) = (folder.appending(path: "published"), folder.appending(path: "zoo"))
            try published.write(to: source, shape: shape, type: type, order: order)
            try damage(source)
            do {
                try ZooImporting(from: source, in: zoo).run()
                return "no error"
            } catch {
                #expect(!FileManager.default.fileExists(atPath: zoo.path))
                #expect(!"\(error)".contains("\n"))
                return "\(error)"
            }
        }
    }

    private func cut(_ name: String, by count: Int) -> (URL) throws -> Void {
        { folder in
            let file = folder.appending(path: name)
            try Data(contentsOf: file).dropLast(count).write(to: file)
        }
    }

    @Test("whole files are imported") func control() throws { #expect(try message() == "no error") }

    @Test("weights that are cut, huge, or not float32 rows") func weights() throws {
        let name = "published/weights.npy: "
        #expect(try message(damage: cut("weights.npy", by: 1)).contains(name))
        #expect(try message(damage: cut("weights.npy", by: 9_200)).contains(name))
        let huge = try message(shape: "(4611686018427387904, 571)")
        #expect(huge.contains(name) && huge.contains("too large"))
        #expect(try message(shape: "(4000000000, 571)").contains(name))
        #expect(try message(shape: "(0, 571)", { $0.rows = [] }).contains("\(name)expected float32"))
        #expect(try message(shape: "(2284,)").contains("found F32 [2284]"))
        #expect(try message(shape: "(2, 571)", type: "<f8").contains("found F64 [2, 571]"))
        #expect(try message(order: "True").contains("in column-major order"))
    }

    @Test(
        "a layout that contradicts the weights or itself",
        arguments: [
            ("(6, 10)", "(6, 11)", "a shape of 60 numbers in row 8, found (6,11)"),
            ("(6, 10)", "(9223372036854775807, 9223372036854775807)", "a shape of 60 numbers in row 8"),
            ("(6, 10)", "(99999999999999999999, 10)", "a shape of 60 numbers in row 8"),
            ("(6, 10)", "six", "a shape such as (3, 3, 1, 16) in row 8, found six"),
            ("511,571,\"(6, 10)\"", "511,561,\"(5, 10)\"", "expected 571 numbers for each network as in"),
            ("40,45,\"(5,)\"", "39,44,\"(5,)\"", "conv2d_1/bias:0 to start at 40, where the one before ends, found 39"),
            ("40,45,\"(5,)\"", "45,40,\"(5,)\"", "a range of places in row 3, found 45 to 40"),
            ("40,45,\"(5,)\"", "-5,0,\"(5,)\"", "a range of places in row 3, found -5 to 0"),
            ("dense/bias", "dense/gamma", "one kernel and one bias for each layer, found sequential/dense/gamma:0"),
            ("conv2d_1/bias", "conv2d/bias", "one kernel and one bias for each layer"),
            ("(3, 3, 4, 5)", "(3, 3, 5, 4)", "a kernel of two or four axes and a bias of its outputs"),
            ("(3, 3, 4, 5)", "(1, 3, 12, 5)", "a layer that reads the 4 outputs of sequential/conv2d/kernel:0"),
            ("(6, 10)", "(1, 1, 6, 10)", "a dense layer at the end, found sequential/dense/kernel:0"),
            ("start_idx", "start", "one column called start_idx"),
            (
                "varname,start_idx,end_idx,shape\r\n", "varname,start_idx,end_idx,shape,x\r\n",
                "5 cells in line 2, found 4"
            ),
            ("\"(6, 10)\"", "\"(6, 10)", "a closing quote in line 9"),
        ])
    func layout(part: String, replacement: String, complaint: String) throws {
        let message = try message { published in
            #expect(published.layout.contains(part))
            published.layout = published.layout.replacingOccurrences(of: part, with: replacement)
        }
        #expect(message.contains("published/layout.csv: "), "\(message)")
        #expect(message.contains(complaint), "\(message)")
    }

    @Test("metrics that are cut, too few or missing") func metrics() throws {
        let fewer = try message {
            $0.metrics = $0.metrics.split(separator: "\n").dropLast().joined(separator: "\n")
        }
        #expect(
            fewer.contains("published/metrics.csv.gz: expected 4 checkpoints as in ")
                && fewer.hasSuffix("published/weights.npy, found 3"))
        #expect(
            try message(damage: cut("metrics.csv.gz", by: 6)).contains("metrics.csv.gz: expected a whole gzip file"))
        #expect(
            try message(damage: { folder in
                let file = folder.appending(path: "metrics.csv.gz")
                var data = try Data(contentsOf: file)
                data[40] ^= 1
                try data.write(to: file)
            }).contains("metrics.csv.gz: expected intact gzip data"))
        #expect(
            try message(damage: { try FileManager.default.removeItem(at: $0.appending(path: "metrics.csv.gz")) })
                .contains("metrics.csv.gz: No such file"))
        #expect(try message { $0.metrics = "" }.contains("metrics.csv.gz: expected a line of column names"))
        #expect(try message { $0.metrics += "1,2\n" }.contains("metrics.csv.gz: expected 6 cells in line 6, found 2"))
    }

    @Test("labels beside metrics are refused") func labels() throws {
        try withTemporaryFolder { folder in
            try PublishedZoo(checkpoints: 1).write(to: folder.appending(path: "published"))
            #expect {
                try ZooImporting(
                    from: folder.appending(path: "published"), labels: folder.appending(path: "l.csv"),
                    in: folder.appending(path: "zoo"))
            } throws: {
                "\($0)".contains("leave out --labels")
            }
        }
    }
}
