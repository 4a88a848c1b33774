//! Which viewer's network decides how the one encoder encodes.
//!
//! While one connection replaces another both are there: the newer one decides, and the older one, which
//! hears nothing any more, would only hold the picture back.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use crate::pilot::Pilot;

#[derive(Default)]
pub(super) struct Helm(Mutex<Vec<Arc<Pilot>>>);

impl Helm {
    /// From now on it decides.
    pub(super) fn take(&self, pilot: &Arc<Pilot>) {
        let mut pilots = self.pilots();
        pilots.retain(|known| !Arc::ptr_eq(known, pilot));
        pilots.push(Arc::clone(pilot));
    }

    pub(super) fn leave(&self, pilot: &Arc<Pilot>) {
        self.pilots().retain(|known| !Arc::ptr_eq(known, pilot));
    }

    /// Who decides; `None`: nobody is connected.
    pub(super) fn at(&self) -> Option<Arc<Pilot>> {
        self.pilots().last().map(Arc::clone)
    }

    fn pilots(&self) -> MutexGuard<'_, Vec<Arc<Pilot>>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_newest_connection_decides_and_the_one_before_it_when_it_goes() {
        gst::init().unwrap();
        let [old, new] = [(); 2].map(|()| Arc::new(Pilot::new(&Arc::default(), [])));
        let helm = Helm::default();
        let decides = |pilot: &Arc<Pilot>| helm.at().is_some_and(|at| Arc::ptr_eq(&at, pilot));
        assert!(helm.at().is_none());
        helm.take(&old);
        helm.take(&new);
        assert!(decides(&new));
        helm.leave(&new);
        assert!(decides(&old));
        helm.leave(&old);
        assert!(helm.at().is_none());
    }
}
