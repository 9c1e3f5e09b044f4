import Testing

@testable import WeightSpaces

/// What the header's text may be, and what it may not.
@Suite struct SafetensorsGrammarTests {
    /// A header with one tensor of one byte, called `name` as it stands between the quotation marks.
    private static func header(named name: String) -> String {
        #"{"\#(name)":{"dtype":"U8","shape":[1],"data_offsets":[0,1]}}"#
    }

    @Test func membersMayComeInAnyOrderWithSpaceBetween() throws {
        let text = "{ \"w\"\t:\r\n{\"data_offsets\" : [ 0 , 2 ] ,\"shape\":[ 2 ],\n\"dtype\" : \"I8\" } \n}  \t\r\n "
        let header = try SafetensorsHeader(of: .init(text, data: 2))
        let start = 8 + text.utf8.count
        #expect(header.entries == [.init(name: "w", dtype: .int8, shape: [2], byteRange: start..<start + 2)])
    }

    @Test(arguments: [
        (#"\u0061\u00e9\u20AC"#, "aé€"), (#"\ud83E\uDDE0"#, "🧠"), (#"\"\\\/\b\f\n\r\t"#, "\"\\/\u{8}\u{C}\n\r\t"),
        (#"\u0000\u001f"#, "\0\u{1F}"), (#"\ud7ff\ue000"#, "\u{D7FF}\u{E000}"), ("é🧠\u{7F}", "é🧠\u{7F}"),
    ])
    func escapesAreResolved(written: String, meant: String) throws {
        let header = try SafetensorsHeader(of: .init(Self.header(named: written), data: 1))
        #expect(header.entries.map { Array($0.name.utf8) } == [Array(meant.utf8)])
    }

    @Test(arguments: [
        #"\ud800"#, #"\udc00"#, #"\ud800\ud800"#, #"\udc00\udc00"#, #"\ud800\u0041"#, #"\ud800x"#, #"\u12"#, #"\u12g4"#,
        #"\u+123"#,
        #"\x41"#,
        #"\'"#, #"\U0041"#, #"\ud83e\u"#, "\\\n", "\\é",
    ])
    func otherEscapesAreRefused(written: String) {
        #expect(throws: FormatError.self) { try SafetensorsHeader(of: .init(Self.header(named: written), data: 1)) }
    }

    @Test(arguments: ["\n", "\u{0}", "\u{1F}"])
    func controlsInsideStringsAreRefused(written: String) {
        #expect(throws: FormatError.self) { try SafetensorsHeader(of: .init(Self.header(named: written), data: 1)) }
    }

    @Test(
        arguments: [[0xFF], [0xC0, 0x80], [0xED, 0xA0, 0x80], [0xF4, 0x90, 0x80, 0x80], [0xE2, 0x82]] as [[UInt8]])
    func stringsThatAreNotUTF8AreRefused(bytes: [UInt8]) {
        for text in [#"{"NAME":{"dtype":"U8","shape":[0],"data_offsets":[0,0]}}"#, #"{"__metadata__":{"a":"NAME"}}"#] {
            let parts = text.split(separator: "NAME").map { Array($0.utf8) }
            let file = SafetensorsBytes(header: parts[0] + bytes + parts[1], data: [])
            #expect(
                throws: FormatError.syntax(
                    file: "f", offset: 9 + parts[0].count - 1, expected: "UTF-8", found: "other bytes")
            ) {
                try SafetensorsHeader(of: file)
            }
        }
    }

    @Test(arguments: [
        "-1", "1.0", "1.5", "1e3", "01", "+1", "0x10", "9223372036854775808", "99999999999999999999999999", "\"1\"",
        "null",
        "true", "[1]", "{}", ",", "NaN", "１",
    ])
    func onlyNonNegativeIntegersAreNumbers(number: String) {
        for text in [
            #"{"w":{"dtype":"U8","shape":[\#(number)],"data_offsets":[0,1]}}"#,
            #"{"w":{"dtype":"U8","shape":[1],"data_offsets":[0,\#(number)]}}"#,
        ] {
            #expect(throws: FormatError.self) { try SafetensorsHeader(of: .init(text, data: 1)) }
        }
    }

    @Test func theSameHeaderWithAnHonestNumberLoads() throws {
        let text = #"{"w":{"dtype":"U8","shape":[1],"data_offsets":[0,1]}}"#
        #expect(try SafetensorsHeader(of: .init(text, data: 1)).entries.count == 1)
    }

    @Test(arguments: [
        "{ ", "{,}", "{}}", "{}x", "{}\0", "{\"a\"}", "{\"a\":}", "{\"a\":1}", "{\"a\":[]}", "{\"a\":null}", "{a:{}}",
        "{'a':{}}",
        "{\"a\":{}}", "{\"a", "{\"a\\", "{\"a\\\"", "{} // comment", "{}{}",
        #"{"w":{"dtype":"U8","shape":[0],"data_offsets":[0,0]},}"#,
        #"{"w":{"dtype":"U8","shape":[0,],"data_offsets":[0,0]}}"#,
        #"{"w":{"dtype":"U8","shape":[0],"data_offsets":[0,0],}}"#,
        #"{"w":{"dtype":"U8","shape":[0] "data_offsets":[0,0]}}"#,
    ])
    func textThatIsNoHeaderIsRefused(text: String) {
        #expect {
            try SafetensorsHeader(of: .init(text))
        } throws: { error in
            if case .syntax? = error as? FormatError { true } else { false }
        }
    }

    @Test(arguments: [
        #"{"w":{}}"#, #"{"w":{"dtype":"U8","shape":[1]}}"#, #"{"w":{"dtype":"U8","data_offsets":[0,1]}}"#,
        #"{"w":{"shape":[1],"data_offsets":[0,1]}}"#, #"{"w":{"dtype":"U8","shape":[1],"data_offsets":[1]}}"#,
        #"{"w":{"dtype":"U8","shape":[1],"data_offsets":[0,1,1]}}"#,
        #"{"w":{"dtype":"U8","dtype":"U8","shape":[1],"data_offsets":[0,1]}}"#,
        #"{"w":{"dtype":"U8","shape":[1],"shape":[1],"data_offsets":[0,1]}}"#,
        #"{"w":{"dtype":"U8","shape":[1],"data_offsets":[0,1],"data_offsets":[0,1]}}"#,
    ])
    func anEntryHasEachMemberOnce(text: String) {
        #expect {
            try SafetensorsHeader(of: .init(text, data: 1))
        } throws: { error in
            if case .syntax? = error as? FormatError { true } else { false }
        }
    }

    @Test(arguments: [
        #""stride":[1]"#, #""x":{"y":[1,2.5e3,null,true,"}"],"dtype":"F32"}"#, #""x":"shape","y":-1"#,
    ])
    func furtherMembersMeanNothing(member: String) throws {
        for members in [[#""dtype":"U8""#, member], [member, #""dtype":"U8""#]] {
            let text =
                #"{"__metadata__":null,"w":{"shape":[1],\#(members.joined(separator: ",")),"data_offsets":[0,1]}}"#
            let header = try SafetensorsHeader(of: .init(text, data: 1))
            #expect(header.entries.map(\.shape) == [[1]])
            #expect(header.metadata.isEmpty)
        }
    }

    @Test(arguments: [
        #"{"__metadata__":nul}"#, #"{"__metadata__":{"a":1}}"#, #"{"__metadata__":{"a":null}}"#,
        #"{"__metadata__":[]}"#,
        #"{"__metadata__":{"a":{"b":"c"}}}"#, #"{"__metadata__":"a"}"#,
    ])
    func metadataMapsStringsToStrings(text: String) {
        #expect(throws: FormatError.self) { try SafetensorsHeader(of: .init(text)) }
    }

    @Test(arguments: ["[", "{\"a\":", "{\"__metadata__\":", "{\"w\":{\"shape\":["])
    func depthIsRefusedWhereItBegins(nest: String) {
        for prefix in ["{\"w\":", "{\"w\":{\"shape\":", "{\"__metadata__\":"] {
            let text = prefix + String(repeating: nest, count: 100_000)
            #expect {
                try SafetensorsHeader(of: .init(text))
            } throws: { error in
                // Nothing is kept of the members of an entry that mean nothing, and their depth is bounded.
                if case .syntax(_, let offset, _, _)? = error as? FormatError { offset < 4_096 } else { false }
            }
        }
    }

    @Test func ranksAndNamesAreBounded() throws {
        func header(rank: Int, length: Int) -> String {
            let shape = Array(repeating: "1", count: rank).joined(separator: ",")
            let name = String(repeating: "n", count: length)
            return #"{"\#(name)":{"dtype":"U8","shape":[\#(shape)],"data_offsets":[0,1]}}"#
        }
        let (rank, length) = (HeaderScanner.highestRank, HeaderScanner.longestName)
        #expect(try SafetensorsHeader(of: .init(header(rank: rank, length: length), data: 1)).entries.count == 1)
        for text in [header(rank: rank + 1, length: length), header(rank: rank, length: length + 1)] {
            #expect(throws: FormatError.self) { try SafetensorsHeader(of: .init(text, data: 1)) }
        }
    }
}
