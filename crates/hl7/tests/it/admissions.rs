//! What is read of admissions, transfers and merges, and why some of them are refused.

use clinical::Sex;
use hl7::{Adt, Event, Identifier, Message, Place, Refused, Stay, Unreadable, adt};

fn read(event: &str, lines: &str) -> Result<Adt, Refused> {
    read_bytes(event, "", lines.as_bytes())
}

fn read_bytes(event: &str, charset: &str, lines: &[u8]) -> Result<Adt, Refused> {
    let header =
        format!("MSH|^~\\&|ADT|GEN|BEDSIDE|WARD|20261122||{event}|77|P|2.5.1||||||{charset}\r");
    adt(&Message::parse(&[header.as_bytes(), lines].concat()).unwrap())
}

fn stay(adt: Adt) -> Stay {
    match adt {
        Adt::Stay(stay) => *stay,
        Adt::Merge(_) => panic!("a merge"),
    }
}

fn number(system: &str, number: &str, kind: &str) -> Identifier {
    let some = |text: &str| Some(text.to_owned()).filter(|text| !text.is_empty());
    Identifier { system: some(system), number: number.into(), kind: some(kind) }
}

const PID: &str = "PID|1||100234^^^HOSP&1.2.36&ISO^MR~999^^^SSA&&^SS~A7^^^&http://x.org/ids&URI^PI~^^^EMPTY||\
                   Okafor^Grace^Ada^^^^N~Okafor-Bell&Bell^Grace^^^^^L||195803141200|F";

#[test]
fn a_patient_has_every_number_with_its_system_and_the_legal_name() {
    let patient = stay(read("ADT^A01^ADT_A01", PID).unwrap()).patient;
    let numbers = [
        number("urn:oid:1.2.36", "100234", "MR"),
        number("SSA", "999", "SS"),
        number("http://x.org/ids", "A7", "PI"),
    ];
    assert_eq!(patient.identifiers, numbers);
    assert_eq!((patient.family.as_str(), patient.given.as_deref()), ("Okafor-Bell", Some("Grace")));
    assert_eq!(patient.birth_date.as_deref(), Some("1958-03-14"));
    assert_eq!(patient.sex, Sex::Female);
    assert!(!format!("{patient:?}").contains("Okafor"));
}

#[test]
fn a_visit_has_number_class_and_place() {
    let pv1 = "\rPV1|1|I|3E^12^B^GEN&x|||||||||||||||||V77^^^VISITS^VN";
    let pv1 = pv1.replace("||||||||||||||||V77", "|||||||||||||||V77");
    let visit = stay(read("ADT^A01", &format!("{PID}{pv1}")).unwrap()).visit.unwrap();
    assert_eq!(visit.number, Some(number("VISITS", "V77", "VN")));
    assert_eq!(visit.class.as_deref(), Some("I"));
    let some = |text: &str| Some(text.to_owned());
    let place = Place { unit: some("3E"), room: some("12"), bed: some("B"), facility: some("GEN") };
    assert_eq!(visit.place, Some(place));
    let empty = stay(read("ADT^A01", &format!("{PID}\rPV1|1|\"\"|^^")).unwrap()).visit.unwrap();
    assert_eq!((empty.class, empty.place, empty.number), (None, None, None));
}

#[test]
fn each_event_is_told_apart() {
    for (code, event) in [
        ("ADT^A01", Event::Admitted),
        ("ADT^A03^ADT_A03", Event::Discharged),
        ("ADT^A04", Event::Registered),
        ("ADT^A08", Event::Updated),
    ] {
        assert_eq!(stay(read(code, PID).unwrap()).event, event, "{code}");
    }
}

#[test]
fn a_merge_names_the_numbers_before_for_each_patient() {
    let text = format!("EVN||1\r{PID}\rMRG|5^^^HOSP^MR~6^^^HOSP\r{PID}\rMRG|7");
    let Adt::Merge(merges) = read("ADT^A40^ADT_A39", &text).unwrap() else { panic!("a stay") };
    assert_eq!(merges.len(), 2);
    assert_eq!(merges[0].prior, [number("HOSP", "5", "MR"), number("HOSP", "6", "")]);
    assert_eq!(merges[1].prior, [number("", "7", "")]);
    assert_eq!(merges[1].patient.identifiers.len(), 3);
}

#[test]
fn a_name_is_read_in_the_character_set_that_is_named() {
    let name = |charset, bytes: &[u8]| {
        let line = [b"PID|||1||", bytes, b"^X"].concat();
        read_bytes("ADT^A04", charset, &line).map(|adt| stay(adt).patient.family)
    };
    let unreadable = |why| Err(Refused::Unreadable { field: "PID-5", why });
    assert_eq!(name("8859/1", b"M\xFCller"), Ok("Müller".into()));
    assert_eq!(name("UNICODE UTF-8", "Müller".as_bytes()), Ok("Müller".into()));
    assert_eq!(name("8859/1~UNICODE", b"M\\XFC\\ller"), Ok("Müller".into()));
    assert_eq!(name("", b"O\\T\\Neil"), Ok("O&Neil".into()));
    assert_eq!(name("", b"M\xFCller"), unreadable(Unreadable::NoCharacterSet));
    assert_eq!(name("UNICODE UTF-8", b"M\xFCller"), unreadable(Unreadable::NotInCharacterSet));
    assert_eq!(name("GB 18030-2000", b"M\xFCller"), unreadable(Unreadable::UnknownCharacterSet));
}

fn check(event: &str, lines: &str, why: &str) {
    assert_eq!(read(event, lines).unwrap_err().to_string(), why, "{event} {lines}");
}

#[test]
fn who_does_not_say_who_is_meant_is_told_what_is_missing() {
    check("ADT^A01", "PV1|1|I", "PID is missing");
    check("ADT^A01", "PID|1||||Okafor", "PID-3 is missing");
    check("ADT^A01", "PID|1||^^^HOSP^MR||Okafor", "PID-3 is missing");
    check("ADT^A01", "PID|1||\"\"||Okafor", "PID-3 is missing");
    check("ADT^A01", "PID|1||1||^Grace", "PID-5 is missing");
    check("ADT^A01", "PID|1||1||Okafor||14.3.1958", "PID-7 is no date");
    check("ADT^A40", "PID|1||1||Okafor", "MRG is missing");
    check("ADT^A40", "PID|1||1||Okafor\rMRG|", "MRG-1 is missing");
    check("ADT^A40", "PID|1||1||Okafor\rPID|1||1||Okafor\rMRG|2", "MRG is missing");
    check("ADT^A40", "MRG|2", "PID is missing");
    check("ADT^A40", "EVN|1", "PID is missing");
    check("ADT^A05", PID, "ADT A05 is not handled here");
    check("ORU^R01", PID, "ORU R01 is not handled here");
    check("Grace Okafor, born in 1958^\\X0D\\", PID, "GraceOka is not handled here");
    check("", PID, "MSH-9 is missing");
}
