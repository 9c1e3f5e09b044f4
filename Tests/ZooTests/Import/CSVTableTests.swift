import Foundation
import TestSupport
import Testing

@testable import Zoo

@Suite("Tables of comma-separated values")
struct CSVTableTests {
    private func table(_ bytes: [UInt8]) throws -> CSVTable {
        try withTemporaryFolder { folder in
            try Data(bytes).write(to: folder.appending(path: "t.csv"))
            return try CSVTable(contentsOf: folder.appending(path: "t.csv"))
        }
    }

    private func cells(_ text: String) throws -> [[String]] {
        let table = try table(Array(text.utf8))
        return [table.columns]
            + (0..<table.rowCount).map { row in table.columns.indices.map { table[row, $0] } }
    }

    @Test(
        "quotes, line ends, empty cells and marks are read as RFC 4180 says",
        arguments: [
            ("a,b\n1,2\n", [["a", "b"], ["1", "2"]]), ("a,b\r\n1,2", [["a", "b"], ["1", "2"]]),
            ("a,b\n\"x,\"\"y\"\"\",\"1\r\n2\"\n", [["a", "b"], ["x,\"y\"", "1\r\n2"]]),
            ("a,b\n,\n\"\",z\n", [["a", "b"], ["", ""], ["", "z"]]), ("a\n\nb\n", [["a"], [""], ["b"]]),
            ("\u{FEFF}a,ü\n1,é\n", [["a", "ü"], ["1", "é"]]), ("a", [["a"]]), ("a,\n1,", [["a", ""], ["1", ""]]),
            ("a,b\n\n1,2\n  \n\n", [["a", "b"], ["1", "2"]]),
            (" a , \"b\" \n 1 , \"2\" \n", [["a", "b"], ["1 ", "2"]]),
        ])
    func reads(text: String, expected: [[String]]) throws { #expect(try cells(text) == expected) }

    @Test(
        "what breaks the format is refused with its line",
        arguments: [
            ("a,b\n1\n", "2 cells in line 2, found 1"), ("a,b\n1,2,3\n", "2 cells in line 2, found 3"),
            ("a\n\"1\n", "a closing quote"), ("a\n\"1\"x\n", "a comma or the end of the line"),
            ("a\nx\"1\"\n", "quotes around a whole cell in line 2"), ("a\rb", "a line feed after a carriage return"),
            ("a\n1\r", "a line feed"), ("", "a line of column names"),
            ("a,b\n1,2\n\n3\n", "2 cells in line 4, found 1"), ("\na\n", "column names in line 1, found an empty line"),
        ])
    func refuses(text: String, complaint: String) {
        #expect {
            try cells(text)
        } throws: {
            $0 is ImportError && "\($0)".contains("t.csv: expected \(complaint)")
        }
    }

    @Test("text that is not UTF-8 is refused") func encoding() {
        #expect {
            try table(Array("a\n".utf8) + [0xFF, 0x0A])
        } throws: {
            "\($0)".contains("UTF-8 in line 2")
        }
    }

    @Test("columns have one type, and names that conditions can use") func facts() throws {
        let text = """
            Number,Real,Text,007,Empty,Mixed,Big,network,Config.L2-reg,config_l2_reg,nan,Ünïcode
            3,1e-05,x,007,,1,99999999999999999999,4,a,b,nan,1
            -2,2,,12,,0.5,1,5,c,d,1.5,2
            """
        let facts = try ImportedFacts(try table(Array(text.utf8)))
        #expect(
            facts.columns == [
                "number", "real", "text", "fact_007", "empty", "mixed", "big", "network_", "config_l2_reg",
                "config_l2_reg_", "nan", "fact__n_code",
            ])
        #expect(
            facts[0] == [
                .integer(3), .real(1e-5), .text("x"), .text("007"), .none, .real(1), .text("99999999999999999999"),
                .integer(4), .text("a"), .text("b"), .none, .integer(1),
            ])
        #expect(
            facts[1] == [
                .integer(-2), .real(2), .none, .text("12"), .none, .real(0.5), .text("1"), .integer(5), .text("c"),
                .text("d"), .real(1.5), .integer(2),
            ])
    }
}
