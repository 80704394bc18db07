public import SQLite

/// A text that has no vector of a model yet.
public struct TextToEmbed: Sendable, Equatable {
    /// Row of the memory or the turn.
    public var id: Int
    public var text: String
}

/// A row whose meaning is near to that of a question.
public struct NearText: Sendable, Equatable {
    public var id: Int
    /// Cosine of the angle between both vectors, from -1 to 1.
    public var cosine: Double
}

/// The rows nearest to a question, and what is usual among all.
public struct Nearest: Sendable, Equatable {
    /// The nearest first.
    public var rows: [NearText] = []
    /// Mean and standard deviation of the cosines of all rows.
    public var mean = 0.0
    public var deviation = 0.0
    /// Rows that were compared.
    public var count = 0
}

/// Vectors of memories and turns. Who computes them, and of what model they are, is others' business.
extension MemoryStore {
    /// Texts without a vector of that model, the newest first: active and superseded memories, turns of people and models.
    public func textsToEmbed(
        _ index: TextIndex, model: String, limit: Int
    ) throws(SQLiteError) -> [TextToEmbed] {
        let sql =
            switch index {
            case .memories:
                """
                SELECT m.id, m.content FROM memory AS m LEFT JOIN memory_vector AS v ON v.memory_id = m.id AND v.model = ?
                WHERE v.memory_id IS NULL AND m.state <> 'archived' ORDER BY m.id DESC LIMIT ?
                """
            case .turns:
                """
                SELECT t.id, t.text FROM turn AS t LEFT JOIN turn_vector AS v ON v.turn_id = t.id AND v.model = ?
                WHERE v.turn_id IS NULL ORDER BY t.id DESC LIMIT ?
                """
            }
        return try connection.rows(sql, .text(model), .integer(limit)) { TextToEmbed(id: $0.int(0), text: $0.text(1)) }
    }

    /// Stores a vector in the place of one that may be there. A row that is gone by now gets none.
    ///
    /// - Parameter vector: Of any length but 0; it is stored with length 1.
    /// - Returns: Whether it was stored.
    @discardableResult
    public func setVector(
        _ vector: [Float], of id: Int, _ index: TextIndex, model: String
    ) throws(SQLiteError) -> Bool {
        guard let bytes = VectorBytes.unit(vector) else { return false }
        let (table, key, owner) = index.vectors
        try connection.run(
            """
            INSERT OR REPLACE INTO \(table) (\(key), model, dimension, vector)
            SELECT ?, ?, ?, ? WHERE EXISTS (SELECT 1 FROM \(owner) WHERE id = ?)
            """, .integer(id), .text(model), .integer(vector.count), .blob(bytes), .integer(id))
        return connection.changes > 0
    }

    /// How many rows have a vector of that model.
    public func vectorCount(_ index: TextIndex, model: String) throws(SQLiteError) -> Int {
        try connection.row("SELECT count(*) FROM \(index.vectors.table) WHERE model = ?", .text(model)) { $0.int(0) }
            ?? 0
    }

    /// How many rows can have a vector.
    public func embeddable(_ index: TextIndex) throws(SQLiteError) -> Int {
        let sql =
            index == .memories ? "SELECT count(*) FROM memory WHERE state <> 'archived'" : "SELECT count(*) FROM turn"
        return try connection.row(sql) { $0.int(0) } ?? 0
    }

    /// The rows nearest in meaning. Looks at every vector of the model, newest rows first, up to a number of them.
    public func nearest(
        to vector: [Float], model: String, in index: TextIndex, most: Int, among limit: Int
    ) throws(SQLiteError) -> Nearest {
        guard let bytes = VectorBytes.unit(vector) else { return Nearest() }
        let (table, key, _) = index.vectors
        let all = try connection.rows(
            "SELECT \(key), vector FROM \(table) WHERE model = ? AND dimension = ? ORDER BY \(key) DESC LIMIT ?",
            values: [.text(model), .integer(vector.count), .integer(limit)]
        ) { row in
            let cosine = bytes.withUnsafeBytes { question in row.withBlob(1) { VectorBytes.product($0, question) } }
            return NearText(id: row.int(0), cosine: cosine)
        }
        guard !all.isEmpty else { return Nearest() }
        let mean = all.reduce(0) { $0 + $1.cosine } / Double(all.count)
        let variance = all.reduce(0) { $0 + ($1.cosine - mean) * ($1.cosine - mean) } / Double(all.count)
        let best = all.sorted { a, b in a.cosine != b.cosine ? a.cosine > b.cosine : a.id > b.id }.prefix(most)
        return Nearest(rows: Array(best), mean: mean, deviation: variance.squareRoot(), count: all.count)
    }
}

extension MemoryStore.TextIndex {
    fileprivate var vectors: (table: String, key: String, owner: String) {
        self == .memories ? ("memory_vector", "memory_id", "memory") : ("turn_vector", "turn_id", "turn")
    }
}

/// Vectors as they stand in the store: little-endian floats of 32 bits.
private enum VectorBytes {
    /// With length 1; nil when it has none, or is no vector.
    static func unit(_ vector: [Float]) -> [UInt8]? {
        let length = vector.reduce(0.0) { $0 + Double($1) * Double($1) }.squareRoot()
        guard length > 0, length.isFinite else { return nil }
        var bytes: [UInt8] = []
        bytes.reserveCapacity(4 * vector.count)
        for value in vector {
            let bits = Float(Double(value) / length).bitPattern
            for shift in stride(from: UInt32(0), to: 32, by: 8) {
                bytes.append(UInt8(truncatingIfNeeded: bits >> shift))
            }
        }
        return bytes
    }

    /// Of two vectors of one dimension.
    static func product(_ a: UnsafeRawBufferPointer, _ b: UnsafeRawBufferPointer) -> Double {
        guard a.count == b.count else { return 0 }
        // Four sums, so that one addition need not wait for the one before.
        var sums = SIMD4<Float>()
        let whole = a.count / 16 * 16
        for offset in stride(from: 0, to: whole, by: 16) {
            sums += value(a, offset) * value(b, offset)
        }
        var rest: Float = 0
        for offset in stride(from: whole, to: a.count, by: 4) {
            rest += Float(bitPattern: bits(a, offset)) * Float(bitPattern: bits(b, offset))
        }
        return Double(sums.sum() + rest)
    }

    private static func value(_ bytes: UnsafeRawBufferPointer, _ offset: Int) -> SIMD4<Float> {
        SIMD4<Float>(
            Float(bitPattern: bits(bytes, offset)), Float(bitPattern: bits(bytes, offset + 4)),
            Float(bitPattern: bits(bytes, offset + 8)), Float(bitPattern: bits(bytes, offset + 12)))
    }

    private static func bits(_ bytes: UnsafeRawBufferPointer, _ offset: Int) -> UInt32 {
        UInt32(littleEndian: bytes.loadUnaligned(fromByteOffset: offset, as: UInt32.self))
    }
}
