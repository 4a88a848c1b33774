//! Acknowledgements that go and that come.

use hl7::{Acknowledgement, Answer, Message, Refused, Verdict, acknowledge, adt};

use crate::visit::TIME;

const ADMISSION: &str = "MSH|^~\\&|ADT1|MCM|LABADT|MCM|198808181126|SECURITY|ADT^A01|MSG00001|P|2.5.1\r\
                         PID|1||1^^^MCM^MR||JONES^WILLIAM\r";

fn acknowledged(came: Option<&str>, answer: Answer<'_>) -> String {
    let came = came.map(|text| Message::parse(text.as_bytes()).unwrap());
    let bytes = acknowledge(came.as_ref(), answer, "ACK1", TIME);
    Message::parse(&bytes).unwrap();
    String::from_utf8(bytes).unwrap().replace('\r', "\n")
}

#[test]
fn what_is_kept_is_accepted_with_the_parties_changed_over() {
    assert_eq!(
        acknowledged(Some(ADMISSION), Answer::Accepted),
        "MSH|^~\\&|LABADT|MCM|ADT1|MCM|20261122074200.007+0000||ACK^A01^ACK|ACK1|P|2.5.1\n\
         MSA|AA|MSG00001\n"
    );
}

#[test]
fn what_is_malformed_is_an_error_and_what_is_not_handled_is_rejected() {
    let nobody = Message::parse(b"MSH|^~\\&|A|B|C|D|1||ADT^A01|7|P|2.5.1\rPID|1\r").unwrap();
    let why = adt(&nobody).unwrap_err();
    assert!(acknowledged(Some(ADMISSION), Answer::Refused(&why)).ends_with(
        "MSA|AE|MSG00001|PID-3 is missing\n\
         ERR|||101^Required field missing^HL70357|E||||PID-3 is missing\n"
    ));
    let order = Message::parse(b"MSH|^~\\&|A|B|C|D|1||ORM^O01|7|P|2.5.1\r").unwrap();
    let why = adt(&order).unwrap_err();
    assert!(acknowledged(Some(ADMISSION), Answer::Refused(&why)).ends_with(
        "MSA|AR|MSG00001|ORM O01 is not handled here\n\
         ERR|||201^Unsupported event code^HL70357|E||||ORM O01 is not handled here\n"
    ));
}

#[test]
fn an_answer_speaks_the_delimiters_and_the_version_of_who_asked() {
    let old = ADMISSION.replace('|', "$").replace('^', "%").replace("2.5.1", "2.3");
    let said = acknowledged(Some(&old), Answer::NotNow);
    assert!(said.starts_with("MSH$%~\\&$LABADT$MCM$ADT1$MCM$"), "{said}");
    assert!(said.contains("$ACK%A01%ACK$ACK1$P$2.3\n"), "{said}");
    // Before 2.5 an ERR looked otherwise.
    assert!(
        said.ends_with("MSA$AR$MSG00001$It could not be stored now. Send it again.\n"),
        "{said}"
    );
}

#[test]
fn bytes_that_are_no_message_are_refused_without_a_number() {
    let said = acknowledged(None, Answer::Refused(&Refused::NoHeader));
    assert!(
        said.contains("||ACK|ACK1|P|2.5.1\nMSA|AE||it does not begin with MSH\nERR|"),
        "{said}"
    );
}

fn check(lines: &str, expected: Result<Verdict, Refused>) {
    let text = format!("MSH|^~\\&|A|B|C|D|1||ACK|9|P|2.5.1\r{lines}");
    let read = Acknowledgement::read(&Message::parse(text.as_bytes()).unwrap());
    assert_eq!(read.map(|said| said.verdict("SENT")), expected, "{lines}");
}

#[test]
fn each_code_has_its_consequence() {
    let never = |why: &str| Ok(Verdict::Never(why.into()));
    check("MSA|AA|SENT", Ok(Verdict::Taken));
    check("MSA|CA|SENT", Ok(Verdict::Taken));
    check("MSA|AE|SENT|no such patient", never("no such patient"));
    check("MSA|AR|SENT", never("AR"));
    check("MSA|CE|SENT", never("CE"));
    check(
        "MSA|CR|SENT\rERR|||200^Unsupported message type^HL70357|E",
        never("Unsupported message type"),
    );
    check(
        "MSA|AR|SENT\rERR|||207^Internal^HL70357|E||||Queue full",
        Ok(Verdict::Later("Queue full".into())),
    );
    check("MSA|AE|SENT|locked\rERR|||206^Locked^HL70357|E", Ok(Verdict::Later("locked".into())));
    check("MSA|AA|OTHER", Ok(Verdict::NotAboutThis));
}

#[test]
fn what_is_no_acknowledgement_says_nothing() {
    check("PID|1", Err(Refused::Missing("MSA")));
    check("MSA|AA", Err(Refused::Missing("MSA-2")));
    check("MSA||SENT", Err(Refused::Missing("MSA-1")));
    let expected = "acknowledgement code";
    check("MSA|OK|SENT", Err(Refused::Malformed { field: "MSA-1", expected }));
}
