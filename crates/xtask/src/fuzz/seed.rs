//! The committed corpus: published examples as the beginnings of what the fuzzer tries.

use std::{
    fs,
    path::{Path, PathBuf},
};

use anyhow::{Context as _, Result};
use devices::catalogue::{DEVICES, Device};
use serde_json::Value;

use super::{DICOM, DRIVERS, FHIR, HL7, kinds};

/// A published frame, as the input of a codec's target: first which kind it is.
struct Example {
    protocol: String,
    input: Vec<u8>,
}

/// Writes `fuzz/corpus` anew.
///
/// # Errors
/// A file of examples cannot be read, or a seed not be written.
pub fn seed(root: &Path) -> Result<()> {
    let corpus = root.join("fuzz/corpus");
    if corpus.exists() {
        fs::remove_dir_all(&corpus)?;
    }
    let examples = examples(root)?;
    for protocol in devices::protocols() {
        let mut inputs: Vec<&[u8]> =
            examples.iter().filter(|of| of.protocol == protocol).map(|of| &*of.input).collect();
        if inputs.is_empty() {
            inputs.extend(unpublished(protocol));
        }
        write(&corpus.join(protocol), inputs)?;
    }
    let scripts: Vec<Vec<u8>> =
        (0_u8..).zip(DEVICES).map(|(place, device)| script(place, device, &examples)).collect();
    write(&corpus.join(DRIVERS), scripts.iter().map(Vec::as_slice).collect())?;
    write(&corpus.join(FHIR), ANSWERS.to_vec())?;
    let messages = messages(root)?;
    write(&corpus.join(HL7), messages.iter().map(Vec::as_slice).collect())?;
    let picture = fs::read(root.join("crates/dicom/testdata/still.jpg"))?;
    write(&corpus.join(DICOM), vec![picture.as_slice(), PHOTOGRAPH, WAVEFORM])
}

/// One of each kind that is read of an EHR, each with what the reader looks at.
const ANSWERS: &[&[u8]] = &[
    br#"{"resourceType":"Bundle","type":"searchset","link":[{"relation":"next","url":"https://ehr.example/fhir?page=2"}],"entry":[{"resource":{"resourceType":"AllergyIntolerance","id":"a1","patient":{"reference":"Patient/p1"},"clinicalStatus":{"coding":[{"code":"active"}]},"code":{"coding":[{"system":"http://snomed.info/sct","code":"716186003"}],"text":"None"},"criticality":"high","onsetDateTime":"2009","reaction":[{"manifestation":[{"text":"Hives"}],"severity":"severe"}]}}]}"#,
    br#"{"resourceType":"Bundle","type":"searchset","entry":[{"resource":{"resourceType":"Observation","id":"o1","status":"final","subject":{"reference":"https://ehr.example/fhir/Patient/p1"},"code":{"coding":[{"system":"http://loinc.org","code":"85354-9"}]},"effectiveDateTime":"2026-11-22T07:42:00Z","component":[{"code":{"coding":[{"system":"http://loinc.org","code":"8480-6"}]},"valueQuantity":{"value":128.0,"code":"mm[Hg]"}}]}}]}"#,
    br#"{"resourceType":"Bundle","type":"searchset","entry":[{"resource":{"resourceType":"MedicationRequest","id":"m1","status":"active","subject":{"reference":"Patient/p1"},"medicationCodeableConcept":{"text":"Furosemide"},"dosageInstruction":[{"text":"20 mg once a day"}]}}]}"#,
    br#"{"resourceType":"Bundle","type":"searchset","entry":[{"resource":{"resourceType":"DocumentReference","id":"d1","status":"current","subject":{"reference":"Patient/p1"},"type":{"text":"Discharge summary"},"date":"2026-10-01","content":[{"attachment":{"contentType":"text/plain","title":"Summary"}}]}}]}"#,
    br#"{"resourceType":"CapabilityStatement","fhirVersion":"4.0.1","rest":[{"mode":"server","interaction":[{"code":"transaction"}],"resource":[{"type":"Patient","interaction":[{"code":"search-type"}],"searchParam":[{"name":"identifier"}],"operation":[{"name":"match"}]}]}]}"#,
    br#"{"resourceType":"Bundle","type":"transaction-response","entry":[{"response":{"status":"201 Created","location":"Encounter/e1/_history/1"}},{"response":{"status":"200 OK"}}]}"#,
    br#"{"resourceType":"OperationOutcome","issue":[{"severity":"error","code":"duplicate","details":{"coding":[{"code":"59189"}],"text":"It is there"}}]}"#,
];

/// The shortest file with a picture, behind its preamble: syntax, UID, table of offsets and one fragment.
const PHOTOGRAPH: &[u8] = b"\x02\0\x10\0UI\x16\x001.2.840.10008.1.2.4.50\
    \x08\0\x18\0UI\x06\x002.25.7\xe0\x7f\x10\0OB\0\0\xff\xff\xff\xff\xfe\xff\0\xe0\0\0\0\0\
    \xfe\xff\0\xe0\x04\0\0\0\xff\xd8\xff\xd9\xfe\xff\xdd\xe0\0\0\0\0";

/// The shortest one with a waveform: a group of undefined length with a channel and one sample.
const WAVEFORM: &[u8] =
    b"\x02\0\x10\0UI\x14\x001.2.840.10008.1.2.1\0\0\x54\0\x01SQ\0\0\xff\xff\xff\xff\
    \xfe\xff\0\xe0\xff\xff\xff\xff\x3a\0\0\x02SQ\0\0\x08\0\0\0\xfe\xff\0\xe0\0\0\0\0\
    \0\x54\x10\x10OW\0\0\x02\0\0\0\x01\0\xfe\xff\x0d\xe0\0\0\0\0\xfe\xff\xdd\xe0\0\0\0\0";

/// Ours, an admission, a merge and an acknowledgement; each as it goes over a connection, behind the
/// byte that says in how large pieces.
fn messages(root: &Path) -> Result<Vec<Vec<u8>>> {
    let folder = fs::read_dir(root.join("crates/hl7/testdata"))?;
    let mut files: Vec<PathBuf> = folder.map(|file| Ok(file?.path())).collect::<Result<_>>()?;
    files.sort();
    let mut texts: Vec<String> = files.iter().map(fs::read_to_string).collect::<Result<_, _>>()?;
    texts.extend(
        [
            "MSH|^~\\&|A|B|C|D|1||ADT^A01|7|P|2.5.1||||||8859/1\n\
             PID|1||7^^^H&1.2&ISO^MR~8||Doe^J^^^^^L|\\X4D\\|19580314|F\nPV1|1|I|3E^12\nZPM|\"\"|\\Z1\\\n",
            "MSH$%~!#*$A$$$$$$ADT%A40$8$P$2.7\nPID$$$1$$Doe\nMRG$2~3\n",
            "MSH|^~\\&|||||||ACK|9|P|2.5.1\nMSA|AE|7|no\nERR|||207^Busy^HL70357|E||||Later\n",
        ]
        .map(str::to_owned),
    );
    let framed = |text: &String| format!("\x07\x0b{}\x1c\r", text.replace('\n', "\r")).into_bytes();
    Ok(texts.iter().map(framed).collect())
}

fn write(folder: &Path, inputs: Vec<&[u8]>) -> Result<()> {
    fs::create_dir_all(folder)?;
    for (number, input) in inputs.iter().enumerate() {
        fs::write(folder.join(format!("{number:02}")), input)?;
    }
    Ok(())
}

/// What no collection of examples has: the lines of Nonin's table-top oximeters, from their manuals.
fn unpublished(protocol: &str) -> Vec<&'static [u8]> {
    match protocol {
        "nonin_text" => vec![b"\0SPO2=097 HR=072\r\n", b"\0SPO2=--- HR=---\r\n"],
        _ => Vec::new(),
    }
}

fn examples(root: &Path) -> Result<Vec<Example>> {
    let folder = fs::read_dir(root.join("crates/devices/testdata/vectors"))?;
    let mut files: Vec<PathBuf> = folder.map(|file| Ok(file?.path())).collect::<Result<_>>()?;
    files.sort();
    let mut examples = Vec::new();
    for path in files {
        let file: Value = serde_json::from_str(&fs::read_to_string(path)?)?;
        let protocol = file["protocol"].as_str().context("examples of no protocol")?;
        for vector in file["vectors"].as_array().context("no examples")? {
            let bytes = hex(vector["input_hex"].as_str().context("an example without bytes")?)?;
            let input = [&[kind(protocol, &vector["characteristic"])], &*bytes].concat();
            examples.push(Example { protocol: protocol.to_owned(), input });
        }
    }
    Ok(examples)
}

/// The byte that chooses this kind; 0, which chooses none, for what the codec tells from the bytes.
fn kind(protocol: &str, characteristic: &Value) -> u8 {
    let named = characteristic.as_str().unwrap_or_default();
    let kinds = kinds::kinds(protocol);
    let place = kinds.iter().position(|kind| named.starts_with(kind));
    place.and_then(|place| u8::try_from(place + 1).ok()).unwrap_or(0)
}

fn hex(text: &str) -> Result<Vec<u8>> {
    let pairs = text.as_bytes().chunks(2);
    pairs
        .map(|pair| Ok(u8::from_str_radix(str::from_utf8(pair)?, 16)?))
        .collect::<Result<_>>()
        .with_context(|| format!("`{text}` is no hexadecimal"))
}

/// The link comes up, frames of the device's own protocol come on each of its first channels, it is
/// asked to measure, its deadline comes, and the link is lost.
fn script(place: u8, device: &Device, examples: &[Example]) -> Vec<u8> {
    const CHANNELS: u8 = 12;
    let mut script = vec![place, 0, 80, 2];
    let frames: Vec<&[u8]> = examples
        .iter()
        .filter(|of| protocols(device.id).contains(&&*of.protocol))
        .filter_map(|of| of.input.split_first().map(|(_, frame)| frame))
        .collect();
    for channel in 0..CHANNELS {
        for frame in frames.iter().skip(usize::from(channel)).step_by(usize::from(CHANNELS)) {
            let length = u8::try_from(frame.len()).unwrap_or(u8::MAX);
            script.extend([3, channel, length]);
            script.extend(frame.iter().take(length.into()));
        }
    }
    script.extend([5, 0, 0, 2, 2, 1]);
    script
}

/// Whose examples a device understands. The fuzzer finds its own for a device without.
fn protocols(device: &str) -> &'static [&'static str] {
    match device {
        "suntech-advantage" => &["suntech_nibp_serial"],
        "nonin-xpod" => &["nonin_serial_df2"],
        "nonin-df7" => &["nonin_serial_df7"],
        "ble-thermometer" => &["ble_health_thermometer"],
        "visca" | "visca-raw-udp" => &["visca"],
        "visca-udp" => &["visca_over_ip"],
        "ble-blood-pressure" | "beurer-bm85" | "and-ua651" => &["ble_blood_pressure"],
        "ble-heart-rate" => &["ble_heart_rate"],
        "ble-oximeter" => &["ble_pulse_oximeter_plx"],
        "ble-cgm" => &["ble_cgm", "ble_racp"],
        "ble-glucose" => &["ble_glucose", "ble_racp"],
        "cms50" | "berry" => &["contec_cms50_bci_live"],
        "cms50-new" => &["contec_cms50_new_firmware"],
        "emay-sleepo2" => &["emay_sleepo2"],
        "polar-h10" => &["polar_pmd_ecg", "ble_heart_rate"],
        "microlife" => &["microlife_ble"],
        "yonker" => &["yonker_ble"],
        "omron-790it" => &["omron_790it_hid"],
        _ => &["ble_weight_scale", "ble_body_composition"],
    }
}
