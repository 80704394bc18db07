import Foundation
import RulePacks
import TestSupport
import Testing

/// What the loader takes the schema takes too, and what is wrong in shape it refuses too.
@Suite struct SchemaValidationTests {
    let schema: JSONSchema

    init() throws {
        let url = Fixture.projectRoot.appendingPathComponent("Rules/rulepack.schema.json")
        let object = try JSONSerialization.jsonObject(with: Data(contentsOf: url))
        schema = JSONSchema(root: try #require(object as? [String: Any]))
    }

    @Test func theValidatorKnowsEveryWordOfTheSchema() { #expect(schema.unknownWords == []) }

    private func problems(_ bytes: [UInt8]) throws -> [String] {
        schema.problems(try YAMLNode(parsing: bytes, file: "pack.yaml").asEditorsReadIt)
    }

    @Test("A pack that the loader reads is valid", arguments: PackFixture.all("valid"))
    func valid(_ fixture: PackFixture) throws {
        #expect(try problems(fixture.bytes()) == [])
    }

    static let shipped: [String] = {
        let folder = Fixture.projectRoot.appendingPathComponent("Rules").path
        let names = (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
        return names.filter { $0.hasSuffix(".yaml") && $0 != "scoring.yaml" && $0 != "secrets.yaml" }.sorted()
    }()

    @Test("A pack of the product is valid", arguments: shipped)
    func shippedPack(_ name: String) throws {
        let url = Fixture.projectRoot.appendingPathComponent("Rules/\(name)")
        #expect(try problems(Array(Data(contentsOf: url))) == [])
    }

    /// What a schema cannot see: the text of YAML, what patterns and templates mean, and names that must fit each other.
    private static func isBeyondSchemas(_ code: RulePackError.Code) -> Bool {
        switch code.check {
        case .yaml, .pattern, .fields, .template, .override, .examplesFew, .exampleFails: return true
        case .keys:
            if case .duplicateKey = code { return true }
            return false
        case .name:
            switch code {
            case .unknownName(_, of: .category, _, _), .unknownName(_, of: .role, _, _),
                .unknownName(_, of: .status, _, _),
                .unknownName(_, of: .fieldKind, _, _):
                return false
            default: return true
            }
        case .value:
            switch code {
            case .toolsWithoutToolRole: return true
            default: return false
            }
        default: return false
        }
    }

    /// What is empty only together with the pack below, or with the other half of a change.
    private static let emptyElsewhere = ["override_of_a_list_with_nothing", "override_removes_all_roles"]

    @Test("A pack that is wrong in shape is invalid", arguments: PackFixture.all("invalid"))
    func invalid(_ fixture: PackFixture) throws {
        let bytes = try fixture.bytes()
        let errors = #expect(throws: RulePackErrors.self) { try fixture.load() }
        let shape = errors?.problems.filter { !Self.isBeyondSchemas($0.code) } ?? []
        guard !shape.isEmpty, !Self.emptyElsewhere.contains(fixture.name) else { return }
        #expect(try !problems(bytes).isEmpty, "the loader says \(shape.map(\.code))")
    }

    @Test func manyInvalidPacksAreWrongInShape() throws {
        let wrong = PackFixture.all("invalid").filter { fixture in
            guard let node = try? YAMLNode(parsing: fixture.bytes(), file: "a") else { return false }
            return !schema.problems(node.asEditorsReadIt).isEmpty
        }
        #expect(wrong.count > 30)
    }
}
