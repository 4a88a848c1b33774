//! Sounds of the stethoscope: taken as WAV after their bytes, in the chart, and for those who were in the call.

use clinical::{Auscultation, EntryBody};

use crate::{
    call::Consult,
    intake::{accepted, refused},
    words::{json, new_encounter, opened, sha256, sound},
    world::World,
};

const WAV: &[u8] = b"RIFF....WAVE";

#[tokio::test(flavor = "multi_thread")]
async fn a_sound_is_taken_as_wav_after_its_bytes_and_is_in_the_chart() {
    let world = World::start().await;
    let (cart, encounter) = (world.cart(), new_encounter());
    accepted(&cart, &opened(encounter)).await;
    let heard = sound(encounter, WAV);
    refused(cart.put_entry(heard.id, json(&heard)), "sent first").await;
    cart.put_blob(&sha256(WAV), "audio/wav", WAV.to_vec()).await;
    for (word, change) in [
        ("WAV only", (|it| it.media_type = "audio/mpeg".into()) as fn(&mut Auscultation)),
        ("contradict", |it| it.millis = 0),
    ] {
        let mut other = sound(encounter, WAV);
        let EntryBody::Auscultation(changed) = &mut other.body else { unreachable!() };
        change(changed);
        refused(cart.put_entry(other.id, json(&other)), word).await;
    }
    accepted(&cart, &heard).await;
    let documents = world.ehr_has("DocumentReference", 1).await;
    let attachment = &documents[0]["content"][0]["attachment"];
    assert_eq!(attachment["title"], "Auscultation, heart, mitral area (apex)");
    assert_eq!(attachment["contentType"], "audio/wav");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_sound_is_heard_by_those_who_are_in_the_call_of_its_encounter() {
    let consult = Consult::answered().await;
    consult.world.add_physician("amari");
    let cart = consult.world.cart();
    cart.put_blob(&sha256(WAV), "audio/wav", WAV.to_vec()).await;
    accepted(&cart, &sound(consult.encounter, WAV)).await;
    let path = format!("/api/portal/blobs/{}", sha256(WAV));
    let answer = consult.browser.get(&path).send().await.unwrap();
    assert_eq!(answer.headers()["content-type"], "audio/wav");
    assert_eq!(answer.bytes().await.unwrap().as_ref(), WAV);
    let amari = consult.world.browser("amari").await;
    assert_eq!(amari.get(&path).send().await.unwrap().status(), 404);
}
