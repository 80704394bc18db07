import Commands
import Extraction
import JSON
import Memories
import Pipeline
import RulePacks

/// A rule that somebody has switched off, asked all the same: it may be why a sentence was not kept.
struct SwitchedOffRule {
    private let off: RulePack.SwitchedOff
    private let rule: Rule
    private let tracer: RuleTracer

    /// Nil when the rule cannot be asked.
    init?(_ off: RulePack.SwitchedOff) {
        guard let rule = off.rule, rule.status != .deprecated else { return nil }
        self.off = off
        self.rule = rule
        tracer = RuleTracer(rule: rule)
    }

    /// Whether it would give a statement.
    func reads(_ segment: ReplayedSegment, _ role: Role) -> Bool {
        guard rule.roles.contains(role) else { return false }
        let trace = tracer.trace(segment.said, role: role, under: segment.surroundings)
        return trace.isWoken && trace.isUnder != false
            && trace.attempts.contains { $0.exceptions.isEmpty && $0.statement != nil }
    }

    /// A sentence without its end.
    var words: String {
        "Rule \(rule.id) would read it, but is switched off at \(RuleNames.place(off.location)): \(off.why)"
    }

    func write(to writer: inout JSONWriter) {
        writer.object { writer in
            writer.field("rule", rule.id)
            writer.field("why", off.why)
            writer.field("file", off.location.file)
            writer.field("line", off.location.line)
        }
    }
}
