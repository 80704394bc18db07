import Testing

/// Texts with their counts by a real tokenizer.
enum TokenSamples {
    struct Sample: Sendable, CustomTestStringConvertible {
        var count: Int
        var text: String
        var testDescription: String { String(text.prefix(30)) }
    }

    static let all: [Sample] = [
        Sample(
            count: 35,
            text:
                "We decided to use PostgreSQL instead of MySQL because we need JSON indexes. The migration runs with `alembic upgrade head` and takes about 40 seconds on the staging database."
        ),
        Sample(
            count: 32,
            text:
                "The root cause was `maxConnections=10` in the pool: under load, requests waited longer than socket_timeout=5 and the API answered 500."
        ),
        Sample(
            count: 47,
            text:
                "Nunca se borra una factura enviada: cada registro lleva la huella del anterior, y la Agencia exige que la cadena esté completa. Los importes se redondean por línea."
        ),
        Sample(
            count: 57,
            text:
                "session 1f2e3d4c 2026-03-01\n:17 user how do I run the tests?\n:18 assistant `swift test --filter RecallTests`\n#12 config 2026-01-15: The API listens on port 8081\n"
        ),
        Sample(count: 38, text: "平台券先算、店铺券后算,最低实付 0.01 元,因为微信支付不接受 0 元订单。"),
        Sample(
            count: 39,
            text:
                "func answers(to question: Question, in store: MemoryStore) throws(SQLiteError) -> Retrieved {\n    guard !question.isEmpty else { return Retrieved() }\n}\n"
        ),
        Sample(
            count: 53,
            text:
                "Das Zertifikat läuft am 3. März ab; die Erneuerung muss vorher über die Verwaltungsoberfläche bestätigt werden, sonst schlägt jede Übertragung fehl."
        ),
        Sample(
            count: 43,
            text:
                "2026-05-11T02:05:13Z ERROR [pgbouncer] server connection failed: FATAL: remaining connection slots are reserved (SQLSTATE 53300) pid=28114"
        ),
    ]
}
