//! Messages as the standard and the makers of engines publish them, and what is in them.

use hl7::{Message, Refused};

use crate::round_trip;

/// `where`: "PID-5.1" or "OBX-5[2].1.2", in the first segment of that name.
fn at(message: &Message, path: &str) -> Option<String> {
    let (name, rest) = path.split_once('-').unwrap();
    let mut numbers = rest.split('.');
    let first = numbers.next().unwrap();
    let (field, repetition) = first
        .split_once('[')
        .map_or((first, 1), |(field, rest)| (field, rest.trim_end_matches(']').parse().unwrap()));
    let field = message.segment(name)?.field(field.parse().unwrap());
    let mut part = field.repetitions().nth(repetition - 1)?;
    if let Some(component) = numbers.next() {
        part = part.component(component.parse().unwrap());
    }
    if let Some(subcomponent) = numbers.next() {
        part = part.subcomponent(subcomponent.parse().unwrap());
    }
    part.text().unwrap()
}

#[track_caller]
fn check(lines: &[&str], expected: &[(&str, Option<&str>)]) {
    for end in ["\r", "\r\n", "\n"] {
        let text = lines.join(end);
        for text in [text.clone(), text.clone() + end, text + end + end] {
            round_trip::check(text.as_bytes());
            let message = Message::parse(text.as_bytes()).unwrap();
            assert_eq!(message.segments().count(), lines.len());
            for (path, value) in expected {
                assert_eq!(at(&message, path).as_deref(), *value, "{path}");
            }
        }
    }
}

/// The admission that the chapters on control and on patients show.
#[test]
fn an_admission_of_the_standard() {
    check(
        &[
            r"MSH|^~\&|ADT1|MCM|LABADT|MCM|198808181126|SECURITY|ADT^A01^ADT_A01|MSG00001-|P|2.5",
            "EVN||198808181123",
            "PID|||PATID1234^5^M11^ADT1^MR^MCM~123456789^^^USSSA^SS||JONES^WILLIAM^A^III||19610615|M||2106-3|1200 N ELM STREET^^GREENSBORO^NC^27401-1020|GL|(919)379-1212|(919)271-3434 ||S||PATID12345001^2^M10|123456789|9-87654^NC",
            "NK1|1|JONES^BARBARA^K|SPO^Spouse^HL70063|171 ZOBERLEIN^^ISHPEMING^MI^49849^|",
            "NK1|1|JONES^MICHAEL^A|FTH^Father^HL70063",
            "PV1|1|I|2000^2012^01||||004777^LEBAUER^SIDNEY^J.|||SUR||-||1|A0-",
            "AL1|1||^PENICILLIN||PRODUCES HIVES~RASH",
            "DG1|001|I9|1550|MAL NEO LIVER, PRIMARY|19880501103005|F",
            "ROL|45^RECORDER^ROLE MASTER LIST|AD|CP|KATE^SMITH^ELLEN|199505011201",
        ],
        &[
            ("MSH-1", Some("|")),
            ("MSH-2", Some(r"^~\&")),
            ("MSH-9.2", Some("A01")),
            ("MSH-10", Some("MSG00001-")),
            ("PID-3[2].1", Some("123456789")),
            ("PID-3.5", Some("MR")),
            ("PID-5.4", Some("III")),
            ("PID-2", None),
            ("PID-99", None),
            ("PV1-3.2", Some("2012")),
            ("AL1-5[2]", Some("RASH")),
            ("NK1-4.6", None),
            ("DG1-4", Some("MAL NEO LIVER, PRIMARY")),
        ],
    );
}

/// The laboratory result that HL7 International shows with version 2.x (GHH LAB).
#[test]
fn a_result_of_the_standard() {
    check(
        &[
            r"MSH|^~\&|GHH LAB|ELAB-3|GHH OE|BLDG4|200202150930||ORU^R01|CNTRL-3456|P|2.4",
            "PID|||555-44-4444||EVERYWOMAN^EVE^E^^^^L|JONES|196203520|F|||153 FERNWOOD DR.^^STATESVILLE^OH^35292||(206)3345232|(206)752-121||||AC555444444||67-A4335^OH^20030520",
            "OBR|1|845439^GHH OE|1045813^GHH LAB|1554-5^GLUCOSE|||200202150730||||||||555-55-5555^PRIMARY^PATRICIA P^^^^MD^^LEVEL SEVEN HEALTHCARE, INC.|||||||||F||||||444-44-4444^HIPPOCRATES^HOWARD H^^^^MD",
            "OBX|1|SN|1554-5^GLUCOSE^POST 12H CFST:MCNC:PT:SER/PLAS:QN||^182|mg/dl|70_105|H|||F",
        ],
        &[
            ("OBX-5.1", None),
            ("OBX-5.2", Some("182")),
            ("OBR-16.9", None),
            ("OBR-4.2", Some("GLUCOSE")),
            ("OBX-3.3", Some("POST 12H CFST:MCNC:PT:SER/PLAS:QN")),
            // A birth date of nine digits stands in it, as published.
            ("PID-7", Some("196203520")),
        ],
    );
}

/// Written for this test in the structure of HL7 2.5.1, section 9.6.2.
#[test]
fn a_document_in_the_structure_of_the_standard() {
    check(
        &[
            r"MSH|^~\&|TRANS|GEN|EHR|GEN|200006071120||MDM^T02^MDM_T02|MDM-7|T|2.5.1",
            "EVN|T02|200006071120",
            "PID|1||12345^^^GEN^MR||DOE^JOHN",
            "PV1|1|O",
            "TXA|1|OP^Operative report|TX|200006071119|1173^MATTHEWS^JAMES^A^^^|200006071119|200006071120||1173^MATTHEWS^JAMES^A|||DOC-77^TRANS||||REPORT.1|AU||AV",
            r"OBX|1|TX|OP^Operative report||History: fever \T\ cough.\.br\Plan: 2 \S\ 3||||||F",
        ],
        &[
            ("TXA-12.1", Some("DOC-77")),
            ("TXA-17", Some("AU")),
            ("OBX-5", Some("History: fever & cough.\nPlan: 2 ^ 3")),
        ],
    );
}

#[test]
fn what_nobody_here_thought_of_stays() {
    check(
        &[
            r"MSH|^~\&#|A|B|C|D|2026||ADT^A08|1|P|2.7||||||8859/1",
            r#"PID|1||7^^^H&1.2&ISO^MR||""|""^x|A\Z01\B|\X4D7C\|Cut#|"#,
            "ZPM|a&b^c~d|||",
            "Z99",
        ],
        &[
            ("MSH-2", Some(r"^~\&#")),
            ("PID-3.4.2", Some("1.2")),
            ("PID-5", None),
            ("PID-6.1", None),
            ("PID-7", Some(r"A\Z01\B")),
            ("PID-8", Some("M|")),
            ("PID-9", Some("Cut#")),
            ("ZPM-1.1.2", Some("b")),
            ("ZPM-1[2]", Some("d")),
            ("Z99-1", None),
        ],
    );
}

#[test]
fn a_deletion_and_nothing_are_told_apart() {
    let message = Message::parse(b"MSH|^~\\&|\rPID||\"\"|\"\"\"|").unwrap();
    let pid = message.segment("PID").unwrap();
    assert!(pid.field(1).is_absent() && !pid.field(1).is_deletion());
    assert!(pid.field(2).is_deletion() && !pid.field(2).is_absent());
    assert!(!pid.field(3).is_deletion());
    assert!(pid.field(9).is_absent());
}

#[test]
fn a_line_feed_in_somebodys_text_is_text() {
    let bytes = b"MSH|^~\\&|A\rNTE|1||one\ntwo\rNTE|2\r";
    round_trip::check(bytes);
    let message = Message::parse(bytes).unwrap();
    assert_eq!(at(&message, "NTE-3").as_deref(), Some("one\ntwo"));
}

#[test]
fn what_is_no_single_message_is_refused_by_name() {
    for (text, why) in [
        ("", Refused::NoHeader),
        ("\u{feff}MSH|^~\\&|", Refused::NoHeader),
        ("PID|1", Refused::NoHeader),
        ("MSH", Refused::HeaderCutShort),
        ("FHS|^~\\&|\rMSH|^~\\&|", Refused::Batch("FHS")),
        ("BHS|^~\\&|\rMSH|^~\\&|", Refused::Batch("BHS")),
        ("MSH|^~\\&|\rBTS|1", Refused::Batch("BTS")),
        ("MSH|^~\\&|\rPID|1\r\rMSH|^~\\&|", Refused::SecondHeader { line: 4 }),
        ("MSH|^~\\&|\rpid|1", Refused::SegmentName { line: 2 }),
        ("MSH|^~\\&|\rPI|1", Refused::SegmentName { line: 2 }),
        ("MSH|^~\\&|\rPIDX|1", Refused::SegmentName { line: 2 }),
        ("MSH|^~\\&|\r1ID|1", Refused::SegmentName { line: 2 }),
    ] {
        assert_eq!(Message::parse(text.as_bytes()).unwrap_err(), why, "{text}");
    }
    let long = vec![b'x'; Message::MOST_BYTES + 1];
    assert_eq!(Message::parse(&long).unwrap_err(), Refused::TooLong(Message::MOST_BYTES));
}
