//! The time of an outbox: how long a program has been running, never what a clock on a wall shows.

/// Milliseconds since a start of the program's own choosing, by a clock that only goes forward.
///
/// A wall clock is set, by a person or by the network, and a wait measured by it would end at once
/// or after years. A moment means nothing after the program has ended: [`crate::Event::Restarted`]
/// begins each wait anew.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Moment(i64);

clinical::point_in_time!(Moment);
