//! The only writer of what frames every page.

use cart_api::PowerState;

use super::{format::Clock, notices};
use crate::{
    model::{Cover, Model, Page, SyncKind},
    ui,
    ui::{HubLook, PowerLook, ShellAdapter, SyncLook},
};

/// From here on the cart's daemon tells of it too.
const LOW: u8 = 20;

pub fn draw(model: &Model, clock: &Clock<'_>, shell: &ShellAdapter<'_>) {
    shell.set_page(page(model.page()));
    shell.set_cover(cover(model.cover()));
    shell.set_restarting(model.is_restarting());
    shell.set_cart(model.state().map_or("", |state| &state.cart).into());
    shell.set_clock(clock.now().into());
    let away = model.hub_away_since();
    shell.set_hub(if away.is_some() { HubLook::Away } else { HubLook::Connected });
    shell.set_hub_away_since(away.map(|since| clock.time(since)).unwrap_or_default().into());
    let power = model.state().map(|state| state.power).unwrap_or_default();
    shell.set_power(self::power(power));
    shell.set_charge(power.charge.unwrap_or_default().into());
    let (look, count) = model.sync();
    shell.set_sync(sync(look));
    shell.set_sync_count(count.try_into().unwrap_or(i32::MAX));
    shell.set_nurse(model.nurse().map_or("", |nurse| &nurse.name).into());
    notices::draw(model, clock, shell);
}

const fn page(page: Page) -> ui::Page {
    match page {
        Page::SignIn => ui::Page::SignIn,
        Page::Worklist => ui::Page::Worklist,
        Page::Identify => ui::Page::Identify,
        Page::Vitals => ui::Page::Vitals,
        Page::Camera => ui::Page::Camera,
        Page::Call => ui::Page::Call,
        Page::Observe => ui::Page::Observe,
        Page::Breaths => ui::Page::Breaths,
        Page::Tray => ui::Page::Tray,
        Page::Claim => ui::Page::Claim,
        Page::Discard => ui::Page::Discard,
    }
}

const fn cover(cover: Cover) -> ui::Cover {
    match cover {
        Cover::None => ui::Cover::None,
        Cover::Starting => ui::Cover::Starting,
        Cover::Restarting => ui::Cover::Restarting,
        Cover::WrongVersion => ui::Cover::WrongVersion,
    }
}

const fn power(power: PowerState) -> PowerLook {
    match power {
        PowerState { charge: None, .. } => PowerLook::Unknown,
        PowerState { on_mains: Some(true), .. } => PowerLook::Mains,
        PowerState { charge: Some(..=LOW), .. } => PowerLook::Low,
        PowerState { charge: Some(_), .. } => PowerLook::Battery,
    }
}

const fn sync(kind: SyncKind) -> SyncLook {
    match kind {
        SyncKind::AllArrived => SyncLook::AllArrived,
        SyncKind::OnTheWay => SyncLook::OnTheWay,
        SyncKind::Sending => SyncLook::Sending,
        SyncKind::Waiting => SyncLook::Waiting,
        SyncKind::Attention => SyncLook::Attention,
    }
}
