//! Hubs that do not keep the rules, on loopback.

use std::{net::TcpListener, thread};

use tokio_tungstenite::{connect_async, tungstenite::accept};

use super::*;

/// Connects to a hub that says these, and then nothing more, not even to a ping.
async fn connected_to(says: Vec<String>) -> HubSocket {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap();
    thread::spawn(move || {
        let mut socket = accept(listener.accept().unwrap().0).unwrap();
        for text in says {
            socket.send(Message::text(text)).unwrap();
        }
        // The connection stays open as long as the test runs.
        thread::park();
    });
    HubSocket::new(connect_async(format!("ws://{address}")).await.unwrap().0)
}

#[tokio::test]
async fn a_message_of_a_newer_hub_is_skipped() {
    let refused = HubToCart::Refused { reason: "no".into() };
    let known = serde_json::to_string(&refused).unwrap();
    let says = vec![r#"{"type":"fly"}"#.into(), "not JSON".into(), known];
    let mut socket = connected_to(says).await;
    assert_eq!(socket.receive().await.unwrap(), refused);
}

#[tokio::test]
async fn a_dead_line_is_found_dead() {
    let mut socket = connected_to(Vec::new()).await;
    // Nothing was heard for almost as long as is waited.
    let almost = SILENT_FOR - Duration::from_millis(100);
    socket.heard = Instant::now().checked_sub(almost).expect("the machine runs for longer");
    let start = Instant::now();
    assert!(matches!(socket.receive().await, Err(SocketError::Silent)));
    assert!(start.elapsed() >= Duration::from_millis(100));
}

#[tokio::test]
async fn a_message_beyond_the_bound_is_not_sent_and_the_line_stays() {
    let refused = HubToCart::Refused { reason: "no".into() };
    let mut socket = connected_to(vec![serde_json::to_string(&refused).unwrap()]).await;
    let sdp = "v".repeat(MAX_MESSAGE_BYTES);
    let signal = hub_api::Signal::Offer { generation: 1, sdp };
    let call = "0193a5e0-cccc-7000-8000-000000000001".parse().unwrap();
    let sent = socket.send(&CartToHub::Signal { call, signal }).await;
    assert!(matches!(sent, Err(SocketError::TooLong)));
    assert_eq!(socket.receive().await.unwrap(), refused);
}
