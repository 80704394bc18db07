import Memories

/// Reads `statement:` and `key:`.
struct TemplateReader {
    var fields: [String]
    var problems: Problems

    func template(_ node: YAMLNode) -> Template? {
        guard
            let text = problems.collect({ () throws(RulePackError) in try node.someText() }),
            let scalar = try? node.scalar()
        else { return nil }
        var parser = TemplateParser(text)
        let parts: [Template.Part]
        do {
            parts = try parser.template()
        } catch {
            problems.add(.template(error.problem), at: scalar.location(ofByte: error.offset))
            return nil
        }
        let known = fields + ["sentence"]
        for field in parser.fields where !known.contains(field.name) {
            problems.add(
                .unknownName(
                    field.name, of: .templateField, allowed: known, nearest: nearestName(to: field.name, in: known)),
                at: scalar.location(ofByte: field.offset))
        }
        return Template(parts: parts)
    }
}
