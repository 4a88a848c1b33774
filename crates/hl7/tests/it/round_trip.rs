//! Any message keeps its bytes, and no bytes do harm.

use hl7::{Acknowledgement, Message, Part, adt};
use proptest::prelude::*;

/// Everything that can be asked of a message; the bytes of all its parts, joined again.
fn rejoined(message: &Message) -> Vec<Vec<u8>> {
    message
        .segments()
        .map(|segment| {
            let mut parts = vec![segment.name().to_vec()];
            let header = segment.name() == b"MSH";
            let from = if header { 2 } else { 1 };
            parts.extend(
                (from..=segment.last_field()).map(|number| field(message, segment.field(number))),
            );
            parts.join(&message.delimiters().field)
        })
        .collect()
}

fn field(message: &Message, field: Part<'_>) -> Vec<u8> {
    drop(field.text());
    let of = message.delimiters();
    let repetitions: Vec<_> = field
        .repetitions()
        .map(|repetition| {
            let count = repetition.raw().iter().filter(|byte| **byte == of.component).count() + 1;
            let components: Vec<_> =
                (1..=count).map(|number| repetition.component(number)).collect();
            // The encoding characters have none.
            if components[0].raw().len() == repetition.raw().len() {
                return repetition.raw().to_vec();
            }
            components
                .iter()
                .map(|component| subcomponents(message, *component))
                .collect::<Vec<_>>()
                .join(&of.component)
        })
        .collect();
    repetitions.join(&of.repetition.unwrap_or_default())
}

fn subcomponents(message: &Message, component: Part<'_>) -> Vec<u8> {
    drop(component.text());
    let Some(separator) = message.delimiters().subcomponent else {
        return component.raw().to_vec();
    };
    let count = component.raw().iter().filter(|byte| **byte == separator).count() + 1;
    let parts: Vec<_> = (1..=count).map(|number| component.subcomponent(number).raw()).collect();
    parts.join(&separator)
}

/// Every segment, and nothing between them but ends of lines.
#[track_caller]
pub fn check(bytes: &[u8]) {
    let message = Message::parse(bytes).unwrap();
    assert_eq!(message.bytes(), bytes);
    let raw: Vec<&[u8]> = message.segments().map(|segment| segment.raw()).collect();
    assert_eq!(rejoined(&message), raw);
    let mut rest = bytes;
    for segment in raw {
        let ends = rest.iter().take_while(|byte| matches!(byte, b'\r' | b'\n')).count();
        rest = rest[ends..].strip_prefix(segment).expect("segments lie one after the other");
    }
    assert!(rest.iter().all(|byte| matches!(byte, b'\r' | b'\n')), "something is left over");
}

/// A conforming message with any delimiters, any segments, any bytes in its fields.
fn message() -> impl Strategy<Value = Vec<u8>> {
    let delimiters = prop_oneof![
        Just(*b"|^~\\&"),
        Just(*b"$%!@*"),
        Just([0x1F, 0x1E, 0x1D, 0x02, 0x01]),
        Just(*b"#:;/,")
    ];
    let charset = prop_oneof![Just(""), Just("UNICODE UTF-8"), Just("8859/1"), Just("KLINGON")];
    let byte = prop_oneof![3 => 0x20..=0x7E_u8, 1 => 0x80..=0xFF_u8];
    // 5 is a delimiter, 6 a deletion, 7 an escape sequence.
    let piece = (0..9_u8, 0..5_usize, prop::collection::vec(byte, 0..9));
    let segment = ("[A-Z][A-Z0-9]{2}", prop::collection::vec(piece, 0..40));
    let end = prop_oneof![Just("\r"), Just("\n"), Just("\r\n")];
    (delimiters, charset, prop::collection::vec(segment, 0..8), end, any::<bool>()).prop_map(
        |(of, charset, segments, end, last)| {
            let mut bytes = b"MSH".to_vec();
            bytes.extend(of);
            for field in
                ["A", "", "C", "D", "1", "", "ADT", "7", "P", "2.7", "", "", "", "", "", charset]
            {
                bytes.push(of[0]);
                bytes.extend(field.bytes());
            }
            for (name, pieces) in segments {
                if matches!(name.as_str(), "MSH" | "FHS" | "BHS" | "BTS" | "FTS") {
                    continue;
                }
                bytes.extend(end.bytes().chain(name.bytes()).chain([of[0]]));
                for (kind, place, text) in pieces {
                    match kind {
                        5 => bytes.push(of[place]),
                        6 => bytes.extend([of[0], b'"', b'"', of[0]]),
                        7 => bytes.extend([of[3], b"FSTRE"[place], of[3]]),
                        8 => bytes.push(of[0]),
                        _ => bytes.extend(text),
                    }
                }
            }
            bytes.extend(end.bytes().take(if last { 2 } else { 0 }));
            bytes
        },
    )
}

proptest! {
    #[test]
    fn any_conforming_message_keeps_its_bytes(bytes in message()) {
        check(&bytes);
    }

    #[test]
    fn any_bytes_are_a_message_or_a_reason(
        bytes in prop::collection::vec(
            prop_oneof![Just(b'\r'), Just(b'\n'), Just(b'|'), Just(b'^'), Just(b'\\'), Just(b'A'), any::<u8>()],
            0..300,
        ),
        header in any::<bool>(),
    ) {
        let bytes = if header { [b"MSH|^~\\&|", bytes.as_slice()].concat() } else { bytes };
        if let Ok(message) = Message::parse(&bytes) {
            check(&bytes);
            drop(adt(&message));
            drop(Acknowledgement::read(&message));
        }
    }
}
