//! Stories of calls that are lost, come back and are replaced.

use super::{PeerEffect::*, PeerInput::*, *};

/// Feeds inputs at milliseconds and returns all effects.
fn play(life: &mut PeerLife, story: &[(i64, PeerInput)]) -> Vec<PeerEffect> {
    let at = Timestamp::from_millis;
    story.iter().flat_map(|(millis, input)| life.handle(*input, at(*millis))).collect()
}

/// Generation 1 carries the call since 200 ms.
fn in_call() -> PeerLife {
    let mut life = PeerLife::after(0);
    let effects = play(
        &mut life,
        &[
            (0, Join),
            (100, Answered { generation: 1 }),
            (150, IceConnected { generation: 1 }),
            (200, Connected { generation: 1 }),
            (300, Shown { generation: 1 }),
        ],
    );
    assert_eq!(effects, [MakeOffer { generation: 1 }, Up]);
    life
}

#[test]
fn a_call_that_connects_is_left_alone() {
    assert_eq!(play(&mut in_call(), &[(5_000, Tick), (60_000, Tick)]), []);
}

#[test]
fn a_restarted_program_goes_on_above_the_last_number() {
    let effects = play(&mut PeerLife::after(41), &[(0, Join)]);
    assert_eq!(effects, [MakeOffer { generation: 42 }]);
}

#[test]
fn a_handshake_that_hangs_after_ice_is_made_anew() {
    let mut life = PeerLife::after(0);
    let story = [(0, Join), (50, Answered { generation: 1 }), (90, IceConnected { generation: 1 })];
    play(&mut life, &story);
    assert_eq!(play(&mut life, &[(1_590, Tick)]), []);
    assert_eq!(
        play(&mut life, &[(1_591, Tick)]),
        [Close { generation: 1 }, MakeOffer { generation: 2 }]
    );
}

#[test]
fn an_answered_offer_that_never_connects_is_made_anew() {
    let mut life = PeerLife::after(0);
    play(&mut life, &[(0, Join), (4_000, Answered { generation: 1 })]);
    assert_eq!(play(&mut life, &[(9_000, Tick)]), []);
    assert_eq!(
        play(&mut life, &[(9_001, Tick)]),
        [Close { generation: 1 }, MakeOffer { generation: 2 }]
    );
}

#[test]
fn an_offer_that_got_lost_is_made_anew() {
    let mut life = PeerLife::after(0);
    assert_eq!(
        play(&mut life, &[(0, Join), (5_000, Tick), (5_001, Tick)]),
        [MakeOffer { generation: 1 }, Close { generation: 1 }, MakeOffer { generation: 2 }]
    );
}

#[test]
fn a_short_gap_heals_by_itself() {
    let gap = [
        (1_000, Disconnected { generation: 1 }),
        (1_900, Tick),
        (1_950, Connected { generation: 1 }),
        (9_000, Tick),
    ];
    assert_eq!(play(&mut in_call(), &gap), []);
}

#[test]
fn the_old_connection_is_kept_until_the_new_one_is_shown() {
    let mut life = in_call();
    let lost = play(&mut life, &[(1_000, Disconnected { generation: 1 }), (2_001, Tick)]);
    assert_eq!(lost, [MakeOffer { generation: 2 }, Down]);
    let back = play(
        &mut life,
        &[
            (2_100, Answered { generation: 2 }),
            (2_200, IceConnected { generation: 2 }),
            (2_300, Connected { generation: 2 }),
            (3_000, Tick),
        ],
    );
    assert_eq!(back, [Up]);
    assert_eq!(play(&mut life, &[(3_100, Shown { generation: 2 })]), [Close { generation: 1 }]);
}

#[test]
fn a_page_in_the_background_does_not_keep_the_old_connection_for_ever() {
    let mut life = in_call();
    play(&mut life, &[(1_000, WantOffer), (1_200, Connected { generation: 2 })]);
    assert_eq!(play(&mut life, &[(6_200, Tick)]), []);
    assert_eq!(play(&mut life, &[(6_201, Tick)]), [Close { generation: 1 }]);
}

#[test]
fn a_page_that_asks_again_and_again_gets_two_offers_a_second() {
    let mut life = in_call();
    let story: Vec<_> = (0..100).map(|n| (1_000 + n * 10, WantOffer)).collect();
    let offers = play(&mut life, &story);
    assert_eq!(
        offers,
        [MakeOffer { generation: 2 }, Close { generation: 2 }, MakeOffer { generation: 3 }]
    );
    // The last wish is not forgotten either.
    assert_eq!(
        play(&mut life, &[(2_000, Tick)]),
        [Close { generation: 3 }, MakeOffer { generation: 4 }]
    );
}

#[test]
fn a_connection_that_failed_is_replaced_but_not_in_a_hurry() {
    let mut life = PeerLife::after(0);
    let early = play(&mut life, &[(0, Join), (10, Failed { generation: 1 }), (999, Tick)]);
    assert_eq!(early, [MakeOffer { generation: 1 }]);
    assert_eq!(
        play(&mut life, &[(1_000, Tick)]),
        [Close { generation: 1 }, MakeOffer { generation: 2 }]
    );
}

#[test]
fn late_news_of_a_closed_generation_changes_nothing() {
    let mut life = in_call();
    let late = [
        (1_000, Failed { generation: 7 }),
        (1_010, Shown { generation: 7 }),
        (1_020, IceConnected { generation: 1 }),
        (9_000, Tick),
    ];
    assert_eq!(play(&mut life, &late), []);
}

#[test]
fn leaving_closes_everything_and_the_next_call_counts_on() {
    let mut life = in_call();
    assert_eq!(
        play(&mut life, &[(1_000, WantOffer), (1_100, Leave)]),
        [MakeOffer { generation: 2 }, Close { generation: 1 }, Close { generation: 2 }]
    );
    assert_eq!(play(&mut life, &[(1_200, WantOffer), (9_000, Tick)]), []);
    assert_eq!(play(&mut life, &[(9_500, Join)]), [MakeOffer { generation: 3 }]);
}
