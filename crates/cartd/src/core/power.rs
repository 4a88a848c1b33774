//! The cart's own battery: when somebody has to plug it in.

use cart_api::{NoticeKind, PowerState};
use devices::power::{Power, Urgency};

use super::Core;
use crate::clock;

impl Core {
    pub(super) fn power_changed(&mut self, power: Power) {
        self.power = power;
        let Some(urgency) = self.battery.handle(&power) else { return };
        // One of them at a time, and none on mains.
        self.notices.forget_battery();
        let critical = match urgency {
            Urgency::None => return,
            Urgency::Low => false,
            Urgency::Critical => true,
        };
        self.notices.raise(NoticeKind::BatteryLow { critical }, clock::now());
    }

    pub(super) fn power_state(&self) -> PowerState {
        PowerState { on_mains: self.power.on_mains, charge: self.power.charge }
    }
}
