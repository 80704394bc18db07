import CStorageSchema
package import SQLite

/// The steps from an empty database to the newest schema: the files of `CStorageSchema`, in order.
package enum StoreSchema {
    /// "ccmm".
    static let applicationID = 0x6363_6D6D

    package static let migrator = Migrator(applicationID: applicationID, count: schema_step_count) { index in
        let step = schema_step(index)
        return String(decoding: UnsafeBufferPointer(start: step.bytes, count: step.count), as: UTF8.self)
    }
}
