//! What a site has its interface engine take goes there as HL7 version 2, once.

use std::{
    collections::BTreeMap,
    sync::{Arc, Mutex},
};

use hl7::{
    Answer, Message, acknowledge,
    mllp::{Decoder, Unit, frame},
};
use hub_api::Delivery;
use sim_ehr::EPIC;
use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _},
    net::{TcpListener, TcpStream},
};

use uuid::Uuid;

use crate::{
    delivery::{connect, news, put},
    words::{TIME, closed, new_encounter, opened, saturation_with_pulse},
    world::World,
};

/// By control id: how often it came, and its bytes.
type Taken = Arc<Mutex<BTreeMap<String, Vec<Vec<u8>>>>>;

/// Takes every message, and loses the acknowledgement of each first one.
async fn forgetful_engine() -> (String, Taken) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap().to_string();
    let taken = Taken::default();
    let kept = taken.clone();
    tokio::spawn(async move {
        while let Ok((stream, _)) = listener.accept().await {
            serve(stream, &kept).await;
        }
    });
    (address, taken)
}

async fn serve(mut stream: TcpStream, taken: &Taken) {
    let mut decoder = Decoder::new(1 << 20);
    let mut buffer = [0; 4096];
    while let Ok(count @ 1..) = stream.read(&mut buffer).await {
        for unit in decoder.push(&buffer[..count]) {
            let Unit::Message(bytes) = unit else { panic!("{unit:?}") };
            let message = Message::parse(&bytes).unwrap();
            let id = message.header().field(10).text().unwrap().unwrap();
            let times = {
                let mut taken = taken.lock().unwrap();
                let all = taken.entry(id).or_default();
                all.push(bytes.clone());
                all.len()
            };
            if times == 1 {
                return;
            }
            let answer = acknowledge(Some(&message), Answer::Accepted, "1", TIME);
            stream.write_all(&frame(&answer).unwrap()).await.unwrap();
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_lost_acknowledgement_brings_the_same_bytes_again() {
    let (address, taken) = forgetful_engine().await;
    let config = format!(
        "[hl7]\naddress = \"{address}\"\nentries = [\"readings\", \"notes\"]\n\
         sending = {{ application = \"BEDSIDE\", facility = \"WARD\" }}\n\
         receiving = {{ application = \"ENGINE\", facility = \"HOSPITAL\" }}\n"
    );
    let world = World::configured(&EPIC, &config).await;
    world.ehr.admit("okafor", "visit-1", &TIME.to_string());
    let (cart, encounter) = (world.cart(), new_encounter());
    let mut socket = connect(&cart, encounter).await;
    let entries = [
        opened(encounter),
        saturation_with_pulse(encounter, 97, TIME),
        saturation_with_pulse(encounter, 96, TIME.plus_millis(60_000)),
        closed(encounter),
    ];
    for entry in &entries {
        put(&cart, entry).await;
        assert_eq!(news(&mut socket).await, [(entry.id, Delivery::InEhr)]);
    }
    assert_eq!(world.ehr.all("Observation").len(), 0);
    let taken = taken.lock().unwrap();
    assert_eq!(taken.len(), 3, "one control id for each reading, and the receipt's");
    assert_eq!(world.ehr.all("DocumentReference").len(), 0);
    let receipt = &taken[&hl7::control_id(Uuid::new_v5(&encounter.uuid(), b"receipt"))][0];
    let said = String::from_utf8_lossy(receipt);
    assert!(said.contains("MDM^T02") && said.contains("Recorded: 2, all delivered"), "{said}");
    assert_eq!(said.matches(": taken by the interface engine.").count(), 2, "{said}");
    for messages in taken.values() {
        assert_eq!(messages.len(), 2, "it is sent again until it is acknowledged");
        assert_eq!(messages[0], messages[1]);
    }
}
