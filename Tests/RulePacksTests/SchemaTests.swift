import Foundation
import Memories
import RulePacks
import TestSupport
import Testing

/// `Rules/rulepack.schema.json` tells editors the same that the loader tells users.
@Suite struct SchemaTests {
    let schema: [String: Any]

    init() throws {
        let url = Fixture.projectRoot.appendingPathComponent("Rules/rulepack.schema.json")
        schema = try #require(try JSONSerialization.jsonObject(with: Data(contentsOf: url)) as? [String: Any])
    }

    private func value(_ path: [String]) throws -> [String: Any] {
        var object = schema
        for name in path { object = try #require(object[name] as? [String: Any], "\(path) has no \(name)") }
        return object
    }

    @Test(
        "The schema has the keys of the loader, and no others",
        arguments: [
            ([], PackFormat.packKeys), (["definitions", "rule"], PackFormat.ruleKeys),
            (["definitions", "override"], PackFormat.overrideKeys),
            (["definitions", "override", "properties", "keywords"], PackFormat.listChangeKeys),
            (["definitions", "override", "properties", "examples"], PackFormat.examplesKeys),
            (["definitions", "override", "properties", "examples", "properties", "match"], PackFormat.listChangeKeys),
            (["definitions", "exception"], PackFormat.exceptionKeys),
            (["definitions", "rule", "properties", "importance"], PackFormat.importanceKeys),
            (["definitions", "rule", "properties", "examples"], PackFormat.examplesKeys),
            (["definitions", "matchExample"], PackFormat.matchExampleKeys),
            (["definitions", "rejectExample"], PackFormat.rejectExampleKeys),
        ] as [([String], [String])])
    func keys(path: [String], keys: [String]) throws {
        let object = try value(path)
        #expect(Set(try value(path + ["properties"]).keys) == Set(keys))
        #expect(object["additionalProperties"] as? Bool == false)
    }

    @Test func theSchemaHasTheNamesOfTheLoader() throws {
        func names(_ path: [String]) throws -> [String] {
            try #require(try value(["definitions", "rule", "properties"] + path)["enum"] as? [String])
        }
        #expect(try names(["category"]) == MemoryCategory.allCases.map(\.rawValue))
        #expect(try names(["status"]) == Rule.Status.allCases.map(\.rawValue))
        #expect(try names(["roles", "items"]) == Role.allCases.map(\.rawValue))
        #expect(try names(["fields", "additionalProperties"]) == FieldKind.allCases.map(\.rawValue))
        #expect(try value(["properties", "format"])["maximum"] as? Int == PackFormat.newest)
        // What may be changed in a group stands in the condition on globs.
        let conditions = try #require(try value(["definitions", "override"])["allOf"] as? [[String: Any]])
        let groups = conditions.compactMap { ($0["then"] as? [String: Any])?["propertyNames"] as? [String: Any] }
        #expect(groups.first?["enum"] as? [String] == ["id", "pack"] + PackFormat.groupKeys)
        for key in PackFormat.listKeys {
            #expect(
                Set(try value(["definitions", "override", "properties", key, "properties"]).keys) == ["add", "remove"])
        }
    }

    @Test(
        "A key that the schema requires is missed by the loader",
        arguments: [
            ([], "pack: a\nformat: 1\nversion: 1.0.0\nsummary: s\nrules: []\n"),
            (
                ["definitions", "rule"],
                "pack: a\nformat: 1\nversion: 1.0.0\nsummary: s\nrules:\n  -\n    id: r\n    category: note\n    summary: s\n"
                    + "    roles: [user]\n    pattern: x\n    statement: y\n"
            ),
        ] as [([String], String)])
    func required(path: [String], text: String) throws {
        _ = try RulePack(parsing: text, file: "a")
        let indentation = path.isEmpty ? "" : "    "
        for key in try #require(try value(path)["required"] as? [String]) {
            let lines = text.split(separator: "\n").filter { !$0.hasPrefix("\(indentation)\(key):") }
            let errors = #expect(throws: RulePackErrors.self) {
                try RulePack(parsing: lines.joined(separator: "\n"), file: "a")
            }
            let missing = errors?.problems.contains { problem in
                if case .missingKey(key, _) = problem.code { true } else { false }
            }
            #expect(missing == true, "\(key)")
        }
    }

    @Test func aPackHasRulesOrOverrides() throws {
        let wanted = try #require(schema["anyOf"] as? [[String: [String]]])
        #expect(wanted.map { $0["required"] } == [["rules"], ["overrides"]])
        let head = "pack: a\nformat: 1\nversion: 1.0.0\nsummary: s\n"
        let errors = #expect(throws: RulePackErrors.self) { try RulePack(parsing: head, file: "a") }
        #expect(errors?.problems.map(\.code) == [.missingKey("rules", parent: "")])
        #expect(try RulePack(parsing: head + "overrides: []\n", file: "a").rules.isEmpty)
    }

    @Test func everyKeyIsDescribed() throws {
        for path in [
            [], ["definitions", "rule"], ["definitions", "override"], ["definitions", "exception"],
            ["definitions", "matchExample"],
        ] {
            for (key, description) in try value(path + ["properties"]) {
                let words = (description as? [String: Any])?["description"] as? String
                #expect(words?.isEmpty == false, "\(key)")
            }
        }
    }
}
