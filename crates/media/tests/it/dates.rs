//! When a picture was captured, by what the cart reports of it: as a browser reckons it, but by the same clock.

use std::time::{SystemTime, UNIX_EPOCH};

use gst::{glib, prelude::*};
use gst_rtp::RTPBuffer;

/// From 1900 to 1970, in milliseconds.
const NTP_EPOCH_MS: i64 = 2_208_988_800_000;
/// Ticks of the picture's RTP time in a millisecond.
const TICKS: i64 = 90;

/// Milliseconds since the capture of the picture that this packet belongs to, by the newest sender report (RFC 3550, 6.4.1).
/// `None` before the first report.
pub fn age_by_reports(webrtc: &gst::Element, packet: &gst::Buffer) -> Option<i64> {
    let rtp = RTPBuffer::from_buffer_readable(packet).unwrap();
    let rtpbin = webrtc.downcast_ref::<gst::Bin>()?.by_name("rtpbin")?;
    let session: Option<glib::Object> = rtpbin.emit_by_name("get-internal-session", &[&0u32]);
    let source: Option<glib::Object> = session?.emit_by_name("get-source-by-ssrc", &[&rtp.ssrc()]);
    let stats: gst::Structure = source?.property("stats");
    if !stats.get::<bool>("have-sr").ok()? {
        return None;
    }
    let ntp: u64 = stats.get("sr-ntptime").ok()?;
    let ticks: u32 = stats.get("sr-rtptime").ok()?;
    let reported = (ntp >> 32) as i64 * 1000 + (((ntp & 0xFFFF_FFFF) * 1000) >> 32) as i64;
    let later = i64::from(rtp.timestamp().wrapping_sub(ticks).cast_signed()) / TICKS;
    let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap().as_millis() as i64;
    Some(now + NTP_EPOCH_MS - (reported + later))
}
