//! Offer, answer and candidates with webrtcbin, and what it says about the connection.
//!
//! Everything here runs on webrtcbin's threads and holds no lock of ours: it tells and returns.

use std::sync::{
    Arc,
    atomic::{AtomicBool, Ordering},
};

use gst::{glib, prelude::*};
use gst_sdp::SDPMessage;
use gst_webrtc::{
    WebRTCICEConnectionState, WebRTCPeerConnectionState, WebRTCSDPType, WebRTCSessionDescription,
};

use super::{PeerNews, WHAT, Workshop};
use crate::calls::Order;

/// Tells the thread of the calls, without waiting for it.
pub(super) type Teller = Arc<dyn Fn(PeerNews) + Send + Sync>;

pub(super) fn teller(number: u64, workshop: &Workshop) -> Teller {
    let news = workshop.news.clone();
    Arc::new(move |told| {
        if news.try_send(Order::News(number, told)).is_err() {
            tracing::error!(number, "Lost a peer's news; the connection will be made anew");
        }
    })
}

/// Makes the one offer of this peer as soon as webrtcbin knows the formats.
pub(super) fn offer_once(webrtc: &gst::Element, tell: Teller) {
    let asked = AtomicBool::new(false);
    webrtc.connect("on-negotiation-needed", false, move |values| {
        // A camera with another resolution asks again; the stream carries what is needed.
        if let (false, Some(webrtc)) = (asked.swap(true, Ordering::AcqRel), emitter(values)) {
            create_offer(&webrtc, Arc::clone(&tell));
        }
        None
    });
}

fn create_offer(webrtc: &gst::Element, tell: Teller) {
    let promise = gst::Promise::with_change_func(move |reply| {
        let offer = reply.ok().flatten().and_then(|reply| reply.get("offer").ok());
        tell(
            offer.map_or_else(|| PeerNews::Failed("made no offer".to_owned()), PeerNews::OfferMade),
        );
    });
    webrtc.emit_by_name::<()>("create-offer", &[&None::<gst::Structure>, &promise]);
}

pub(super) fn tell_candidates(webrtc: &gst::Element, tell: Teller) {
    webrtc.connect("on-ice-candidate", false, move |values| {
        let mline = values.get(1).and_then(|value| value.get::<u32>().ok());
        let candidate = values.get(2).and_then(|value| value.get::<String>().ok());
        if let (Some(mline), Some(candidate)) = (mline, candidate) {
            tell(PeerNews::Candidate { mline, candidate });
        }
        None
    });
}

/// `connected` is called at once, before the news goes its way.
pub(super) fn tell_connection(
    webrtc: &gst::Element,
    tell: Teller,
    connected: impl Fn() + Send + Sync + 'static,
) {
    let ice = Arc::clone(&tell);
    webrtc.connect_notify(Some("ice-connection-state"), move |webrtc, _| {
        let state = webrtc.property::<WebRTCICEConnectionState>("ice-connection-state");
        if matches!(
            state,
            WebRTCICEConnectionState::Connected | WebRTCICEConnectionState::Completed
        ) {
            ice(PeerNews::IceConnected);
        }
    });
    webrtc.connect_notify(Some("connection-state"), move |webrtc, _| {
        let state = webrtc.property::<WebRTCPeerConnectionState>("connection-state");
        if state == WebRTCPeerConnectionState::Connected {
            connected();
        }
        tell(PeerNews::Connection(state));
    });
}

pub(super) fn set_local(webrtc: &gst::Element, offer: &WebRTCSessionDescription) {
    webrtc.emit_by_name::<()>("set-local-description", &[offer, &None::<gst::Promise>]);
}

/// Tells whether the answer is SDP at all; whether webrtcbin takes it comes as news.
pub(super) fn set_remote(webrtc: &gst::Element, sdp: &str, tell: Teller) -> bool {
    let Ok(sdp) = SDPMessage::parse_buffer(sdp.as_bytes()) else { return false };
    let answer = WebRTCSessionDescription::new(WebRTCSDPType::Answer, sdp);
    let promise = gst::Promise::with_change_func(move |reply| {
        let error = reply.ok().flatten().and_then(|reply| reply.get::<glib::Error>("error").ok());
        if let Some(error) = error {
            tell(PeerNews::Failed(format!("{WHAT} refused the answer: {error}")));
        }
    });
    webrtc.emit_by_name::<()>("set-remote-description", &[&answer, &promise]);
    true
}

/// Whether an answer refuses the picture, which is our first line (port 0: RFC 3264, section 6).
pub(super) fn has_no_picture(sdp: &str) -> bool {
    let Ok(sdp) = SDPMessage::parse_buffer(sdp.as_bytes()) else { return false };
    sdp.media(0).is_some_and(|first| first.media() == Some("video") && first.port() == 0)
}

fn emitter(values: &[glib::Value]) -> Option<gst::Element> {
    values.first()?.get().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn answer(picture: &str) -> String {
        let sound = "m=audio 9 UDP/TLS/RTP/SAVPF 97\r\nc=IN IP4 0.0.0.0\r\na=recvonly\r\n";
        format!("v=0\r\no=- 1 1 IN IP4 0.0.0.0\r\ns=-\r\nt=0 0\r\n{picture}{sound}")
    }

    #[test]
    fn a_browser_without_our_format_refuses_the_picture_and_keeps_the_sound() {
        gst::init().unwrap();
        // As Firefox 153 without H.264 and Chromium 156 answer.
        let without = "m=video 0 UDP/TLS/RTP/SAVPF 120\r\nc=IN IP4 0.0.0.0\r\na=inactive\r\n";
        let with = "m=video 9 UDP/TLS/RTP/SAVPF 102\r\nc=IN IP4 0.0.0.0\r\na=sendrecv\r\n";
        assert!(has_no_picture(&answer(without)));
        assert!(!has_no_picture(&answer(with)));
        // Not ours to judge: what cannot be read is told where it is taken in.
        assert!(!has_no_picture("nonsense"));
    }
}
