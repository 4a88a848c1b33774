//! Acknowledgements: ours for what comes, and the receiver's for what we sent (HL7 2.5.1, section 2.9).

use clinical::Timestamp;

use crate::{
    Delimiters, Message, Refused,
    escape::{Lines, escape},
    write::time,
};

/// MSA-1, HL7 table 0008. The first three are of the application that is meant, the others of whoever
/// keeps messages for it (enhanced mode).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Code {
    ApplicationAccept,
    ApplicationError,
    ApplicationReject,
    CommitAccept,
    CommitError,
    CommitReject,
}

/// What a receiver says about a message.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Acknowledgement {
    pub code: Code,
    /// MSA-2: MSH-10 of the message that it is about.
    pub of: String,
    /// ERR-3.1, HL7 table 0357, of the first error.
    pub condition: Option<String>,
    /// In the receiver's words: ERR-8, MSA-3 or the text of the condition.
    pub reason: Option<String>,
}

/// What follows from it for the sender.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// It is delivered, or kept for good by who delivers it.
    Taken,
    /// The receiver has trouble of its own: the same message again, later.
    Later(String),
    /// The same message would be refused again.
    Never(String),
    /// It is about another message, and says nothing about this one.
    NotAboutThis,
}

impl Acknowledgement {
    /// # Errors
    /// It is no acknowledgement, or does not say of what.
    pub fn read(message: &Message) -> Result<Self, Refused> {
        let about = message.segment("MSA").ok_or(Refused::Missing("MSA"))?;
        let code = about.field(1).read("MSA-1")?.ok_or(Refused::Missing("MSA-1"))?;
        let of = about.field(2).read("MSA-2")?.ok_or(Refused::Missing("MSA-2"))?;
        // What an error says more is help for a person: unreadable, it is left out.
        let error = message.segment("ERR");
        let said = |field: usize, component| {
            error?.field(field).component(component).text().ok().flatten()
        };
        let words = about.field(3).text().ok().flatten();
        let reason = said(8, 1).or(words).or_else(|| said(3, 2));
        Ok(Self { code: Code::read(&code)?, of, condition: said(3, 1), reason })
    }

    /// About the message that was sent with this control id.
    pub fn verdict(&self, control_id: &str) -> Verdict {
        if self.of != control_id {
            return Verdict::NotAboutThis;
        }
        let reason = || self.reason.clone().unwrap_or_else(|| self.code.letters().to_owned());
        match self.code {
            Code::ApplicationAccept | Code::CommitAccept => Verdict::Taken,
            // Table 0357: the record is locked; an internal error.
            _ if matches!(self.condition.as_deref(), Some("206" | "207")) => {
                Verdict::Later(reason())
            }
            Code::ApplicationError
            | Code::ApplicationReject
            | Code::CommitError
            | Code::CommitReject => Verdict::Never(reason()),
        }
    }
}

impl Code {
    const ALL: [Self; 6] = [
        Self::ApplicationAccept,
        Self::ApplicationError,
        Self::ApplicationReject,
        Self::CommitAccept,
        Self::CommitError,
        Self::CommitReject,
    ];

    fn read(letters: &str) -> Result<Self, Refused> {
        let found = Self::ALL.into_iter().find(|code| code.letters() == letters);
        found.ok_or(Refused::Malformed { field: "MSA-1", expected: "acknowledgement code" })
    }

    pub fn letters(self) -> &'static str {
        match self {
            Self::ApplicationAccept => "AA",
            Self::ApplicationError => "AE",
            Self::ApplicationReject => "AR",
            Self::CommitAccept => "CA",
            Self::CommitError => "CE",
            Self::CommitReject => "CR",
        }
    }
}

/// What we say to a sender.
#[derive(Clone, Copy, Debug)]
pub enum Answer<'a> {
    /// AA: it is kept.
    Accepted,
    /// AE, or AR for a kind of message that is not handled here.
    Refused(&'a Refused),
    /// AR with condition 207: it could not be kept now.
    NotNow,
}

/// In the delimiters of the message that came, with its parties changed over. `came` is `None` if the
/// bytes were no message: the sender's own number is then unknown, and MSA-2 stays absent. `control_id`
/// is the acknowledgement's own.
pub fn acknowledge(
    came: Option<&Message>,
    answer: Answer<'_>,
    control_id: &str,
    at: Timestamp,
) -> Vec<u8> {
    let of = came.map_or(&Delimiters::USUAL, Message::delimiters);
    let reply = Reply { came, of };
    let (code, condition, words) = match answer {
        Answer::Accepted => (Code::ApplicationAccept, None, String::new()),
        Answer::Refused(why) => {
            let code = match why {
                Refused::NotHandled(_) => Code::ApplicationReject,
                _ => Code::ApplicationError,
            };
            (code, Some(why.condition()), why.to_string())
        }
        Answer::NotNow => {
            let words = "It could not be stored now. Send it again.".to_owned();
            (Code::ApplicationReject, Some(("207", "Application internal error")), words)
        }
    };
    let words = escape(&words, Lines::Bytes, of).into_bytes();
    let mut written = reply.header(control_id, at);
    let about = [code.letters().as_bytes().to_vec(), reply.field(10), words.clone()];
    reply.push(&mut written, "MSA", &about);
    if let Some((number, text)) = condition.filter(|_| reply.has_errors()) {
        let condition = reply.components(&[number, text, "HL70357"]);
        let none = Vec::new;
        let error = [none(), none(), condition, b"E".to_vec(), none(), none(), none(), words];
        reply.push(&mut written, "ERR", &error);
    }
    written
}

struct Reply<'a> {
    came: Option<&'a Message>,
    of: &'a Delimiters,
}

impl Reply<'_> {
    fn header(&self, control_id: &str, at: Timestamp) -> Vec<u8> {
        let event = self.came.map_or(&[][..], |came| came.header().field(9).component(2).raw());
        let ack = [b"ACK", event, b"ACK"].join(&self.of.component);
        let kind = if event.is_empty() { b"ACK".to_vec() } else { ack };
        let or = |number, otherwise: &str| {
            let field = self.field(number);
            if field.is_empty() { self.components(&[otherwise]) } else { field }
        };
        let mut fields = vec![
            self.declared(),
            self.field(5),
            self.field(6),
            self.field(3),
            self.field(4),
            self.components(&[&time(at)]),
            Vec::new(),
            kind,
            control_id.as_bytes().to_vec(),
            or(11, "P"),
            or(12, "2.5.1"),
        ];
        let charset = self.field(18);
        if !charset.is_empty() {
            fields.resize(16, Vec::new());
            fields.push(charset);
        }
        let mut written = Vec::new();
        self.push(&mut written, "MSH", &fields);
        written
    }

    /// As it came: the delimiters and the character set are the same.
    fn field(&self, number: usize) -> Vec<u8> {
        self.came.map_or_else(Vec::new, |came| came.header().field(number).raw().to_vec())
    }

    fn declared(&self) -> Vec<u8> {
        self.came.map_or_else(|| b"^~\\&".to_vec(), |came| came.header().field(2).raw().to_vec())
    }

    /// An ERR of this shape is there since version 2.5; before, MSA-3 has the words.
    fn has_errors(&self) -> bool {
        let version = self.field(12);
        self.came.is_none()
            || [b"2.5", b"2.6", b"2.7", b"2.8", b"2.9"].iter().any(|of| version.starts_with(*of))
    }

    fn components(&self, parts: &[&str]) -> Vec<u8> {
        let parts: Vec<_> = parts.iter().map(|part| escape(part, Lines::Bytes, self.of)).collect();
        parts.join(char::from(self.of.component).encode_utf8(&mut [0; 4])).into_bytes()
    }

    fn push(&self, to: &mut Vec<u8>, name: &str, fields: &[Vec<u8>]) {
        let last = fields.iter().rposition(|field| !field.is_empty()).map_or(0, |last| last + 1);
        to.extend_from_slice(name.as_bytes());
        for field in &fields[..last] {
            to.push(self.of.field);
            to.extend_from_slice(field);
        }
        to.push(b'\r');
    }
}
