//! Stories of two carts and three physicians.

mod story;

use story::*;

use super::*;

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
