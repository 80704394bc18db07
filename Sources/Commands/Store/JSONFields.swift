public import JSON

/// A key with its value in one call, for documents of many plain values.
extension JSONWriter {
    public mutating func field(_ name: String, _ value: String?) {
        key(name)
        if let value { string(value) } else { null() }
    }

    public mutating func field(_ name: String, _ value: Int?) {
        key(name)
        if let value { int(value) } else { null() }
    }

    public mutating func field(_ name: String, _ value: Bool) {
        key(name)
        bool(value)
    }

    /// Thousandths, with three digits behind the point.
    public mutating func thousandths(_ value: Int) { decimal(Double(value) / 1000, digits: 3) }

    /// Thousandths, printed with three digits behind the point.
    public mutating func field(_ name: String, thousandths value: Int?) {
        key(name)
        if let value { thousandths(value) } else { null() }
    }

    public mutating func array<T>(_ name: String, _ items: some Sequence<T>, _ write: (T, inout JSONWriter) -> Void) {
        key(name)
        beginArray()
        for item in items { write(item, &self) }
        endArray()
    }

    public mutating func object(_ name: String? = nil, _ write: (inout JSONWriter) -> Void) {
        if let name { key(name) }
        beginObject()
        write(&self)
        endObject()
    }
}
