//! The two pictures that a peer is sent, each on a line and in a stream of its own.

use crate::encoder::Codec;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Scene {
    /// Who is there, and what they do.
    Room,
    /// What an exam camera sees, while somebody looks through it. It comes before the room where there is too little for both.
    Exam,
}

impl Scene {
    pub(crate) fn camera(self) -> &'static str {
        match self {
            Self::Room => "camera",
            Self::Exam => "exam camera",
        }
    }

    pub(crate) fn encoder(self) -> &'static str {
        match self {
            Self::Room => "video encoder",
            Self::Exam => "exam video encoder",
        }
    }

    /// Where its pictures enter a peer's pipeline.
    pub(crate) fn outlet(self) -> &'static str {
        match self {
            Self::Room => "picture",
            Self::Exam => "exam",
        }
    }

    /// Makes packets of them there.
    pub(crate) fn payloader(self) -> &'static str {
        match self {
            Self::Room => "picture-pay",
            Self::Exam => "exam-pay",
        }
    }

    /// The stream's id (RFC 8830). Each has its own: a browser keeps streams of one id in step, by delaying them.
    pub(crate) fn msid(self) -> &'static str {
        match self {
            Self::Room => "room-video",
            Self::Exam => "exam",
        }
    }

    /// Both lines are of one bundle, in which a number means one thing (RFC 8843, section 9.1).
    pub(crate) fn payload_type(self, codec: Codec) -> u8 {
        match self {
            Self::Room => codec.payload_type(),
            Self::Exam => codec.payload_type() + 2,
        }
    }

    /// From access units to RTP for webrtcbin, with what is negotiated of every picture.
    pub(crate) fn pay(self, codec: Codec, negotiated: &str) -> String {
        let (pay, caps) = (codec.pay(), codec.rtp_caps());
        let (name, number) = (self.payloader(), self.payload_type(codec));
        format!("{pay} name={name} ! {caps},payload={number},{negotiated}")
    }
}
