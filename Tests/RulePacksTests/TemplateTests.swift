import RulePacks
import Testing

@Suite struct TemplateTests {
    private func render(_ text: String, _ fields: [String: String]) throws -> String? {
        try Template(parsing: text).render { fields[$0] }
    }

    @Test func fieldsAreFilledIn() throws {
        #expect(try render("{metric}: {before} → {after}", ["metric": "m", "before": "1", "after": "2"]) == "m: 1 → 2")
        #expect(try render("{metric}", [:]) == nil)
        #expect(try render("{metric}", ["metric": ""]) == nil)
    }

    @Test func bracketsVanishWithTheirField() throws {
        #expect(try render("{a}[ ({b})]", ["a": "x", "b": "y"]) == "x (y)")
        #expect(try render("{a}[ ({b})]", ["a": "x"]) == "x")
        #expect(try render("{a}[ {b}[/{c}] !]", ["a": "x", "b": "y"]) == "x y !")
    }

    @Test func doubledSignsStandForThemselves() throws {
        #expect(try Template(parsing: "{{a}} [[b]]").parts == [.literal("{a} [b]")])
        #expect(try render("{{{a}}}", ["a": "x"]) == "{x}")
    }

    @Test func namesOfFieldsAreInOrder() throws {
        #expect(try Template(parsing: "{a}[{b}[ {c}] {a}]").fieldNames == ["a", "b", "c", "a"])
    }

    @Test(arguments: [
        ("a {b", RulePackError.TemplateProblem.unclosedBrace, 2), ("é{", .unclosedBrace, 2),
        ("{a{b}}", .unclosedBrace, 0),
        ("[{a}", .unclosedBracket, 0), ("x}", .strayBrace, 1), ("x]", .strayBracket, 1), ("{}", .emptyField, 0),
        ("x[y]", .nothingOptional, 1),
    ])
    func whatIsWrongHasAPlace(text: String, problem: RulePackError.TemplateProblem, offset: Int) {
        #expect(throws: TemplateError(problem: problem, offset: offset)) { try Template(parsing: text) }
    }

    @Test func noNestingIsTooDeepToRefuse() {
        #expect(throws: TemplateError.self) { try Template(parsing: String(repeating: "[ ", count: 100_000)) }
    }
}
