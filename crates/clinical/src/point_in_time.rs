//! The arithmetic of points in time, the same for each clock.

/// Gives a type over `i64` milliseconds what every point in time has.
///
/// A clock on a wall and the running time of a program have types of their own, so that neither can
/// stand where the other is meant.
#[macro_export]
macro_rules! point_in_time {
    ($name:ident) => {
        impl $name {
            pub const fn from_millis(millis: i64) -> Self {
                Self(millis)
            }

            pub const fn millis(self) -> i64 {
                self.0
            }

            #[must_use]
            pub const fn plus_millis(self, millis: i64) -> Self {
                Self(self.0.saturating_add(millis))
            }

            /// Milliseconds from `earlier` to here; negative when `earlier` is later.
            pub const fn millis_since(self, earlier: Self) -> i64 {
                self.0.saturating_sub(earlier.0)
            }
        }
    };
}
