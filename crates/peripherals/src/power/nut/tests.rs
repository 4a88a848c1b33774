//! An `upsd` of the test on TCP. Its lines are those that the real one writes.

use devices::power::Battery;
use tokio::net::TcpListener;

use super::*;

/// Far longer than anything here takes; a test that waits for it has failed.
const PATIENCE: Duration = Duration::from_secs(20);

struct Upsd(TcpListener);

impl Upsd {
    async fn start(ups: Option<&str>) -> (Self, watch::Receiver<Power>) {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let host = listener.local_addr().unwrap().to_string();
        let (power, shown) = watch::channel(Power::default());
        let ups = ups.map(str::to_owned);
        tokio::spawn(super::watch(NutAddress { host, ups }, power));
        (Self(listener), shown)
    }

    async fn accept(&self) -> BufReader<TcpStream> {
        BufReader::new(self.0.accept().await.unwrap().0)
    }
}

async fn hears(cart: &mut BufReader<TcpStream>, expected: &str) {
    let mut line = String::new();
    timeout(PATIENCE, cart.read_line(&mut line)).await.unwrap().unwrap();
    assert_eq!(line, expected);
}

async fn until(shown: &mut watch::Receiver<Power>, expected: Power) {
    let is_it = |power: &Power| *power == expected;
    let seen = timeout(PATIENCE, shown.wait_for(is_it)).await;
    assert!(seen.is_ok(), "{expected:?} did not come");
}

const UPS: &str = "BEGIN LIST UPS\nUPS cart \"Battery of the cart\"\nEND LIST UPS\n";
const LOW: &str = "BEGIN LIST VAR cart\nVAR cart battery.charge \"19\"\n\
                   VAR cart battery.runtime \"240\"\nVAR cart device.mfr \"Tripp \\\"Lite\\\"\"\n\
                   VAR cart ups.status \"OB DISCHRG LB\"\nEND LIST VAR cart\n";

fn low() -> Power {
    Power {
        on_mains: Some(false),
        charge: Some(19),
        left: Some(Duration::from_secs(240)),
        battery: Some(Battery::Discharging),
        says_low: true,
    }
}

#[tokio::test]
async fn the_only_ups_is_found_and_asked() {
    let (upsd, mut shown) = Upsd::start(None).await;
    let mut cart = upsd.accept().await;
    hears(&mut cart, "LIST UPS\n").await;
    cart.write_all(UPS.as_bytes()).await.unwrap();
    hears(&mut cart, "LIST VAR cart\n").await;
    cart.write_all(LOW.as_bytes()).await.unwrap();
    until(&mut shown, low()).await;
}

#[tokio::test]
async fn a_ups_that_is_lost_is_no_longer_known_and_is_asked_again() {
    let (upsd, mut shown) = Upsd::start(Some("cart")).await;
    for end in ["", "HTTP/1.1 400 Bad Request\n"] {
        let mut cart = upsd.accept().await;
        hears(&mut cart, "LIST VAR cart\n").await;
        cart.write_all(LOW.as_bytes()).await.unwrap();
        until(&mut shown, low()).await;
        // Whatever it says next, and be it nothing, is the end of what is known.
        cart.write_all(end.as_bytes()).await.unwrap();
        drop(cart);
        until(&mut shown, Power::default()).await;
    }
}

#[track_caller]
fn refuses(error: &NutError, words: &str) {
    assert_eq!(error.to_string(), words);
}

async fn answered(answer: &str) -> NutError {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let host = listener.local_addr().unwrap().to_string();
    let answer = answer.to_owned();
    tokio::spawn(async move {
        let mut cart = BufReader::new(listener.accept().await.unwrap().0);
        let mut command = String::new();
        cart.read_line(&mut command).await.unwrap();
        // The cart may hang up before it has heard everything.
        drop(cart.write_all(answer.as_bytes()).await);
    });
    let (power, _shown) = watch::channel(Power::default());
    ask_until_lost(&NutAddress { host, ups: None }, &power).await
}

#[tokio::test]
async fn which_of_two_is_not_guessed() {
    let two = "BEGIN LIST UPS\nUPS a \"\"\nUPS b \"\"\nEND LIST UPS\n";
    refuses(&answered(two).await, "upsd has 2 UPSs: the configuration has to say which");
    let none = "BEGIN LIST UPS\nEND LIST UPS\n";
    refuses(&answered(none).await, "upsd has 0 UPSs: the configuration has to say which");
}

#[tokio::test]
async fn what_is_no_upsd_is_told_from_one_that_refuses() {
    refuses(&answered("ERR ACCESS-DENIED\n").await, "upsd refused: ACCESS-DENIED");
    refuses(&answered("220 mail.example ESMTP\n").await, "what answers is no upsd");
    refuses(&answered(&"x".repeat(100_000)).await, "what answers is no upsd");
    let endless = format!("BEGIN LIST UPS\n{}", "UPS a \"\"\n".repeat(2 * LINES));
    refuses(&answered(&endless).await, "what answers is no upsd");
}
