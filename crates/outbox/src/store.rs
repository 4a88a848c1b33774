//! What whoever keeps the items promises. [`crate::conformance`] checks an implementation.

use crate::Item;

/// The durable items of one destination.
///
/// Items come into being with the record itself (reading and item in one transaction), so there is
/// no way to add one here.
pub trait Store {
    type Error: std::error::Error + Send + Sync + 'static;

    /// Makes this handle the only one that may [`Store::update`]: a program that was thought dead, and
    /// whose place was taken, must not begin or end anything more.
    ///
    /// # Errors
    /// The store cannot be written; whoever could update before still can.
    fn claim(&mut self) -> Result<(), Self::Error>;

    /// Up to `limit` items that are not done, by rising position, beginning after `position`
    /// (`None`: from the first).
    ///
    /// # Errors
    /// The store cannot be read.
    fn unfinished(&self, after: Option<i64>, limit: usize) -> Result<Vec<Item>, Self::Error>;

    /// Makes the states and attempts of these items durable, all or none, before it returns.
    ///
    /// # Errors
    /// The store cannot be written, knows no such item, or another handle has claimed it; nothing was
    /// changed.
    fn update(&self, items: &[Item]) -> Result<(), Self::Error>;
}
