import ArgumentParser
import Commands
import JSON
import SQLite
import Storage

struct SQLCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "sql",
        abstract: "Run one SQL query that reads.",
        discussion: """
            Nothing but reading is allowed, by SQLite itself. `ccmem schema` shows the tables.

            EXAMPLES
              ccmem sql 'SELECT category, count(*) FROM memory GROUP BY 1'
              ccmem sql "SELECT content FROM memory WHERE key LIKE 'config:%'" --json

            EXIT STATUS
              0  done, also when there are no rows
              1  there is no store
              2  the command line or the query is wrong, or it does not only read
              3  the store can't be read
            """)

    @OptionGroup var project: ProjectOptions

    @Argument(help: ArgumentHelp("One statement.", valueName: "query"))
    var query: String

    @Option(help: ArgumentHelp("At most so many rows.", valueName: "n"))
    var limit = 1_000

    func validate() throws {
        guard limit >= 1 else { throw ValidationError("--limit takes a number from 1.") }
    }

    func run() throws {
        let store = try ProjectContext.find(project).openToRead()
        let table: QueryTable
        do throws(SQLiteError) {
            table = try store.query(query, limit: limit)
        } catch {
            throw SQLCommand.words(error, store.path)
        }
        if project.json {
            StandardStream.output.print(SQLText.document(table))
        } else {
            StandardStream.output.write(SQLText.table(table))
        }
        if table.isCut {
            StandardStream.error.write("Only the first \(limit) rows are shown; `--limit` takes a larger number.\n")
        }
    }

    /// https://sqlite.org/rescode.html
    private static func words(_ error: SQLiteError, _ path: String) -> CommandError {
        // What an authorizer refuses inside of an expression comes as a plain error.
        let isRefused = error.message.hasPrefix("not authorized")
        return switch isRefused ? 23 : error.primaryCode {
        case 8, 23:
            CommandError(
                "The query does not only read: \(error.message).",
                help: "`ccmem sql` runs SELECT and WITH; other verbs of ccmem change the store.", .usage)
        case 1, 18, 19, 20, 21, 25:
            CommandError("The query can't be run: \(error.message).", help: "`ccmem schema` shows the tables.", .usage)
        default: CommandError("\(path): \(error.message) (SQLite \(error.code)).", .unreadableInput)
        }
    }
}

struct SchemaCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "schema",
        abstract: "Print the schema of the store.",
        discussion: """
            Without a store, prints the one that this version makes.

            EXAMPLES
              ccmem schema
              ccmem schema --json

            EXIT STATUS
              0  done
              2  the command line is wrong
              3  the store can't be read
            """)

    @OptionGroup var project: ProjectOptions

    func run() throws {
        let existing = try ProjectContext.find(project).openIfThere(.read)
        let (version, statements) = try StoreWords.inWords { () throws(StoreError) in
            let store: MemoryStore
            if let existing { store = existing } else { store = try MemoryStore(path: ":memory:", access: .create) }
            return try store.reading { () throws(SQLiteError) in (try store.schemaVersion(), try store.schema()) }
        }
        guard project.json else {
            let text = statements.map { "\($0.sql);\n" }.joined(separator: "\n")
            StandardStream.output.write("-- Schema \(version)\n\n" + text)
            return
        }
        StandardStream.output.print(
            MemoryJSON.document { writer in
                writer.field("version", version)
                writer.array("statements", statements) { statement, writer in
                    writer.object { writer in
                        writer.field("type", statement.type)
                        writer.field("name", statement.name)
                        writer.field("table", statement.table)
                        writer.field("sql", statement.sql)
                    }
                }
            })
    }
}

/// What a query gave, as a table and as JSON.
enum SQLText {
    static func table(_ table: QueryTable) -> String {
        let head = table.columns.map(TextStyle.printable)
        let rows = table.rows.map { $0.map(cell) }
        let widths = head.indices.map { column in
            ([head[column]] + rows.map { $0[column] }).map(TextStyle.columnCount).max() ?? 0
        }
        // Numbers stand on the right, as long as nothing but numbers and NULL is in the column.
        let isNumeric = head.indices.map { column in
            !table.rows.isEmpty
                && table.rows.allSatisfy { row in
                    switch row[column] {
                    case .integer, .real, .null: true
                    case .text, .blob: false
                    }
                }
        }
        func line(_ cells: [String]) -> String {
            var text = cells.indices.map { column in
                isNumeric[column]
                    ? cells[column].leftPadded(to: widths[column]) : cells[column].padded(to: widths[column])
            }.joined(separator: "  ")
            while text.last == " " { text.removeLast() }
            return text + "\n"
        }
        return line(head) + line(widths.map { String(repeating: "-", count: max(1, $0)) }) + rows.map(line).joined()
    }

    private static func cell(_ value: Value) -> String {
        switch value {
        case .null: "NULL"
        case .integer(let number): "\(number)"
        case .real(let number): "\(number)"
        case .text(let text): TextStyle.printable(text)
        case .blob(let bytes): "x'\(hex(bytes))'"
        }
    }

    private static func hex(_ bytes: [UInt8]) -> String {
        let digits = Array("0123456789abcdef")
        return String(bytes.flatMap { [digits[Int($0 >> 4)], digits[Int($0 & 15)]] })
    }

    /// Blobs are hexadecimal text.
    static func document(_ table: QueryTable) -> [UInt8] {
        MemoryJSON.document { writer in
            writer.array("columns", table.columns) { $1.string($0) }
            writer.array("rows", table.rows) { row, writer in
                writer.beginArray()
                for value in row {
                    switch value {
                    case .null: writer.null()
                    case .integer(let number): writer.int(number)
                    case .real(let number): writer.number(number)
                    case .text(let text): writer.string(text)
                    case .blob(let bytes): writer.string(hex(bytes))
                    }
                }
                writer.endArray()
            }
            writer.field("is_cut", table.isCut)
        }
    }
}
