//! Whether a packet begins a picture that needs none before it.

use gst_rtp::RTPBuffer;

use crate::encoder::Codec;

/// Of the first packet of a picture.
pub(super) fn begins(codec: Codec, packet: &gst::BufferRef) -> bool {
    match codec {
        Codec::X264 | Codec::OpenH264 => !packet.flags().contains(gst::BufferFlags::DELTA_UNIT),
        // The payloader of GStreamer 1.22 marks none of these packets.
        Codec::Vp8 => RTPBuffer::from_buffer_readable(packet)
            .is_ok_and(|rtp| rtp.payload().is_ok_and(begins_vp8)),
    }
}

/// By the payload descriptor and the inverse key frame flag after it (RFC 7741, sections 4.2 and 4.3).
fn begins_vp8(payload: &[u8]) -> bool {
    const EXTENDED: u8 = 0x80;
    const STARTS_PARTITION: u8 = 0x10;
    const PARTITION: u8 = 0x07;
    let Some(&first) = payload.first() else { return false };
    if first & STARTS_PARTITION == 0 || first & PARTITION != 0 {
        return false;
    }
    let extension = if first & EXTENDED == 0 { Some(0) } else { extension(&payload[1..]) };
    let header = extension.and_then(|length| payload.get(1 + length));
    header.is_some_and(|header| header & 1 == 0)
}

/// Its length in bytes: picture id of one or two bytes, TL0PICIDX, and TID with KEYIDX.
fn extension(rest: &[u8]) -> Option<usize> {
    let bits = *rest.first()?;
    let picture_id = match bits & 0x80 {
        0 => 0,
        _ if rest.get(1)? & 0x80 == 0 => 1,
        _ => 2,
    };
    Some(1 + picture_id + usize::from(bits & 0x40 != 0) + usize::from(bits & 0x30 != 0))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_picture_is_known_behind_every_descriptor() {
        for (payload, begins) in [
            // As rtpvp8pay writes it: a picture id of 15 bits.
            (&[0x90, 0x80, 0x80, 0x01, 0x10][..], true),
            (&[0x90, 0x80, 0x80, 0x01, 0x11], false),
            // The rest of a key picture begins none.
            (&[0x80, 0x80, 0x80, 0x01, 0x10], false),
            (&[0x91, 0x80, 0x80, 0x01, 0x10], false),
            // No extension; a picture id of 7 bits; TL0PICIDX and TID beside it.
            (&[0x10, 0x10], true),
            (&[0x10, 0x11], false),
            (&[0x90, 0x80, 0x01, 0x10], true),
            (&[0x90, 0xe0, 0x80, 0x01, 0x07, 0x20, 0x10], true),
            (&[0x90, 0xe0, 0x80, 0x01, 0x07, 0x20, 0x11], false),
            // Cut off.
            (&[], false),
            (&[0x10], false),
            (&[0x90], false),
            (&[0x90, 0x80], false),
            (&[0x90, 0x80, 0x80, 0x01], false),
        ] {
            assert_eq!(begins_vp8(payload), begins, "{payload:02x?}");
        }
    }
}
