//! The list.

/// A place in the product where bad luck may strike.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u8)]
pub enum Point {
    // journal
    /// A read of a file brings fewer bytes than were asked for, so that it has to be asked again.
    ShortRead,
    /// A write to a file takes fewer bytes than were given, so that the rest has to follow.
    ShortWrite,
    /// The journal begins its next segment although the present one has room.
    EarlySegment,
    /// The same with the segments of events.
    EarlyEventSegment,

    // host
    /// A batch is closed although more commands wait.
    PartialBatch,
    /// The core thread is slow to take the next batch.
    SlowApply,
    /// The publisher is slow to make a batch known.
    SlowPublish,
    /// A buffer of events is dropped instead of being used again.
    FreshBuffer,
    /// A snapshot is made although hardly any command came since the one before.
    EarlySnapshot,

    // engine
    /// A check panics: the command is refused, and nothing has changed.
    PanicInValidate,
    /// A change panics: the core stops, and so does every replay that comes to the command.
    PanicInCommit,
}
