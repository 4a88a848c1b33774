//! For tests: feeds a driver the same bytes whole and cut.

use crate::{Action, Channel, Driver, Event};

/// The actions of one byte at a time may come grouped differently; what they are may not differ.
pub(crate) fn whole_and_cut<D: Driver>(
    make: impl Fn() -> D,
    channel: Channel,
    bytes: &[u8],
    cuts: &[usize],
) -> Result<(), String> {
    let whole = make().handle(1, Event::Bytes { channel, bytes });
    let mut driver = make();
    let mut cut: Vec<Action> = Vec::new();
    let mut rest = bytes;
    for &size in cuts.iter().cycle() {
        if rest.is_empty() {
            break;
        }
        let (chunk, later) = rest.split_at(size.min(rest.len()));
        cut.extend(driver.handle(1, Event::Bytes { channel, bytes: chunk }));
        rest = later;
    }
    if whole == cut { Ok(()) } else { Err(format!("{whole:?}\nis not\n{cut:?}")) }
}
