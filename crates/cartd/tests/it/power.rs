//! What the cart runs on, told by an `upsd` of the test.

use std::{
    io::{BufRead, BufReader, Write},
    net::{TcpListener, TcpStream},
    sync::mpsc::{Sender, channel},
    thread,
};

use cart_api::{NoticeKind, PowerState};

use crate::cart::Cart;

/// A UPS that tells each state that it is sent, and its address.
fn upsd() -> (Sender<(&'static str, u8)>, String) {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let host = listener.local_addr().unwrap().to_string();
    let (send, states) = channel();
    thread::spawn(move || {
        let mut last = None;
        for (status, charge) in states {
            // At the end of a connection `cartd` makes another one and asks again.
            drop(last.take());
            last = Some(answer(listener.accept().unwrap().0, status, charge));
        }
    });
    (send, host)
}

fn answer(mut cart: TcpStream, status: &str, charge: u8) -> TcpStream {
    let mut asked = String::new();
    BufReader::new(cart.try_clone().unwrap()).read_line(&mut asked).unwrap();
    assert_eq!(asked, "LIST VAR ups\n");
    let said = format!(
        "BEGIN LIST VAR ups\nVAR ups ups.status \"{status}\"\n\
         VAR ups battery.charge \"{charge}\"\nEND LIST VAR ups\n"
    );
    cart.write_all(said.as_bytes()).unwrap();
    cart
}

#[test]
fn a_battery_that_empties_is_told_twice_and_no_more_on_mains() {
    let (ups, host) = upsd();
    let mut cart = Cart::with(&format!("[ups]\nhost = '{host}'\nname = 'ups'"));
    cart.start();
    let kiosk = cart.kiosk();
    ups.send(("OB DISCHRG", 20)).unwrap();
    let low = |critical| move |kind: &NoticeKind| *kind == NoticeKind::BatteryLow { critical };
    kiosk.sees_notice("a battery that is low", low(false));
    ups.send(("OB DISCHRG", 9)).unwrap();
    kiosk.sees_notice("a battery that ends", low(true));
    ups.send(("OL CHRG", 9)).unwrap();
    kiosk.sees("the mains", |state| {
        let on_mains = PowerState { on_mains: Some(true), charge: Some(9) };
        (state.power == on_mains && state.notices.is_empty()).then_some(())
    });
}
