//! JSON as strict as RFC 8259 lets a reader be: every byte accounted for, no name twice in an object.
//!
//! Numbers stay their digits. The bounds keep what somebody else wrote from becoming memory or stack.

use std::borrow::Cow;

use super::Refused;

/// FHIR nests a dozen levels; a questionnaire of a hospital three times as many.
const DEEPEST: usize = 128;
/// Of a bundle with ten thousand resources.
const MOST_VALUES: usize = 1_000_000;

#[derive(Debug, PartialEq, Eq)]
pub enum Json<'a> {
    Null,
    Bool,
    Number(&'a str),
    Text(Cow<'a, str>),
    List(Vec<Json<'a>>),
    Object(Vec<(Cow<'a, str>, Json<'a>)>),
}

impl<'a> Json<'a> {
    /// # Errors
    /// Where it is no JSON, and why.
    pub fn read(text: &'a str) -> Result<Self, Refused> {
        let mut reader = Reader { text, at: 0, values: 0 };
        let value = reader.value(0)?;
        reader.skip_space();
        if reader.at < text.len() {
            Err(reader.wrong("something follows the end"))
        } else {
            Ok(value)
        }
    }

    /// The member of an object; of anything else there is none.
    pub fn get(&self, name: &str) -> Option<&Self> {
        match self {
            Self::Object(members) => {
                members.iter().find(|(key, _)| key == name).map(|(_, value)| value)
            }
            _ => None,
        }
    }

    pub fn text(&self) -> Option<&str> {
        match self {
            Self::Text(text) => Some(text),
            _ => None,
        }
    }
}

struct Reader<'a> {
    text: &'a str,
    /// In bytes.
    at: usize,
    values: usize,
}

impl<'a> Reader<'a> {
    fn value(&mut self, depth: usize) -> Result<Json<'a>, Refused> {
        self.values += 1;
        if depth > DEEPEST {
            return Err(self.wrong("it is nested too deep"));
        }
        if self.values > MOST_VALUES {
            return Err(self.wrong("it has too many values"));
        }
        self.skip_space();
        match self.peek() {
            Some(b'{') => self.object(depth),
            Some(b'[') => self.list(depth),
            Some(b'"') => self.string().map(Json::Text),
            Some(b'-' | b'0'..=b'9') => self.number(),
            Some(b't') => self.word("true", Json::Bool),
            Some(b'f') => self.word("false", Json::Bool),
            Some(b'n') => self.word("null", Json::Null),
            Some(_) => Err(self.wrong("no value begins so")),
            None => Err(self.wrong("it ends too early")),
        }
    }

    fn object(&mut self, depth: usize) -> Result<Json<'a>, Refused> {
        let begin = self.at;
        let mut members = Vec::new();
        self.at += 1;
        self.skip_space();
        if !self.takes(b'}') {
            loop {
                self.skip_space();
                let name = self.string()?;
                self.skip_space();
                self.expect(b':')?;
                members.push((name, self.value(depth + 1)?));
                self.skip_space();
                if self.takes(b'}') {
                    break;
                }
                self.expect(b',')?;
            }
        }
        let mut names: Vec<&str> = members.iter().map(|(name, _)| &**name).collect();
        names.sort_unstable();
        match names.windows(2).find(|pair| pair[0] == pair[1]) {
            Some(pair) => Err(Refused::Twice { at: begin, name: pair[0].to_owned() }),
            None => Ok(Json::Object(members)),
        }
    }

    fn list(&mut self, depth: usize) -> Result<Json<'a>, Refused> {
        let mut values = Vec::new();
        self.at += 1;
        self.skip_space();
        if self.takes(b']') {
            return Ok(Json::List(values));
        }
        loop {
            values.push(self.value(depth + 1)?);
            self.skip_space();
            if self.takes(b']') {
                return Ok(Json::List(values));
            }
            self.expect(b',')?;
        }
    }

    /// Borrowed as long as nothing in it is escaped.
    fn string(&mut self) -> Result<Cow<'a, str>, Refused> {
        self.expect(b'"')?;
        let mut text = Cow::Borrowed("");
        let mut begin = self.at;
        loop {
            match self.peek() {
                Some(b'"') => {
                    text += &self.text[begin..self.at];
                    self.at += 1;
                    return Ok(text);
                }
                Some(b'\\') => {
                    text += &self.text[begin..self.at];
                    text.to_mut().push(self.escaped()?);
                    begin = self.at;
                }
                Some(0..0x20) => return Err(self.wrong("a control character in a string")),
                Some(_) => self.at += 1,
                None => return Err(self.wrong("a string does not end")),
            }
        }
    }

    fn escaped(&mut self) -> Result<char, Refused> {
        self.at += 1;
        let letter = self.peek();
        self.at += 1;
        Ok(match letter {
            Some(same @ (b'"' | b'\\' | b'/')) => char::from(same),
            Some(b'b') => '\u{8}',
            Some(b'f') => '\u{c}',
            Some(b'n') => '\n',
            Some(b'r') => '\r',
            Some(b't') => '\t',
            Some(b'u') => return self.unicode(),
            _ => {
                // Not behind the last byte, nor within a character.
                self.at -= 1;
                return Err(self.wrong("an escape that JSON does not have"));
            }
        })
    }

    /// Beyond the first plane two halves make a character; one alone makes none.
    fn unicode(&mut self) -> Result<char, Refused> {
        let first = self.unit()?;
        let code = match first {
            0xD800..=0xDBFF => {
                let second = if self.text[self.at..].starts_with("\\u") {
                    self.at += 2;
                    self.unit()?
                } else {
                    0
                };
                match second {
                    0xDC00..=0xDFFF => 0x10000 + ((first - 0xD800) << 10) + (second - 0xDC00),
                    _ => first,
                }
            }
            code => code,
        };
        char::from_u32(code).ok_or_else(|| self.wrong("half a character"))
    }

    fn unit(&mut self) -> Result<u32, Refused> {
        let digits = self.text.get(self.at..self.at + 4);
        let digits = digits.filter(|digits| digits.bytes().all(|digit| digit.is_ascii_hexdigit()));
        let unit = digits.and_then(|digits| u32::from_str_radix(digits, 16).ok());
        let unit = unit.ok_or_else(|| self.wrong("an escape without four digits"))?;
        self.at += 4;
        Ok(unit)
    }

    /// Kept as it is written: 37.60 is not 37.6, and no digit is too many.
    fn number(&mut self) -> Result<Json<'a>, Refused> {
        let begin = self.at;
        self.takes(b'-');
        if !self.takes(b'0') {
            self.digits()?;
        }
        if self.takes(b'.') {
            self.digits()?;
        }
        if self.takes(b'e') || self.takes(b'E') {
            let _signed = self.takes(b'+') || self.takes(b'-');
            self.digits()?;
        }
        if self.peek().is_some_and(|byte| byte.is_ascii_alphanumeric()) {
            return Err(self.wrong("a number that JSON does not have"));
        }
        Ok(Json::Number(&self.text[begin..self.at]))
    }

    fn digits(&mut self) -> Result<(), Refused> {
        let begin = self.at;
        while self.peek().is_some_and(|byte| byte.is_ascii_digit()) {
            self.at += 1;
        }
        if self.at == begin { Err(self.wrong("a digit is missing")) } else { Ok(()) }
    }

    fn word(&mut self, word: &str, value: Json<'a>) -> Result<Json<'a>, Refused> {
        if !self.text[self.at..].starts_with(word) {
            return Err(self.wrong("no value begins so"));
        }
        self.at += word.len();
        Ok(value)
    }

    fn peek(&self) -> Option<u8> {
        self.text.as_bytes().get(self.at).copied()
    }

    fn skip_space(&mut self) {
        while matches!(self.peek(), Some(b' ' | b'\t' | b'\n' | b'\r')) {
            self.at += 1;
        }
    }

    fn takes(&mut self, byte: u8) -> bool {
        let found = self.peek() == Some(byte);
        self.at += usize::from(found);
        found
    }

    fn expect(&mut self, byte: u8) -> Result<(), Refused> {
        let why = match byte {
            b'"' => "a name in quotation marks is missing",
            b':' => "a colon is missing",
            _ => "a comma or an end is missing",
        };
        if self.takes(byte) { Ok(()) } else { Err(self.wrong(why)) }
    }

    fn wrong(&self, why: &'static str) -> Refused {
        Refused::NotJson { at: self.at, why }
    }
}
