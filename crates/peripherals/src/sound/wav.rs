//! Sound in a file, sample for sample, with a mark wherever some is missing.
//!
//! RIFF WAVE (Microsoft/IBM, 1991): `fmt `, `data`, and for the holes `cue ` with a `labl` each. Holes
//! take no time in the file; the label says how long each one was.

use std::io::{self, Seek, SeekFrom, Write};

use devices::sound::Gap;

use super::{Format, Piece, Sample};

/// A hole, before the frame of this number.
struct Mark {
    frame: u32,
    gap: Gap,
}

pub struct WavWriter<W: Write + Seek> {
    file: W,
    format: Format,
    data: u32,
    marks: Vec<Mark>,
    /// Holes for which there was no mark left.
    unmarked: u64,
}

/// Where the length of the data is written: after RIFF (12), `fmt ` (8 + 16) and "data".
const DATA_LENGTH_AT: u64 = 40;
const HEADER: u32 = 44;
/// Lengths of RIFF have 32 bits; this leaves room for the marks. At 48 kHz mono it is twelve hours.
const MOST_DATA: u32 = u32::MAX - (1 << 20);
/// A recording with more holes is of no use; the last mark says how many there were.
const MARKS: usize = 4096;

impl<W: Write + Seek> WavWriter<W> {
    /// # Errors
    /// The file cannot be written.
    pub fn new(mut file: W, format: Format) -> io::Result<Self> {
        file.write_all(&header(format, 0))?;
        Ok(Self { file, format, data: 0, marks: Vec::new(), unmarked: 0 })
    }

    /// # Errors
    /// The file cannot be written, or is as long as a WAVE file can be.
    pub fn write(&mut self, piece: &Piece) -> io::Result<()> {
        if let Some(gap) = piece.gap {
            self.mark(gap);
        }
        let length = u32::try_from(piece.bytes.len()).ok();
        let data = length.and_then(|length| self.data.checked_add(length));
        let fits = data.filter(|data| *data <= MOST_DATA);
        let data = fits.ok_or_else(|| io::Error::from(io::ErrorKind::FileTooLarge))?;
        self.file.write_all(&piece.bytes)?;
        self.data = data;
        Ok(())
    }

    /// Marks a hole where the sound ends now.
    pub fn mark(&mut self, gap: Gap) {
        if self.marks.len() == MARKS {
            self.unmarked += 1;
            return;
        }
        let frame = u32::try_from(self.format.frame().max(1)).unwrap_or(u32::MAX);
        self.marks.push(Mark { frame: self.data / frame, gap });
    }

    /// Writes the marks and the lengths.
    ///
    /// # Errors
    /// The file cannot be written.
    pub fn finish(mut self) -> io::Result<W> {
        if self.data % 2 == 1 {
            self.file.write_all(&[0])?;
        }
        let marks = self.mark_chunks();
        self.file.write_all(&marks)?;
        let marks = u32::try_from(marks.len()).unwrap_or(u32::MAX);
        let riff = HEADER - 8 + self.data + self.data % 2 + marks;
        self.file.seek(SeekFrom::Start(4))?;
        self.file.write_all(&riff.to_le_bytes())?;
        self.file.seek(SeekFrom::Start(DATA_LENGTH_AT))?;
        self.file.write_all(&self.data.to_le_bytes())?;
        self.file.flush()?;
        Ok(self.file)
    }

    fn mark_chunks(&self) -> Vec<u8> {
        if self.marks.is_empty() {
            return Vec::new();
        }
        let mut points = count(self.marks.len()).to_vec();
        let mut labels = b"adtl".to_vec();
        for (at, mark) in self.marks.iter().enumerate() {
            let id = count(at + 1);
            points.extend([id, mark.frame.to_le_bytes(), *b"data"].concat());
            points.extend([[0; 4], [0; 4], mark.frame.to_le_bytes()].concat());
            let mut label = id.to_vec();
            label.extend(self.label(at, mark).as_bytes());
            label.push(0);
            labels.extend(chunk(*b"labl", &label));
        }
        [chunk(*b"cue ", &points), chunk(*b"LIST", &labels)].concat()
    }

    fn label(&self, at: usize, Mark { gap, .. }: &Mark) -> String {
        let more = match self.unmarked {
            unmarked if unmarked > 0 && at + 1 == MARKS => format!(", and {unmarked} more gaps"),
            _ => String::new(),
        };
        format!("gap of {} samples: {}{more}", gap.missing, gap.cause)
    }
}

fn count(count: usize) -> [u8; 4] {
    u32::try_from(count).unwrap_or(u32::MAX).to_le_bytes()
}

/// A name, a length, and the body made even.
fn chunk(name: [u8; 4], body: &[u8]) -> Vec<u8> {
    let mut bytes = [name, count(body.len())].concat();
    bytes.extend(body);
    if body.len() % 2 == 1 {
        bytes.push(0);
    }
    bytes
}

fn header(format: Format, data: u32) -> Vec<u8> {
    // WAVE_FORMAT_PCM and WAVE_FORMAT_IEEE_FLOAT.
    let tag: u16 = match format.sample {
        Sample::S16 | Sample::S32 => 1,
        Sample::F32 => 3,
    };
    let frame = u16::try_from(format.frame()).unwrap_or(u16::MAX);
    let bits = u16::try_from(format.sample.bytes() * 8).unwrap_or(u16::MAX);
    let mut fmt = [tag.to_le_bytes(), format.channels.to_le_bytes()].concat();
    fmt.extend(format.rate.to_le_bytes());
    fmt.extend((format.rate * u32::from(frame)).to_le_bytes());
    fmt.extend([frame.to_le_bytes(), bits.to_le_bytes()].concat());
    let mut bytes = b"RIFF".to_vec();
    bytes.extend((HEADER - 8 + data).to_le_bytes());
    bytes.extend(b"WAVE");
    bytes.extend(chunk(*b"fmt ", &fmt));
    bytes.extend(b"data");
    bytes.extend(data.to_le_bytes());
    bytes
}

#[cfg(test)]
mod tests;
