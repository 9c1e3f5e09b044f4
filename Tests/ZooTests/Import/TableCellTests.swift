import Foundation
import TestSupport
import Testing

@testable import Zoo

@Suite("Cells of tables") struct TableCellTests {
    @Test(
        "numbers are read as programs write them",
        arguments: [
            ("0.5", 0.5), ("1e-05", 1e-5), ("1E+3", 1000), ("-3", -3), ("+4", 4), (".5", 0.5), ("5.", 5), (" 7 ", 7),
            ("\u{A0}8", 8), ("inf", .infinity), ("-Inf", -.infinity), ("Infinity", .infinity), ("1e160", 1e160),
            ("3e-308", 3e-308), ("0", 0), ("-0.25", -0.25),
        ])
    func numbers(text: String, value: Double) { #expect(TableCell(text)?.real == value) }

    @Test(
        "names are no numbers",
        arguments: [
            "007", "1_000", "0x10", "1e", "-", "+", ".", "e5", "1.2.3", "99999999999999999999", "1 2", "--1", "½",
        ])
    func names(text: String) throws {
        #expect(try #require(TableCell(text)).real == nil && TableCell(text)?.integer == nil)
    }

    @Test(
        "what pandas and R write for nothing is missing",
        arguments: ["", " ", "NA", "N/A", "NaN", "nan", "-nan", "None", "NULL", "null", "<NA>", "#N/A", " na "])
    func missing(text: String) { #expect(TableCell(text) == nil) }

    private func facts(_ text: String) throws -> [[ZooValue]] {
        try withTemporaryFolder { folder in
            try Data(text.utf8).write(to: folder.appending(path: "t.csv"))
            let table = try CSVTable(contentsOf: folder.appending(path: "t.csv"))
            let facts = try ImportedFacts(table)
            return (0..<table.rowCount).map { facts[$0] }
        }
    }

    @Test("a column of numbers stays one with missing values, spaces and quotes; truths are 1 and 0") func columns()
        throws
    {
        let text =
            "\u{FEFF}a, b ,c,d,e\r\n1,NA, 0.5,TRUE,x\r\n\r\nNA,\"2\", \"1e3\" ,false,NA\r\n3,,None,NA,TRUE\r\n\r\n"
        #expect(
            try facts(text) == [
                [.integer(1), .none, .real(0.5), .integer(1), .text("x")],
                [.none, .integer(2), .real(1000), .integer(0), .none],
                [.integer(3), .none, .none, .none, .text("TRUE")],
            ])
    }

    @Test("decimal commas and other separators are refused by name")
    func refusals() {
        func message(_ text: String) -> String {
            do { return "\(try facts(text))" } catch { return "\(error)" }
        }
        #expect(
            message("file,acc\na,\"0,5\"\nb,\"0,75\"\n").contains("decimal point in column acc, found 0,5 in row 1"))
        #expect(message("file,acc\na,1\nb,\"0,75\"\n").contains("decimal point in column acc, found 0,75 in row 2"))
        #expect(message("file;acc\na;0,5\n").contains("expected commas between cells in line 1, found semicolons"))
        #expect(message("file\tacc\na\t0.5\n").contains("found tabs"))
        #expect(message("file,words\na,\"x,y\"\n").contains("x,y"))
    }
}
