//! The requests of ONVIF that move a camera, as SOAP 1.2, and what the answers say.
//!
//! ONVIF Core Specification (Device service), Media and PTZ Service Specifications. Pan, tilt and
//! zoom are in the generic spaces, which every device has and which are those of [`Ptz`].

use super::xml::{elements, escape, first};
use crate::{Position, Ptz};

/// The header is empty: the link proves who the cart is.
fn envelope(body: &str) -> String {
    format!(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\
         <s:Envelope xmlns:s=\"http://www.w3.org/2003/05/soap-envelope\" \
         xmlns:tds=\"http://www.onvif.org/ver10/device/wsdl\" \
         xmlns:trt=\"http://www.onvif.org/ver10/media/wsdl\" \
         xmlns:tptz=\"http://www.onvif.org/ver20/ptz/wsdl\" \
         xmlns:tt=\"http://www.onvif.org/ver10/schema\">\
         <s:Header/><s:Body>{body}</s:Body></s:Envelope>"
    )
}

pub(super) fn get_capabilities() -> String {
    envelope("<tds:GetCapabilities><tds:Category>All</tds:Category></tds:GetCapabilities>")
}

pub(super) fn get_profiles() -> String {
    envelope("<trt:GetProfiles/>")
}

/// A request of the PTZ service.
fn ptz(request: &str, profile: &str, rest: &str) -> String {
    let token = escape(profile);
    envelope(&format!(
        "<tptz:{request}><tptz:ProfileToken>{token}</tptz:ProfileToken>{rest}</tptz:{request}>"
    ))
}

fn vector(name: &str, [pan, tilt, zoom]: [f32; 3]) -> String {
    format!(
        "<tptz:{name}><tt:PanTilt x=\"{pan:.3}\" y=\"{tilt:.3}\"/><tt:Zoom x=\"{zoom:.3}\"/>\
         </tptz:{name}>"
    )
}

/// The camera stops by itself after a second: if the cart is cut off, nobody else stops it.
pub(super) fn continuous_move(profile: &str, speeds: [f32; 3]) -> String {
    let speeds = speeds.map(|speed| clean(speed, -1.0));
    let rest = format!("{}<tptz:Timeout>PT1S</tptz:Timeout>", vector("Velocity", speeds));
    ptz("ContinuousMove", profile, &rest)
}

pub(super) fn stop(profile: &str) -> String {
    let rest = "<tptz:PanTilt>true</tptz:PanTilt><tptz:Zoom>true</tptz:Zoom>";
    ptz("Stop", profile, rest)
}

pub(super) fn absolute_move(profile: &str, place: Position) -> String {
    let place = [clean(place.pan, -1.0), clean(place.tilt, -1.0), clean(place.zoom, 0.0)];
    ptz("AbsoluteMove", profile, &vector("Position", place))
}

/// Cameras refuse numbers outside of the space. What is no number stands still.
fn clean(part: f32, lowest: f32) -> f32 {
    if part.is_nan() { 0.0 } else { part.clamp(lowest, 1.0) }
}

pub(super) fn home(profile: &str) -> String {
    ptz("GotoHomePosition", profile, "")
}

pub(super) fn get_status(profile: &str) -> String {
    ptz("GetStatus", profile, "")
}

pub(super) fn get_presets(profile: &str) -> String {
    ptz("GetPresets", profile, "")
}

/// Cameras choose the tokens of presets, so a number is kept in the name.
fn preset_name(number: u8) -> String {
    format!("Bedside {number}")
}

/// What is wanted of a preset, now that it is known which ones there are. `None`: it is not there.
pub(super) fn preset_request(profile: &str, wish: Ptz, presets: &str) -> Option<String> {
    let token = |number: u8| {
        let name = preset_name(number);
        let named = elements(presets, "Preset")
            .find(|preset| first(preset.inside(), "Name").is_some_and(|had| had.text() == name));
        let token = escape(&named?.attribute("token")?);
        Some(format!("<tptz:PresetToken>{token}</tptz:PresetToken>"))
    };
    match wish {
        Ptz::Save(number) => {
            let name = format!("<tptz:PresetName>{}</tptz:PresetName>", preset_name(number));
            let old = token(number).unwrap_or_default();
            Some(ptz("SetPreset", profile, &format!("{name}{old}")))
        }
        Ptz::Recall(number) => Some(ptz("GotoPreset", profile, &token(number)?)),
        Ptz::Clear(number) => Some(ptz("RemovePreset", profile, &token(number)?)),
        Ptz::Move { .. }
        | Ptz::Stop
        | Ptz::Home
        | Ptz::To(_)
        | Ptz::Locate
        | Ptz::Focus(_)
        | Ptz::PowerOn => None,
    }
}

pub(super) fn is_fault(answer: &str) -> bool {
    first(answer, "Fault").is_some() || first(answer, "Body").is_none()
}

/// Paths of the media and the PTZ service. The host is the one that was asked: behind a router a
/// camera names itself by an address that leads nowhere.
pub(super) fn services(answer: &str) -> Option<(String, String)> {
    let path = |service| {
        let address = first(first(answer, service)?.inside(), "XAddr")?.text();
        let (_, rest) = address.split_once("://")?;
        Some(format!("/{}", rest.split_once('/')?.1))
    };
    Some((path("Media")?, path("PTZ")?))
}

/// The first profile whose camera can be moved.
pub(super) fn profile(answer: &str) -> Option<String> {
    elements(answer, "Profiles")
        .find(|profile| first(profile.inside(), "PTZConfiguration").is_some())?
        .attribute("token")
}

pub(super) fn position(answer: &str) -> Option<Position> {
    let place = first(answer, "Position")?.inside();
    let number = |element, axis| {
        let number: f32 = first(place, element)?.attribute(axis)?.trim().parse().ok()?;
        number.is_finite().then_some(number)
    };
    Some(Position {
        pan: number("PanTilt", "x")?.clamp(-1.0, 1.0),
        tilt: number("PanTilt", "y")?.clamp(-1.0, 1.0),
        zoom: number("Zoom", "x")?.clamp(0.0, 1.0),
    })
}
