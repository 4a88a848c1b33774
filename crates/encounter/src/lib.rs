//! The visit: who may open it, whose a reading is, when it ends. And who may try a PIN.
//!
//! No clock, disk, device or screen: input and time come in, what should happen goes out.
//! [`SignIn`] judges tries at a PIN, [`Visit`] binds what devices measure to a patient, [`Watch`] tells
//! what goes beyond the patient's limits, [`SpaceWatch`] what the disk still has room for.

mod repeats;
mod sign_in;
mod space;
mod visit;
mod watch;

pub use sign_in::{SignIn, Verdict};
pub use space::{SpaceSteps, SpaceWatch};
pub use visit::{Effect, Ids, Input, OpenVisit, Opening, Unassigned, Visit};
pub use watch::{Beyond, Watch};
