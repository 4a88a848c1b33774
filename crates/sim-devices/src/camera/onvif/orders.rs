//! What each request of the three services does to the camera, and what it is answered.

use super::soap::{DEVICE, Fault, MEDIA, PTZ, escape, flag, text, timeout, vector};
use super::{DEVICE_PATH, MEDIA_PATH, Named, PTZ_PATH, Service};
use crate::lock;
use roxmltree::Node;
use std::time::Duration;

/// The only profile with motors, and the one of a sensor beside it.
const PROFILE: &str = "profile_1";
const FIXED_PROFILE: &str = "profile_thermal";
/// As long as a movement lasts that nobody stops and that does not say how long.
const USUAL_TIMEOUT: Duration = Duration::from_secs(60);
const MOST_PRESETS: usize = 16;

/// What a host may ask before it says who it is (ONVIF Core, 5.9.4.3).
pub fn is_for_everybody(asked: Node<'_, '_>) -> bool {
    let open = ["GetCapabilities", "GetServices", "GetSystemDateAndTime"];
    let name = asked.tag_name();
    name.namespace() == Some(DEVICE) && open.contains(&name.name())
}

impl Service {
    pub(super) fn obey(
        &mut self,
        path: &str,
        host: &str,
        asked: Node<'_, '_>,
        now: Duration,
    ) -> Result<String, Fault> {
        lock(&self.camera).advance(now);
        let name = asked.tag_name();
        let content = match (path, name.namespace().unwrap_or_default(), name.name()) {
            (DEVICE_PATH, DEVICE, "GetCapabilities") => return Ok(capabilities(host)),
            (MEDIA_PATH, MEDIA, "GetProfiles") => return Ok(profiles()),
            (PTZ_PATH, PTZ, _) => self.move_as_asked(asked, now)?,
            _ => return Err(Fault::ActionNotSupported),
        };
        let name = name.name();
        Ok(format!("<tptz:{name}Response>{content}</tptz:{name}Response>"))
    }

    fn move_as_asked(&mut self, asked: Node<'_, '_>, now: Duration) -> Result<String, Fault> {
        if text(asked, "ProfileToken") != Some(PROFILE) {
            return Err(Fault::NoProfile);
        }
        match asked.tag_name().name() {
            "ContinuousMove" => {
                let speed = vector(asked, "Velocity", -1.0).ok_or(Fault::InvalidVelocity)?;
                let until = now + timeout(asked, USUAL_TIMEOUT)?;
                lock(&self.camera).drive_shares(speed.head, speed.lens, until);
            }
            "AbsoluteMove" => {
                let place = vector(asked, "Position", 0.0).ok_or(Fault::InvalidPosition)?;
                lock(&self.camera).go_to_shares(place.head, place.lens);
            }
            "Stop" => {
                lock(&self.camera).stop_at_once(flag(asked, "PanTilt"), flag(asked, "Zoom"));
            }
            "GotoHomePosition" => lock(&self.camera).go_to_shares(Some([0.0; 2]), Some(0.0)),
            "GetStatus" => return Ok(self.status()),
            "GetPresets" => return Ok(self.presets()),
            "SetPreset" => return self.keep(asked),
            "GotoPreset" => {
                let preset = self.presets.get(token(asked)?).ok_or(Fault::NoToken)?;
                lock(&self.camera).go_back_to(preset.place);
            }
            "RemovePreset" => {
                self.presets.remove(token(asked)?).ok_or(Fault::NoToken)?;
            }
            _ => return Err(Fault::ActionNotSupported),
        }
        Ok(String::new())
    }

    fn status(&self) -> String {
        let ([pan, tilt, zoom], at_rest) = lock(&self.camera).place();
        let [head, lens] = at_rest.map(|at_rest| if at_rest { "IDLE" } else { "MOVING" });
        format!(
            "<tptz:PTZStatus><tt:Position>\
             <tt:PanTilt x=\"{pan:.5}\" y=\"{tilt:.5}\" space=\"{SPACES}/PanTiltSpaces/PositionGenericSpace\"/>\
             <tt:Zoom x=\"{zoom:.5}\" space=\"{SPACES}/ZoomSpaces/PositionGenericSpace\"/></tt:Position>\
             <tt:MoveStatus><tt:PanTilt>{head}</tt:PanTilt><tt:Zoom>{lens}</tt:Zoom></tt:MoveStatus>\
             <tt:UtcTime>{}</tt:UtcTime></tptz:PTZStatus>",
            jiff::Timestamp::now().strftime("%FT%TZ")
        )
    }

    fn presets(&self) -> String {
        let one = |(token, preset): (&String, &Named)| {
            let name = escape(&preset.name);
            format!("<tptz:Preset token=\"{token}\"><tt:Name>{name}</tt:Name></tptz:Preset>")
        };
        self.presets.iter().map(one).collect()
    }

    /// A new one, or the old one of this token at a new place.
    fn keep(&mut self, asked: Node<'_, '_>) -> Result<String, Fault> {
        let place = lock(&self.camera).here();
        let name = text(asked, "PresetName").map(str::to_owned);
        if let Some(token) = text(asked, "PresetToken") {
            let preset = self.presets.get_mut(token).ok_or(Fault::NoToken)?;
            preset.place = place;
            preset.name = name.unwrap_or_else(|| preset.name.clone());
            return Ok(format!("<tptz:PresetToken>{token}</tptz:PresetToken>"));
        }
        if self.presets.len() == MOST_PRESETS {
            return Err(Fault::TooManyPresets);
        }
        self.tokens += 1;
        let token = format!("preset_{:02}", self.tokens);
        let name = name.unwrap_or_else(|| token.clone());
        self.presets.insert(token.clone(), Named { name, place });
        Ok(format!("<tptz:PresetToken>{token}</tptz:PresetToken>"))
    }
}

const SPACES: &str = "http://www.onvif.org/ver10/tptz";

fn token<'a>(asked: Node<'a, '_>) -> Result<&'a str, Fault> {
    text(asked, "PresetToken").ok_or(Fault::NoToken)
}

fn capabilities(host: &str) -> String {
    let host = escape(host);
    let service =
        |name, path| format!("<tt:{name}><tt:XAddr>http://{host}{path}</tt:XAddr></tt:{name}>");
    let services = [("Device", DEVICE_PATH), ("Media", MEDIA_PATH), ("PTZ", PTZ_PATH)];
    let services: String = services.into_iter().map(|(name, path)| service(name, path)).collect();
    format!(
        "<tds:GetCapabilitiesResponse><tds:Capabilities>{services}</tds:Capabilities>\
         </tds:GetCapabilitiesResponse>"
    )
}

fn profiles() -> String {
    let profile = |token, rest: &str| {
        format!(
            "<trt:Profiles token=\"{token}\" fixed=\"true\"><tt:Name>{token}</tt:Name>{rest}</trt:Profiles>"
        )
    };
    let motors = "<tt:PTZConfiguration token=\"ptz_1\"><tt:Name>ptz_1</tt:Name>\
                  <tt:UseCount>1</tt:UseCount><tt:NodeToken>node_1</tt:NodeToken>\
                  </tt:PTZConfiguration>";
    let profiles = profile(FIXED_PROFILE, "") + &profile(PROFILE, motors);
    format!("<trt:GetProfilesResponse>{profiles}</trt:GetProfilesResponse>")
}
