//! What others make of our messages: python-hl7's MLLP server and hl7apy's validation.

use std::{
    io::{BufRead as _, BufReader, Read as _, Write as _},
    net::TcpStream,
    process::{Child, ChildStdout, Stdio},
};

use hl7::{
    Acknowledgement, Message, Outgoing, Verdict,
    mllp::{Decoder, Unit, frame},
};

use crate::{
    python::program,
    visit::{blood_pressure, consciousness, note, oxygen_saturation, receipt, still, temperature},
};

/// The engine, as long as this lives, and a connection to it.
struct Engine {
    child: Child,
    said: BufReader<ChildStdout>,
    connection: TcpStream,
    decoder: Decoder,
}

impl Engine {
    fn start() -> Self {
        let mut server = program("hl7_server.py", &["hl7==0.4.5", "hl7apy==1.3.5"]);
        let mut child = server.stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().unwrap();
        let mut said = BufReader::new(child.stdout.take().unwrap());
        let mut port = String::new();
        said.read_line(&mut port).unwrap();
        let port: u16 = port.trim().parse().expect("it listens; if not, it has said why");
        let connection = TcpStream::connect(("127.0.0.1", port)).unwrap();
        Self { child, said, connection, decoder: Decoder::new(Message::MOST_BYTES) }
    }

    /// What it understood, and its acknowledgement.
    fn send(&mut self, bytes: &[u8]) -> (String, Acknowledgement) {
        self.connection.write_all(&frame(bytes).unwrap()).unwrap();
        let mut seen = String::new();
        self.said.read_line(&mut seen).unwrap();
        let mut chunk = [0; 7];
        loop {
            let count = self.connection.read(&mut chunk).unwrap();
            assert!(count > 0, "it hung up: {seen}");
            if let Some(Unit::Message(reply)) = self.decoder.push(&chunk[..count]).pop() {
                let reply = Message::parse(&reply).unwrap();
                return (seen, Acknowledgement::read(&reply).unwrap());
            }
        }
    }

    #[track_caller]
    fn takes(&mut self, sent: &Outgoing, read: &[&str]) {
        let (seen, said) = self.send(&sent.bytes);
        assert!(seen.contains("\"wrong\": null"), "{seen}");
        assert_eq!(said.verdict(&sent.control_id), Verdict::Taken, "{seen}");
        assert!(seen.contains(&sent.control_id), "{seen}");
        for part in read {
            assert!(seen.contains(part), "{part} is not in {seen}");
        }
    }
}

impl Drop for Engine {
    fn drop(&mut self) {
        // One that has ended by itself is as good.
        drop(self.child.kill());
        drop(self.child.wait());
    }
}

#[test]
fn an_engine_validates_and_accepts_whatever_is_sent() {
    let mut engine = Engine::start();
    let values = [r#""NM", "8480-6^Systolic blood pressure^LN^"#, r#""128", "mm[Hg]^mmHg^UCUM""#];
    engine.takes(&blood_pressure(), &values);
    engine.takes(&oxygen_saturation(), &[r#""97", "%^%^UCUM""#]);
    engine.takes(&temperature(), &[r#""37.60", "Cel^\u00b0C^UCUM""#, "Okafor^Grace"]);
    engine.takes(&consciousness(), &["130987000^Acute confusion^SCT"]);
    let text = r#"Lungs clear | 37.6 \u00b0C & rising.\rPlan: C:\\x ~ \"^\" tomorrow."#;
    engine.takes(&note(), &[text]);
    engine.takes(&receipt(), &["34133-9^Summary of episode note^LN", r"\rRecorded: 2, of which"]);
    engine.takes(&still(), &["BEDSIDE^IM^JPEG^Base64^/9j/2Q=="]);
}

#[test]
fn a_message_without_its_order_is_refused_by_the_engine_and_never_sent_again() {
    let mut engine = Engine::start();
    let sent = oxygen_saturation();
    let text = String::from_utf8(sent.bytes).unwrap();
    let lines = text.split_inclusive('\r').filter(|line| !line.starts_with("OBR"));
    let (seen, said) = engine.send(lines.collect::<String>().as_bytes());
    assert!(!seen.contains("\"wrong\": null"), "{seen}");
    assert_eq!(said.verdict(&sent.control_id), Verdict::Never("AE".into()));
    assert_eq!(said.verdict("another"), Verdict::NotAboutThis);
}
