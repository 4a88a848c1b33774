//! Finds a card by its name and chooses how it gives its sound.

use cpal::{
    BufferSize, Device, ErrorKind, Host, SampleFormat, StreamConfig, SupportedStreamConfigRange,
    traits::{DeviceTrait as _, HostTrait as _},
};

use super::{Format, Sample};

#[derive(Debug, thiserror::Error)]
pub enum OpenCardError {
    #[error("`{0}` is no name of a sound card: `cat /proc/asound/cards` shows them in brackets")]
    Name(String),
    #[error("no sound card `{0}` is plugged in")]
    Away(String),
    #[error("another program uses the sound card `{0}`")]
    InUse(String),
    #[error("the sound card `{0}` gives sound in no form that is known here")]
    NoFormat(String),
    #[error("could not open the sound card `{card}`")]
    Failed {
        card: String,
        #[source]
        source: cpal::Error,
    },
}

/// The names of the cards that give sound, as [`super::Capture::open`] takes them.
///
/// # Errors
/// ALSA cannot be asked.
pub fn cards() -> Result<Vec<String>, cpal::Error> {
    let mut cards: Vec<String> = host()?
        .devices()?
        .filter(|device| device.supports_input())
        .filter_map(|device| card_of(device.id().ok()?.id()).map(str::to_owned))
        .collect();
    cards.sort();
    cards.dedup();
    Ok(cards)
}

fn host() -> Result<Host, cpal::Error> {
    cpal::host_from_id(cpal::HostId::Alsa)
}

/// `hw:CARD=Steth,DEV=0` is the card itself; every other name of ALSA's converts or mixes.
fn card_of(pcm: &str) -> Option<&str> {
    let card = pcm.strip_prefix("hw:CARD=")?.split(',').next()?;
    is_name(card).then_some(card)
}

/// As ALSA makes them: letters, digits, `_` and `-`. A number is the order of plugging in, and means
/// another card tomorrow.
fn is_name(card: &str) -> bool {
    let allowed = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'_' || byte == b'-';
    // The kernel keeps 15 bytes of it.
    (1..=15).contains(&card.len())
        && card.bytes().all(allowed)
        && !card.bytes().all(|byte| byte.is_ascii_digit())
        && card != "default"
}

/// A card, and how it is asked for its sound.
pub(super) struct Card {
    pub(super) device: Device,
    pub(super) format: Format,
}

impl Card {
    pub(super) fn find(card: &str) -> Result<Self, OpenCardError> {
        if !is_name(card) {
            return Err(OpenCardError::Name(card.to_owned()));
        }
        let failed = |error| Self::error(card, error);
        let wanted = format!("hw:CARD={card},DEV=0");
        let mut devices = host().and_then(|host| host.devices()).map_err(failed)?;
        let is_it = |device: &Device| device.id().is_ok_and(|id| id.id() == wanted);
        let device = devices.find(is_it).ok_or_else(|| OpenCardError::Away(card.to_owned()))?;
        let offered = device.supported_input_configs().map_err(failed)?;
        let format = choose(offered).ok_or_else(|| OpenCardError::NoFormat(card.to_owned()))?;
        Ok(Self { device, format })
    }

    pub(super) fn error(card: &str, source: cpal::Error) -> OpenCardError {
        let card = card.to_owned();
        match source.kind() {
            ErrorKind::DeviceBusy => OpenCardError::InUse(card),
            ErrorKind::DeviceNotAvailable => OpenCardError::Away(card),
            _ => OpenCardError::Failed { card, source },
        }
    }

    pub(super) fn config(&self) -> (StreamConfig, SampleFormat) {
        let Format { rate, channels, sample } = self.format;
        // Pieces of 20 ms: short enough to hear along, long enough for a busy machine.
        let buffer_size = BufferSize::Fixed(rate / 50);
        (StreamConfig { channels, sample_rate: rate, buffer_size }, format_of(sample))
    }
}

fn format_of(sample: Sample) -> SampleFormat {
    match sample {
        Sample::S16 => SampleFormat::I16,
        Sample::S32 => SampleFormat::I32,
        Sample::F32 => SampleFormat::F32,
    }
}

/// Few channels before many, the usual rate of a card before others, 16 bits before more: heart and
/// lung sounds end at 2 kHz, and no stethoscope has 16 bits of them.
fn choose(offered: impl Iterator<Item = SupportedStreamConfigRange>) -> Option<Format> {
    let ranges: Vec<_> = offered.filter(|range| range.channels() <= 2).collect();
    let rates = [48_000, 44_100, 96_000, 32_000, 16_000, 8_000];
    let wishes = rates
        .iter()
        .flat_map(|rate| [Sample::S16, Sample::S32, Sample::F32].map(|sample| (*rate, sample)));
    (1..=2)
        .flat_map(|channels| {
            wishes.clone().map(move |(rate, sample)| Format { rate, channels, sample })
        })
        .find(|wish| ranges.iter().any(|range| gives(range, wish)))
}

fn gives(range: &SupportedStreamConfigRange, wish: &Format) -> bool {
    let rates = range.min_sample_rate()..=range.max_sample_rate();
    range.channels() == wish.channels
        && range.sample_format() == format_of(wish.sample)
        && rates.contains(&wish.rate)
}

#[cfg(test)]
mod tests {
    use cpal::SupportedBufferSize;

    use super::*;

    fn range(channels: u16, rates: (u32, u32), sample: SampleFormat) -> SupportedStreamConfigRange {
        let size = SupportedBufferSize::Unknown;
        SupportedStreamConfigRange::new(channels, rates.0, rates.1, size, sample)
    }

    #[track_caller]
    fn check(offered: &[SupportedStreamConfigRange], expected: Option<(u32, u16, Sample)>) {
        let chosen = choose(offered.iter().copied());
        assert_eq!(chosen.map(|found| (found.rate, found.channels, found.sample)), expected);
    }

    #[test]
    fn one_channel_of_48_khz_is_preferred() {
        use SampleFormat::{F32, I16, I32};
        let mono = range(1, (8_000, 48_000), I16);
        let stereo = range(2, (44_100, 48_000), I16);
        check(&[stereo, mono], Some((48_000, 1, Sample::S16)));
        check(&[stereo], Some((48_000, 2, Sample::S16)));
        check(&[range(1, (44_100, 44_100), I16), stereo], Some((44_100, 1, Sample::S16)));
        check(&[range(1, (48_000, 48_000), F32)], Some((48_000, 1, Sample::F32)));
        check(&[range(1, (96_000, 96_000), I32)], Some((96_000, 1, Sample::S32)));
    }

    #[test]
    fn what_would_have_to_be_converted_is_not_taken() {
        check(&[], None);
        check(&[range(8, (48_000, 48_000), SampleFormat::I16)], None);
        check(&[range(1, (48_000, 48_000), SampleFormat::U8)], None);
    }

    #[test]
    fn only_a_card_s_own_name_names_it() {
        assert_eq!(card_of("hw:CARD=Steth_1,DEV=0"), Some("Steth_1"));
        for other in ["default", "plughw:CARD=Steth,DEV=0", "hw:CARD=0,DEV=0", "sysdefault:CARD=X"]
        {
            assert_eq!(card_of(other), None, "{other}");
        }
        for wrong in ["", "default", "1", "a,b", "Steth DEV", "longer-than-the-kernel"] {
            assert!(matches!(Card::find(wrong), Err(OpenCardError::Name(_))), "{wrong}");
        }
    }

    #[test]
    fn a_card_that_is_not_there_is_away() {
        assert!(matches!(Card::find("NoSuchSteth"), Err(OpenCardError::Away(_))));
    }
}
