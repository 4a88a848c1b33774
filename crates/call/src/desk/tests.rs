//! Stories of two carts and three physicians. Effects are told in short words.

use super::*;

const START: Timestamp = Timestamp::from_millis(1_795_333_320_000);

struct Story {
    desk: Desk,
    now: Timestamp,
}

fn call(number: u128) -> CallId {
    CallId::new(uuid::Uuid::from_u128(number))
}

fn encounter(number: u128) -> EncounterId {
    EncounterId::new(uuid::Uuid::from_u128(number))
}

fn cart(name: &str) -> CartName {
    CartName(name.into())
}

fn physician(name: &str) -> PhysicianName {
    PhysicianName(name.into())
}

impl Story {
    fn on_call(names: &[&str]) -> Self {
        let mut story = Self { desk: Desk::default(), now: START };
        for name in names {
            story.tell(Input::PhysicianConnected { physician: physician(name) });
            story.tell(Input::OnCall { physician: physician(name), on_call: true });
        }
        story
    }

    /// `cart-1` has called and `weiss` is in the call.
    fn in_a_call() -> Self {
        let mut story = Self::on_call(&["weiss"]);
        story.calls("cart-1", 1);
        story.answers("weiss", 1);
        story
    }

    fn tell(&mut self, input: Input) -> Vec<String> {
        self.desk.handle(input, self.now).iter().map(words).collect()
    }

    fn calls(&mut self, name: &str, number: u128) -> Vec<String> {
        let (call, encounter) = (call(number), encounter(number));
        self.tell(Input::Call { cart: cart(name), call, encounter })
    }

    fn answers(&mut self, name: &str, number: u128) -> Vec<String> {
        self.tell(Input::Answer { physician: physician(name), call: call(number) })
    }

    fn declines(&mut self, name: &str, number: u128) -> Vec<String> {
        self.tell(Input::Decline { physician: physician(name), call: call(number) })
    }

    fn cart_hangs_up(&mut self, name: &str, number: u128) -> Vec<String> {
        self.tell(Input::CartHangUp { cart: cart(name), call: call(number) })
    }

    fn physician_hangs_up(&mut self, name: &str, number: u128) -> Vec<String> {
        self.tell(Input::PhysicianHangUp { physician: physician(name), call: call(number) })
    }

    fn cart_comes_back(&mut self, name: &str, number: Option<u128>) -> Vec<String> {
        self.tell(Input::CartStatus { cart: cart(name), call: number.map(call) })
    }

    fn cart_is_lost(&mut self, name: &str) -> Vec<String> {
        self.tell(Input::CartLost { cart: cart(name) })
    }

    fn page_reloads(&mut self, name: &str) -> Vec<String> {
        let mut all = self.tell(Input::PhysicianLost { physician: physician(name) });
        all.extend(self.tell(Input::PhysicianConnected { physician: physician(name) }));
        all
    }

    /// Lets time pass as the hub does: a tick at every deadline.
    fn pass(&mut self, seconds: i64) -> Vec<String> {
        let until = self.now.plus_millis(seconds * 1_000);
        let mut all = Vec::new();
        while let Some(at) = self.desk.deadline().filter(|at| *at <= until) {
            self.now = at;
            all.extend(self.tell(Input::Tick));
        }
        self.now = until;
        all
    }
}

fn words(effect: &Effect) -> String {
    match effect {
        Effect::Ring { physician, .. } => format!("ring {}", physician.0),
        Effect::StopRinging { physician, .. } => format!("stop {}", physician.0),
        Effect::Join { physician, .. } => format!("join {}", physician.0),
        Effect::Answered { cart, physician, .. } => format!("{} has {}", cart.0, physician.0),
        Effect::Ended { cart, physician, why, .. } => match physician {
            Some(physician) => format!("{} and {} over: {why:?}", cart.0, physician.0),
            None => format!("{} over: {why:?}", cart.0),
        },
        Effect::TellEnded { cart, why, .. } => format!("tell {} over: {why:?}", cart.0),
        Effect::CartOnline { physician, online, .. } => {
            format!("tell {} cart {}", physician.0, if *online { "back" } else { "away" })
        }
        Effect::SignalToCart { cart, signal, .. } => format!("{signal:?} to {}", cart.0),
        Effect::SignalToPhysician { physician, signal, .. } => {
            format!("{signal:?} to {}", physician.0)
        }
        Effect::RefuseCart { cart, .. } => format!("refuse {}", cart.0),
        Effect::RefusePhysician { physician, .. } => format!("refuse {}", physician.0),
    }
}

#[test]
fn a_call_rings_everybody_on_call_and_the_first_answer_wins() {
    let mut story = Story::on_call(&["amari", "weiss"]);
    story.tell(Input::PhysicianConnected { physician: physician("offduty") });
    assert_eq!(story.calls("cart-1", 1), ["ring amari", "ring weiss"]);
    assert_eq!(story.answers("weiss", 1), ["join weiss", "cart-1 has weiss", "stop amari"]);
    assert_eq!(story.answers("amari", 1), ["refuse amari"]);
    assert_eq!(story.desk.call_of_physician(&physician("weiss")), Some(call(1)));
}

#[test]
fn an_answer_pressed_twice_is_one_answer() {
    let mut story = Story::in_a_call();
    assert_eq!(story.answers("weiss", 1), Vec::<String>::new());
}

#[test]
fn who_is_not_on_call_cannot_answer() {
    let mut story = Story::on_call(&["weiss"]);
    story.calls("cart-1", 1);
    assert_eq!(story.answers("amari", 1), ["refuse amari"]);
}

#[test]
fn a_call_that_all_decline_is_declined() {
    let mut story = Story::on_call(&["amari", "weiss"]);
    story.calls("cart-1", 1);
    assert_eq!(story.declines("amari", 1), Vec::<String>::new());
    assert_eq!(story.declines("weiss", 1), ["cart-1 over: Declined"]);
}

#[test]
fn a_call_with_nobody_on_call_is_unanswered_at_once() {
    let mut story = Story::on_call(&[]);
    assert_eq!(story.calls("cart-1", 1), ["cart-1 over: Unanswered"]);
}

#[test]
fn a_call_that_nobody_answers_rings_for_45_seconds() {
    let mut story = Story::on_call(&["weiss"]);
    story.calls("cart-1", 1);
    assert_eq!(story.pass(44), Vec::<String>::new());
    assert_eq!(story.pass(1), ["cart-1 over: Unanswered", "stop weiss"]);
    assert_eq!(story.desk.deadline(), None);
}

#[test]
fn a_nurse_takes_a_call_back() {
    let mut story = Story::on_call(&["weiss"]);
    story.calls("cart-1", 1);
    assert_eq!(story.cart_hangs_up("cart-1", 1), ["cart-1 over: Nurse", "stop weiss"]);
}

#[test]
fn either_side_hangs_up_and_the_other_is_told() {
    let mut story = Story::in_a_call();
    assert_eq!(story.cart_hangs_up("cart-1", 1), ["cart-1 and weiss over: Nurse"]);
    assert_eq!(story.physician_hangs_up("weiss", 1), Vec::<String>::new());
    let mut story = Story::in_a_call();
    assert_eq!(story.physician_hangs_up("weiss", 1), ["cart-1 and weiss over: Physician"]);
}

#[test]
fn a_physician_in_a_call_is_not_rung_until_it_is_over() {
    let mut story = Story::in_a_call();
    assert_eq!(story.calls("cart-2", 2), Vec::<String>::new());
    assert_eq!(story.answers("weiss", 2), ["refuse weiss"]);
    let told = story.physician_hangs_up("weiss", 1);
    assert_eq!(told, ["cart-1 and weiss over: Physician", "ring weiss"]);
}

#[test]
fn who_comes_on_call_while_it_rings_is_rung_and_who_leaves_is_not() {
    let mut story = Story::on_call(&["weiss"]);
    story.calls("cart-1", 1);
    let came = Input::OnCall { physician: physician("amari"), on_call: true };
    assert_eq!(story.tell(came), ["ring amari"]);
    let left = Input::OnCall { physician: physician("weiss"), on_call: false };
    assert_eq!(story.tell(left), ["stop weiss"]);
    let left = Input::OnCall { physician: physician("amari"), on_call: false };
    assert_eq!(story.tell(left), ["cart-1 over: Unanswered", "stop amari"]);
}

#[test]
fn a_page_that_reloads_while_it_rings_rings_again() {
    let mut story = Story::on_call(&["weiss"]);
    story.calls("cart-1", 1);
    assert_eq!(story.page_reloads("weiss"), ["ring weiss"]);
}

#[test]
fn a_page_that_reloads_in_a_call_is_still_in_it() {
    let mut story = Story::in_a_call();
    story.page_reloads("weiss");
    assert_eq!(story.pass(600), Vec::<String>::new());
    let wants = Input::PhysicianSignal {
        physician: physician("weiss"),
        call: call(1),
        signal: Signal::WantOffer,
    };
    assert_eq!(story.tell(wants), ["WantOffer to cart-1"]);
}

#[test]
fn a_physician_who_stays_away_for_a_minute_has_hung_up() {
    let mut story = Story::in_a_call();
    story.tell(Input::PhysicianLost { physician: physician("weiss") });
    assert_eq!(story.pass(59), Vec::<String>::new());
    assert_eq!(story.pass(1), ["cart-1 and weiss over: Physician"]);
}

#[test]
fn a_cart_that_is_back_within_30_seconds_keeps_its_call() {
    let mut story = Story::in_a_call();
    assert_eq!(story.cart_is_lost("cart-1"), ["tell weiss cart away"]);
    assert_eq!(story.pass(29), Vec::<String>::new());
    let back = story.cart_comes_back("cart-1", Some(1));
    assert_eq!(back, ["cart-1 has weiss", "tell weiss cart back"]);
    assert_eq!(story.pass(600), Vec::<String>::new());
}

#[test]
fn a_cart_that_stays_away_loses_its_call_and_hears_why() {
    let mut story = Story::in_a_call();
    story.cart_is_lost("cart-1");
    assert_eq!(story.pass(30), ["cart-1 and weiss over: CartLost"]);
    assert_eq!(story.cart_comes_back("cart-1", Some(1)), ["tell cart-1 over: CartLost"]);
}

#[test]
fn a_nurse_who_hung_up_without_a_network_ends_the_call_on_return() {
    let mut story = Story::in_a_call();
    story.cart_is_lost("cart-1");
    assert_eq!(story.cart_comes_back("cart-1", None), ["cart-1 and weiss over: Nurse"]);
}

#[test]
fn a_call_that_was_answered_while_the_cart_was_away_is_told_on_return() {
    let mut story = Story::on_call(&["weiss"]);
    story.calls("cart-1", 1);
    story.cart_is_lost("cart-1");
    let answered = story.answers("weiss", 1);
    assert_eq!(answered, ["join weiss", "cart-1 has weiss", "tell weiss cart away"]);
    let back = story.cart_comes_back("cart-1", Some(1));
    assert_eq!(back, ["cart-1 has weiss", "tell weiss cart back"]);
    assert_eq!(story.calls("cart-1", 1), Vec::<String>::new());
}

#[test]
fn a_press_that_is_told_twice_rings_once() {
    let mut story = Story::on_call(&["weiss"]);
    assert_eq!(story.calls("cart-1", 1), ["ring weiss"]);
    assert_eq!(story.calls("cart-1", 1), Vec::<String>::new());
}

#[test]
fn a_cart_has_one_call_at_a_time_and_never_that_of_another() {
    let mut story = Story::in_a_call();
    assert_eq!(story.calls("cart-1", 2), ["refuse cart-1"]);
    assert_eq!(story.calls("cart-2", 1), ["refuse cart-2"]);
    assert_eq!(story.cart_hangs_up("cart-2", 1), Vec::<String>::new());
}

#[test]
fn signals_go_between_the_two_of_a_call_only() {
    let mut story = Story::in_a_call();
    let offer = |from| Input::CartSignal {
        cart: cart(from),
        call: call(1),
        signal: Signal::Offer { generation: 1, sdp: String::new() },
    };
    assert_eq!(story.tell(offer("cart-1")), ["Offer(1) to weiss"]);
    assert_eq!(story.tell(offer("cart-2")), ["refuse cart-2"]);
    let spy = Input::PhysicianSignal {
        physician: physician("amari"),
        call: call(1),
        signal: Signal::WantOffer,
    };
    assert_eq!(story.tell(spy), ["refuse amari"]);
}

#[test]
fn an_answered_call_survives_a_restart_of_the_hub() {
    let answered = Answered {
        call: call(1),
        cart: cart("cart-1"),
        encounter: encounter(1),
        physician: physician("weiss"),
    };
    let desk = Desk::resume(vec![physician("weiss")], vec![answered], START);
    let mut story = Story { desk, now: START };
    story.tell(Input::PhysicianConnected { physician: physician("weiss") });
    let back = story.cart_comes_back("cart-1", Some(1));
    assert_eq!(back, ["cart-1 has weiss", "tell weiss cart back"]);
    assert_eq!(story.pass(600), Vec::<String>::new());
}

#[test]
fn a_cart_that_believes_in_an_unknown_call_may_still_call_and_is_else_told() {
    let mut story = Story::on_call(&["weiss"]);
    assert_eq!(story.cart_comes_back("cart-1", Some(1)), Vec::<String>::new());
    assert_eq!(story.calls("cart-1", 1), ["ring weiss"]);
    assert_eq!(story.cart_comes_back("cart-2", Some(2)), Vec::<String>::new());
    assert_eq!(story.pass(2), ["tell cart-2 over: CartLost"]);
}
