//! The shape that all records share: public fields in order, no padding, a size that is written beside the name.

/// Declares a record; one whose fields do not add up to its size does not compile. The traits that it derives are those of
/// `zerocopy`, which have to be in scope.
#[macro_export]
macro_rules! record {
    ($(#[$doc:meta])* $size:literal $name:ident { $($(#[$fdoc:meta])* $field:ident: $ty:ty),+ $(,)? }) => {
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        #[derive(TryFromBytes, IntoBytes, Immutable, KnownLayout)]
        #[repr(C)]
        pub struct $name { $($(#[$fdoc])* pub $field: $ty),+ }
        const _: () = assert!(size_of::<$name>() == $size);
    };
}
