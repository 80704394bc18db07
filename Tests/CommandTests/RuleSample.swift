import Foundation
import TestSupport

/// A pack of a project, and a project with it.
enum RuleSample {
    static let sentence = "The refund flow goes through the ledger team first."

    static func pack(
        _ name: String = "team", more: String = "", rule: String = "note.ledger", statement: String = "'{sentence}'"
    ) -> String {
        """
        pack: \(name)
        format: 1
        version: 1.0.0
        summary: Ours.
        \(more)
        rules:
          - id: \(rule)
            category: note
            summary: What goes through a team.
            roles: [user, assistant]
            keywords: [goes through, go through]
            pattern: '(?i)^.{0,200}?(?&KEYWORD).{1,100}?\\bteam\\b.*'
            statement: \(statement)
            key: 'path'
            exceptions:
              - why: a question
                context: '\\?\\s*$'
            examples:
              match:
                - {text: The refund flow goes through the ledger team first., key: path}
                - text: Invoices go through the finance team.
              reject:
                - {text: 'Does it go through a team?', why: a question}
                - {text: 'Refunds go through two queues.', why: no team}

        """
    }

    static func workspace(_ text: String = pack()) throws -> Workspace {
        let workspace = try Workspace()
        try workspace.write(text, to: ".ccmem/rules/team.yaml")
        return workspace
    }
}
