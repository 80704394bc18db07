import Testing

@testable import PCRE2

@Suite struct PatternTests {
    let workspace = MatchWorkspace()

    private func texts(_ pattern: Pattern, _ subject: String) -> [String?]? {
        guard case .match(let captures) = pattern.match(subject, in: workspace) else { return nil }
        let bytes = Array(subject.utf8)
        return captures.ranges.map { range in range.map { String(decoding: bytes[$0], as: UTF8.self) } }
    }

    @Test(arguments: [Pattern.Engine.fastest, .interpreter])
    func aMatchGivesTheRangesOfItsGroups(engine: Pattern.Engine) throws {
        let pattern = try Pattern(#"(?<key>\w+)\s*=\s*(?<value>\d+)?"#, engine: engine)
        #expect(texts(pattern, "größe = 12") == ["größe = 12", "größe", "12"])
        #expect(texts(pattern, "größe = x") == ["größe = ", "größe", nil])
        #expect(pattern.match("nothing", in: workspace) == .noMatch)
    }

    @Test func aNameMayBelongToSeveralGroups() throws {
        let pattern = try Pattern(#"a(?<x>1)|b(?<x>2)"#)
        #expect(pattern.groups == ["x": [1, 2]])
        guard case .match(let captures) = pattern.match("b2", in: workspace) else {
            Issue.record("no match")
            return
        }
        #expect(pattern.range(of: "x", in: captures) == 1..<2)
        #expect(pattern.range(of: "y", in: captures) == nil)
    }

    @Test func anErrorSaysWhereAndWhy() {
        #expect(throws: PatternError(code: 114, offset: 4)) { try Pattern("(ab|") }
        let error = #expect(throws: PatternError.self) { try Pattern("é(?&NAME)") }
        #expect(error?.message == "reference to non-existent subpattern")
        #expect(error?.isUnknownGroup == true)
    }

    @Test func aByteCannotBeMatchedAlone() {
        #expect(throws: PatternError.self) { try Pattern(#"a\C"#) }
    }

    @Test func aCalloutDoesNothing() throws {
        #expect(try Pattern("a(?C1)b").match("ab", in: workspace) != .noMatch)
    }

    @Test func theEmptySubjectAndTheEmptyPatternMatch() throws {
        let pattern = try Pattern("")
        #expect(texts(pattern, "") == [""])
        let subject = UnsafeBufferPointer<UInt8>(start: nil, count: 0)
        #expect(pattern.match(subject, in: workspace) != .noMatch)
        #expect(pattern.match("", from: 1, in: workspace) == .noMatch)
    }

    @Test func assertionsSeeTheTextBeforeTheStart() throws {
        #expect(try Pattern(#"\bb"#).match("ab", from: 1, in: workspace) == .noMatch)
    }

    @Test func theNextStartStepsOverAnEmptyMatchByCharacters() throws {
        let pattern = try Pattern("x*")
        var starts: [Int] = []
        var subject = "éx"
        subject.withUTF8 { text in
            var start = 0
            while case .match(let captures) = pattern.match(text, from: start, in: workspace) {
                starts.append(captures.range.lowerBound)
                start = captures.nextStart(in: text)
            }
        }
        #expect(starts == [0, 2, 3])
    }

    @Test func aPatternWithManyGroupsGetsRoom() throws {
        let pattern = try Pattern(String(repeating: "(a)?", count: 200) + "b")
        #expect(pattern.captureCount == 200)
        guard case .match(let captures) = pattern.match("aab", in: workspace) else {
            Issue.record("no match")
            return
        }
        #expect(captures.ranges.count == 201)
        #expect(captures[1] == 0..<1)
        #expect(captures[3] == nil)
        #expect(captures[900] == nil)
    }

    @Test func startBehindEndFromKeepOutIsNoCrash() throws {
        _ = try Pattern(#"a\Kb|(?:b\Kc)+"#).match("abcbc", in: workspace)
    }
}
