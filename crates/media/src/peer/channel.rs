//! The data channel "ctl": what must be instant goes straight between browser and cart.

use gst_webrtc::{WebRTCDataChannel, WebRTCDataChannelState};
use hub_api::{CartOnChannel, PhysicianOnChannel};

use crate::{MediaEvent, studio::Events};

/// The longest message there is takes 80 bytes; more is none of ours.
const LONGEST_MESSAGE: usize = 4096;

pub(super) fn listen(channel: &WebRTCDataChannel, events: Events) {
    channel.connect_on_message_string(move |_, text| match read(text.unwrap_or("")) {
        Ok(message) => events(MediaEvent::Channel(message)),
        Err(reason) => tracing::warn!(reason, "Ignored a message on the data channel"),
    });
}

/// Tells whether the channel was open and took it.
pub(super) fn say(channel: &WebRTCDataChannel, message: &CartOnChannel) -> bool {
    if channel.ready_state() != WebRTCDataChannelState::Open {
        return false;
    }
    let sent = serde_json::to_string(message)
        .map_err(|error| error.to_string())
        .and_then(|text| channel.send_string_full(Some(&text)).map_err(|error| error.to_string()));
    if let Err(error) = &sent {
        tracing::warn!(error, "Could not send on the data channel");
    }
    sent.is_ok()
}

fn read(text: &str) -> Result<PhysicianOnChannel, String> {
    if text.len() > LONGEST_MESSAGE {
        return Err(format!("{} bytes long", text.len()));
    }
    serde_json::from_str(text).map_err(|error| error.to_string())
}

#[cfg(test)]
mod tests {
    use clinical::{ExamCamera, Examined, Laterality};

    use super::*;

    fn check(text: &str, expected: Option<PhysicianOnChannel>) {
        assert_eq!(read(text).ok(), expected, "{text}");
    }

    #[test]
    fn what_a_browser_may_say_is_read_and_anything_else_refused() {
        let up = PhysicianOnChannel::Move { pan: 0.0, tilt: 0.5, zoom: 0.0 };
        check(r#"{"type":"move","pan":0,"tilt":0.5,"zoom":0}"#, Some(up));
        let freeze = |examined| Some(PhysicianOnChannel::Freeze { request: 7, examined });
        check(r#"{"type":"freeze","request":7}"#, freeze(None));
        let ear = Examined::new(ExamCamera::Otoscope, Some(Laterality::Left));
        let words = r#"{"type":"freeze","request":7,"examined":{"with":"otoscope","side":"left"}}"#;
        check(words, freeze(Some(ear)));
        check(r#"{"type":"reboot"}"#, None);
        check("", None);
        check(&format!(r#"{{"type":"stop","x":"{}"}}"#, "x".repeat(5000)), None);
    }
}
