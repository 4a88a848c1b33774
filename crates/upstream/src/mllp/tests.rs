//! An engine that answers, refuses, hangs up and says strange things.

use std::sync::{Arc, Mutex as SyncMutex};

use tokio::net::TcpListener;

use super::*;

const ID: &str = "ABCDEFGHIJKLMNOPQRST";

fn message(id: &str) -> Outgoing {
    let bytes = format!("MSH|^~\\&|A|B|C|D|20261122091200||ORU^R01|{id}|P|2.5.1\r").into_bytes();
    Outgoing { control_id: id.to_owned(), bytes }
}

fn answer(code: &str, of: &str) -> Vec<u8> {
    let text =
        format!("MSH|^~\\&|C|D|A|B|20261122091201||ACK|1|P|2.5.1\rMSA|{code}|{of}|no room\r");
    frame(text.as_bytes()).unwrap()
}

/// Answers each connection's messages with these, in their order; an empty one hangs up.
async fn engine(answers: Vec<Vec<u8>>) -> (MllpClient, Arc<SyncMutex<u32>>) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap().to_string();
    let connections = Arc::new(SyncMutex::new(0));
    let counted = connections.clone();
    tokio::spawn(async move {
        let mut answers = answers.into_iter();
        while let Ok((mut stream, _)) = listener.accept().await {
            *counted.lock().unwrap() += 1;
            let mut decoder = Decoder::new(4096);
            let mut buffer = [0; 512];
            'connection: loop {
                let count = stream.read(&mut buffer).await.unwrap_or(0);
                if count == 0 {
                    break;
                }
                for _ in decoder.push(&buffer[..count]) {
                    let answer = answers.next().unwrap_or_default();
                    if answer.is_empty() {
                        break 'connection;
                    }
                    stream.write_all(&answer).await.unwrap();
                }
            }
        }
    });
    (MllpClient::new(MllpAddress::parse(&address, false).unwrap()), connections)
}

#[tokio::test]
async fn what_is_acknowledged_is_delivered_over_one_connection() {
    let (client, connections) = engine(vec![answer("AA", ID), answer("CA", ID)]).await;
    client.send(&message(ID)).await.unwrap();
    client.send(&message(ID)).await.unwrap();
    assert_eq!(*connections.lock().unwrap(), 1);
}

#[tokio::test]
async fn a_refusal_has_the_engine_s_words() {
    for code in ["AE", "AR", "CE", "CR"] {
        let (client, _) = engine(vec![answer(code, ID)]).await;
        let error = client.send(&message(ID)).await.unwrap_err();
        assert!(
            matches!(&error, MllpError::Refused { reason } if reason == "no room"),
            "{error:?}"
        );
        assert_eq!(error.to_string(), "the interface engine refused the message");
    }
}

#[tokio::test]
async fn no_answer_and_a_strange_one_leave_it_open() {
    let mut both = answer("AA", "ANOTHER");
    both.extend(answer("AA", ID));
    let (client, connections) =
        engine(vec![Vec::new(), frame(b"hello").unwrap(), b"hello".to_vec(), both]).await;
    for _ in 0..2 {
        let error = client.send(&message(ID)).await.unwrap_err();
        assert!(matches!(error, MllpError::InDoubt { .. }), "{error:?}");
    }
    drop(client);
    assert_eq!(*connections.lock().unwrap(), 2, "a connection with a fault is not used again");
}

#[tokio::test]
async fn an_answer_to_an_older_message_is_passed_over() {
    let mut both = answer("AA", "ANOTHER");
    both.extend(answer("AA", ID));
    let (client, _) = engine(vec![both]).await;
    client.send(&message(ID)).await.unwrap();
}

#[tokio::test]
async fn an_engine_that_is_away_has_taken_nothing() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap().to_string();
    drop(listener);
    let client = MllpClient::new(MllpAddress::parse(&address, false).unwrap());
    let error = client.send(&message(ID)).await.unwrap_err();
    assert!(matches!(error, MllpError::Later { .. }), "{error:?}");
}

#[tokio::test]
async fn an_engine_that_hung_up_in_the_night_is_called_again() {
    let (client, connections) = engine(vec![answer("AA", ID), Vec::new(), answer("AA", ID)]).await;
    client.send(&message(ID)).await.unwrap();
    assert!(client.send(&message(ID)).await.is_err());
    client.send(&message(ID)).await.unwrap();
    assert_eq!(*connections.lock().unwrap(), 2);
}

#[test]
fn patient_data_leaves_unencrypted_for_this_machine_only() {
    let check = |text, tunnelled, expected: bool| {
        assert_eq!(MllpAddress::parse(text, tunnelled).is_ok(), expected, "{text}");
    };
    check("127.0.0.1:2575", false, true);
    check("localhost:2575", false, true);
    check("engine.example:2575", false, false);
    check("engine.example:2575", true, true);
    check("engine.example", true, false);
    check(":2575", true, false);
    check("engine.example:hl7", true, false);
}
