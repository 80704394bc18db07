import Memories
import Storage

/// Memories as projects have them, from a seed: the same seed gives the same ones.
///
/// Names and numbers are drawn from so many that hardly two memories say the same; words are few and frequent, as they are in
/// a project's language.
struct Sentences {
    private var state: UInt64

    init(seed: UInt64) { state = seed }

    /// SplitMix64.
    private mutating func below(_ limit: Int) -> Int {
        state &+= 0x9E37_79B9_7F4A_7C15
        var value = state
        value = (value ^ value >> 30) &* 0xBF58_476D_1CE4_E5B9
        value = (value ^ value >> 27) &* 0x94D0_49BB_1331_11EB
        return Int((value ^ value >> 31) % UInt64(limit))
    }

    private mutating func one(_ words: [String]) -> String { words[below(words.count)] }

    private mutating func name() -> String {
        let (a, b) = (one(Self.things), one(Self.parts))
        switch below(8) {
        case 0, 3: return "`\(a)_\(b)_\(below(9_000) + 1_000)`"
        case 1, 4: return "`src/\(a)/\(b)\(below(900) + 100).swift`"
        case 2, 5, 6: return "\(a)-\(b)-\(below(9_000) + 1_000)"
        default: return "\(a) \(b)"
        }
    }

    /// - Parameter index: Says when; memories follow each other by half a minute.
    mutating func memory(_ index: Int) -> NewMemory {
        let (category, content, key) = statement()
        let time = Clock.timestamp(1_700_000_000_000 + index * 30_000)
        let sighting = NewSighting(
            transcriptID: nil, path: "/sessions/session-\(index / 40).jsonl", sessionID: "session-\(index / 40)",
            line: index % 40 * 7 + 1, endLine: index % 40 * 7 + 1, bytes: index..<index + 200,
            role: index % 3 == 0 ? .user : .assistant, saidAt: time, quote: content, turnIdentity: nil)
        return NewMemory(
            category: category, content: content, importance: Importance(clamping: 1 + below(5)), origin: .rule,
            key: key,
            score: 800 + below(2_000),
            terms: [
                ScoreTerm(name: "bias", value: -1_600), ScoreTerm(name: "ruleFired", value: 790),
                ScoreTerm(name: "ruleStrong", value: 410), ScoreTerm(name: "words15to24", value: 190),
            ],
            rule: .init(id: "\(category.rawValue).stated", pack: "bench", packVersion: "1.0.0"), sightings: [sighting])
    }

    private mutating func statement() -> (MemoryCategory, String, String?) {
        let subject = name()
        switch below(8) {
        case 0:
            return (
                .decision,
                "We decided to use \(one(Self.tools)) instead of \(one(Self.tools)) for \(subject) because \(reason())",
                nil
            )
        case 1:
            return (
                .constraint, "Never change \(subject) without running the \(one(Self.parts)) tests of \(name()) first",
                nil
            )
        case 2:
            return (
                .result,
                "The \(one(Self.metrics)) of \(subject) went from \(below(900) + 100) ms to \(below(90) + 10) ms after the change to \(name())",
                nil
            )
        case 3:
            let value = below(60_000)
            return (
                .config, "\(subject) is set to \(value) in `config/\(one(Self.things)).toml`",
                "config:\(subject) \(value)"
            )
        case 4: return (.bug, "The \(one(Self.failures)) in \(subject) was caused by \(name()): \(reason())", nil)
        case 5: return (.task, "TODO: move \(subject) out of \(name()) before release 2.\(below(500))", nil)
        case 6:
            return (
                .arch,
                "\(subject) reads its input from \(name()) and writes \(one(Self.things)) rows to \(one(Self.tools))",
                nil
            )
        default: return (.note, "\(subject) behaves like \(name()) when \(reason())", nil)
        }
    }

    private mutating func reason() -> String {
        switch below(4) {
        case 0:
            "the \(one(Self.parts)) of \(name()) can't be \(one(Self.deeds)) while the \(one(Self.things)) is \(one(Self.deeds))"
        case 1: "it must stay under \(below(900) + 20) \(one(["MB", "ms", "requests", "connections"]))"
        case 2: "\(name()) is \(one(Self.deeds)) twice"
        default: "the \(one(Self.metrics)) falls when the \(one(Self.things)) grows beyond \(below(9_000) + 10) rows"
        }
    }

    private static func words(_ text: String) -> [String] { text.split(separator: " ").map(String.init) }
    private static let things = words(
        """
        account alarm archive batch billing branch cache calendar cart catalog channel chart client cluster comment consumer \
        crawler customer dashboard device document driver editor email event export feature feed filter form gateway graph \
        image import index invoice job label ledger license login mailbox map message metric migration model monitor network \
        note notice order page parser payment photo pipeline planner player policy price product profile project queue quota \
        receipt record region release replica report request reservation response review role route rule schedule schema \
        search sensor session setting shard shipment signal snapshot socket station stream survey table task template tenant \
        thread ticket timer token topic trace upload user vendor video wallet webhook worker workspace
        """)
    private static let parts = words(
        """
        adapter backend buffer builder cleaner client codec collector connector controller counter decoder dispatcher encoder \
        exporter factory fetcher filter formatter guard handler helper importer indexer iterator limiter listener loader lock \
        logger manager mapper merger middleware monitor notifier observer parser pool poller processor provider proxy queue \
        reader reducer registry renderer resolver retry router runner sampler scanner scheduler selector sender serializer \
        service sorter store streamer timeout tracker validator view watcher worker writer
        """)
    private static let tools = words(
        """
        PostgreSQL MySQL SQLite Redis Kafka RabbitMQ S3 Memcached Elasticsearch Nginx Envoy Docker Kubernetes Terraform \
        Ansible Prometheus Grafana Jaeger gRPC GraphQL Protobuf Avro Parquet Airflow Spark
        """)
    private static let metrics = words(
        "p50 p95 p99 latency throughput memory accuracy recall build-time start-up coverage")
    private static let failures = words("crash deadlock leak race timeout overflow corruption stall panic regression")
    private static let deeds = words(
        "rebuilt cached locked flushed retried validated encrypted compressed replayed rotated")
}
