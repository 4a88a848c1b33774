//! Patients whom an interface engine tells of are on the worklist, and merges lead to the surviving chart.

use std::{
    io::{Read as _, Write as _},
    net::TcpStream,
    sync::LazyLock,
    time::Duration,
};

use hl7::{
    Acknowledgement, Code, Message,
    mllp::{Decoder, Unit, frame},
};
use hub_api::Delivery;
use sim_ehr::TRANSACTIONS;

use crate::{
    delivery::{connect, news, put},
    words::{TIME, new_encounter, opened_for, patient, saturation_with_pulse},
    worklist::worklist,
    world::{World, eventually},
};

/// Of the patient whom [`World`] books.
fn system() -> String {
    patient().system
}

pub async fn world() -> (World, String) {
    let port = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
    let listen = format!("127.0.0.1:{port}");
    let config = format!(
        "[adt]\nlisten = \"{listen}\"\nsystem = \"{}\"\nauthority = \"HOSP\"\n\
         senders = [{{ application = \"ADT\", facility = \"GEN\" }}]\n",
        system()
    );
    (World::configured(&TRANSACTIONS, &config).await, listen)
}

/// One for all messages, so that their control ids decide which is the later.
fn made() -> &'static str {
    static MADE: LazyLock<String> =
        LazyLock::new(|| jiff::Timestamp::now().strftime("%Y%m%d%H%M%S").to_string());
    &MADE
}

fn message(event: &str, id: &str, lines: &str) -> String {
    let made = made();
    format!("MSH|^~\\&|ADT|GEN|BEDSIDE|WARD|{made}||ADT^{event}|{id}|P|2.5.1\r{lines}\r")
}

fn admission(event: &str, id: &str, number: &str) -> String {
    let pid = format!("PID|||{number}^^^HOSP^MR||Bell^Ada||19580314|F");
    message(event, id, &format!("{pid}\rPV1||I|3E^12^B"))
}

struct Engine(TcpStream, Decoder);

impl Engine {
    fn connect(to: &str) -> Self {
        let stream = TcpStream::connect(to).unwrap();
        stream.set_read_timeout(Some(Duration::from_secs(30))).unwrap();
        Self(stream, Decoder::new(1 << 20))
    }

    fn send(&mut self, bytes: &[u8]) {
        self.0.write_all(bytes).unwrap();
    }

    fn answer(&mut self) -> (Message, Option<Acknowledgement>) {
        let mut byte = [0];
        loop {
            self.0.read_exact(&mut byte).unwrap();
            if let Some(Unit::Message(bytes)) = self.1.push(&byte).pop() {
                let message = Message::parse(&bytes).unwrap();
                let said = Acknowledgement::read(&message).ok();
                return (message, said);
            }
        }
    }

    #[track_caller]
    fn tell(&mut self, text: &str) -> Acknowledgement {
        self.send(&frame(text.as_bytes()).unwrap());
        self.answer().1.expect("an acknowledgement of this message")
    }

    #[track_caller]
    fn accepted(&mut self, text: &str) {
        let said = self.tell(text);
        assert_eq!(said.code, Code::ApplicationAccept, "{said:?}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn who_is_admitted_joins_the_worklist_and_who_is_discharged_leaves_it() {
    let (world, listen) = world().await;
    let mut socket = world.cart().connect().await.unwrap();
    let mut engine = Engine::connect(&listen);
    // Booked as well: there once.
    engine.accepted(&admission("A01", "1", &patient().number));
    engine.accepted(&admission("A01", "2", "777"));
    let numbers = async |socket: &mut _, expected: &[&str]| loop {
        let told = worklist(socket).await;
        let told: Vec<_> = told.iter().map(|of| of.patient.number.as_str()).collect();
        if told == expected {
            return;
        }
    };
    let booked = patient().number;
    numbers(&mut socket, &[&booked, "777"]).await;
    engine.accepted(&admission("A03", "3", "777"));
    numbers(&mut socket, &[&booked]).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_message_without_an_answer_is_sent_again_and_changes_nothing() {
    let (mut world, listen) = world().await;
    let text = admission("A01", "1", "777");
    let mut engine = Engine::connect(&listen);
    engine.send(&frame(text.as_bytes()).unwrap());
    world.kill();
    world.run();
    let mut engine = Engine::connect(&listen);
    engine.accepted(&text);
    engine.accepted(&text);
    world.kill();
    world.run();
    let mut socket = world.cart().connect().await.unwrap();
    loop {
        let told = worklist(&mut socket).await;
        let here: Vec<_> = told.iter().filter(|of| of.patient.number == "777").collect();
        // Before the schedule is read, too: it was kept.
        assert_eq!(here.len(), 1);
        assert_eq!((here[0].place.as_str(), here[0].patient.family.as_str()), ("3E 12 B", "Bell"));
        if told.len() == 2 {
            return;
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn each_message_gets_one_answer_with_its_number_and_its_reason() {
    let (_world, listen) = world().await;
    let mut engine = Engine::connect(&listen);
    let (accept, error, reject) =
        (Code::ApplicationAccept, Code::ApplicationError, Code::ApplicationReject);
    let good = admission("A01", "9", "777");
    for (text, code, reason) in [
        (good.clone(), accept, None),
        (message("A01", "9", "PV1||I"), error, Some("PID is missing")),
        (message("A01", "9", "PID|||777^^^HOSP^MR"), error, Some("PID-5 is missing")),
        (message("A40", "9", "PID|||7^^^HOSP||Bell"), error, Some("MRG is missing")),
        (good.replace(made(), "soon"), error, Some("MSH-7 is no time")),
        (message("A05", "9", ""), reject, Some("ADT A05 is not handled here")),
        (good.replace("|2.5.1", "|3.0"), reject, Some("a version other than 2.x (MSH-12)")),
        (good.replace("|GEN|", "|XYZ|"), reject, Some("this sender (MSH-3, MSH-4)")),
    ] {
        let said = engine.tell(&text);
        assert_eq!((said.code, said.of.as_str()), (code, "9"), "{text}");
        let told = said.reason.unwrap_or_default();
        assert!(told.starts_with(reason.unwrap_or_default()), "{told}: {text}");
    }
    // In the sender's own characters and character set.
    let own = good.replace("^~\\&", "@~!&").replace('^', "@");
    let own = own.replace("|2.5.1", "|2.5.1||||||8859/1").replace("Ada", "Ad\u{e9}");
    let latin: Vec<u8> = own.chars().map(|of| u8::try_from(of).unwrap()).collect();
    engine.send(&frame(&latin).unwrap());
    let (answer, said) = engine.answer();
    assert_eq!(said.unwrap().code, accept);
    assert!(answer.bytes().starts_with(b"MSH|@~!&|BEDSIDE|WARD|ADT|GEN|"));
    assert_eq!(answer.header().field(18).raw(), b"8859/1");
    // What is no frame, in pieces, and two at once: the connection goes on.
    engine.send(b"GET / HTTP/1.1\r\n\r\n");
    let framed = frame(good.as_bytes()).unwrap();
    let (first, rest) = framed.split_at(20);
    engine.send(first);
    assert!(engine.answer().1.is_none(), "about nothing that has a number");
    engine.send(rest);
    assert_eq!(engine.answer().1.unwrap().code, accept);
    engine.send(&[framed.as_slice(), &framed].concat());
    assert_eq!(engine.answer().1.unwrap().code, accept);
    assert_eq!(engine.answer().1.unwrap().code, accept);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_visit_of_a_merged_number_goes_into_the_surviving_chart_if_the_birth_date_agrees() {
    let (world, listen) = world().await;
    let survivor = patient();
    let mut engine = Engine::connect(&listen);
    for (prior, id) in [("OLD-1", "1"), ("OLD-2", "2")] {
        let pid = format!("PID|||{}^^^HOSP^MR||Okafor^Grace", survivor.number);
        engine.accepted(&message("A40", id, &format!("{pid}\rMRG|{prior}^^^HOSP^MR")));
    }
    let cart = world.cart();
    let right = new_encounter();
    let old = clinical::Patient { number: "OLD-1".into(), ..survivor.clone() };
    let mut socket = connect(&cart, right).await;
    let opening = opened_for(right, old);
    put(&cart, &opening).await;
    assert_eq!(news(&mut socket).await, [(opening.id, Delivery::InEhr)]);
    let reading = saturation_with_pulse(right, 97, TIME);
    put(&cart, &reading).await;
    assert_eq!(news(&mut socket).await, [(reading.id, Delivery::InEhr)]);
    let filed = world.ehr_has("Encounter", 1).await;
    let patients = world.ehr.all("Patient");
    let id = patients[0]["id"].as_str().unwrap();
    assert_eq!(filed[0]["subject"]["reference"], format!("Patient/{id}"));

    let wrong = new_encounter();
    let other =
        clinical::Patient { number: "OLD-2".into(), birth_date: "1999-01-01".into(), ..survivor };
    put(&cart, &opened_for(wrong, other)).await;
    let listed = eventually("set aside", Duration::from_secs(20), async || {
        Some(world.administers(&["outbox", "list"])).filter(|text| text.contains("birth date"))
    });
    listed.await;
    world.ehr_has("Encounter", 1).await;
    let (_, rows) = world.audit(&["export"]);
    assert_eq!(rows.matches("Patients merged by the EHR").count(), 2);
    // For the opening, and when the first reading looked where that is.
    assert_eq!(rows.matches("Surviving chart of a merge used").count(), 2);
}
