extension SettingDefinition {
    /// docs/settings.md, from the table of settings.
    public static var page: String {
        var text = """
            # Settings

            This page is made from the table in `Sources/Projects/SettingKey.swift`; a test keeps the two alike.

            Settings stand in `config.json`, one object with whole keys:

            ```json
            {
              "injection.session-start-tokens": 1500,
              "exclude.projects": ["~/clients/**"]
            }
            ```

            A value is looked for in this order; the last one found counts.

            1. the default,
            2. your own settings: `$XDG_CONFIG_HOME/ccmem/config.json`, usually `~/.config/ccmem/config.json`,
            3. the project's: `.ccmem/config.json`, once it is trusted ([trust.md](trust.md)),
            4. the environment variable,
            5. the command line.

            The column *project* says what a project's file may do: set the value, only restrict it (switch off, lower, add to a
            list), or nothing. A line that goes further is ignored with a message. Lists of patterns are never shortened by a later
            place: each adds to them; in a variable, `:` parts patterns and `,` parts names. A dash in the column *variable* marks what
            only your own file sets: the settings that a project has for Claude Code may set variables.

            An unknown key, a value of another form and broken JSON are told with file, line and column. When the mistake could hide that
            you wanted something left alone, `ccmem` stores and injects nothing until it is mended, and says so.

            | key | takes | default | project | variable | |
            |---|---|---|---|---|---|

            """
        for key in SettingKey.allCases {
            let definition = key.definition
            let scope =
                switch definition.scope {
                case .userOnly, .userFile: "no"
                case .userAndProject: "sets"
                case .projectRestricts: "restricts"
                }
            text +=
                "| `\(key.rawValue)` | \(definition.type.allowed) | `\(definition.standard.json)` | \(scope) | \(key.hasVariable ? "`\(key.environmentName)`" : "–") | \(definition.help) |\n"
        }
        return text
            + """

            Patterns name directories: `*` and `?` stand for characters within one component, `**` for any number of components. A pattern
            that matches a directory covers everything below it, by its path as given and by its path without symbolic links.

            """
    }
}
