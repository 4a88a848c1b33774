//! A desk to which things happen; its effects are told in short words.

use super::super::*;

pub const START: Timestamp = Timestamp::from_millis(1_795_333_320_000);

pub struct Story {
    pub desk: Desk,
    pub now: Timestamp,
}

pub fn call(number: u128) -> CallId {
    CallId::new(uuid::Uuid::from_u128(number))
}

pub fn encounter(number: u128) -> EncounterId {
    EncounterId::new(uuid::Uuid::from_u128(number))
}

pub fn cart(name: &str) -> CartName {
    CartName(name.into())
}

pub fn physician(name: &str) -> PhysicianName {
    PhysicianName(name.into())
}

impl Story {
    pub fn on_call(names: &[&str]) -> Self {
        let mut story = Self { desk: Desk::default(), now: START };
        for name in names {
            story.tell(Input::PhysicianConnected { physician: physician(name) });
            story.tell(Input::OnCall { physician: physician(name), on_call: true });
        }
        story
    }

    /// `cart-1` has called and `weiss` is in the call.
    pub fn in_a_call() -> Self {
        let mut story = Self::on_call(&["weiss"]);
        story.calls("cart-1", 1);
        story.answers("weiss", 1);
        story
    }

    pub fn tell(&mut self, input: Input) -> Vec<String> {
        self.desk.handle(input, self.now).iter().map(words).collect()
    }

    pub fn calls(&mut self, name: &str, number: u128) -> Vec<String> {
        let (call, encounter) = (call(number), encounter(number));
        self.tell(Input::Call { cart: cart(name), call, encounter })
    }

    pub fn answers(&mut self, name: &str, number: u128) -> Vec<String> {
        self.tell(Input::Answer { physician: physician(name), call: call(number) })
    }

    pub fn declines(&mut self, name: &str, number: u128) -> Vec<String> {
        self.tell(Input::Decline { physician: physician(name), call: call(number) })
    }

    pub fn cart_hangs_up(&mut self, name: &str, number: u128) -> Vec<String> {
        self.tell(Input::CartHangUp { cart: cart(name), call: call(number) })
    }

    pub fn physician_hangs_up(&mut self, name: &str, number: u128) -> Vec<String> {
        self.tell(Input::PhysicianHangUp { physician: physician(name), call: call(number) })
    }

    pub fn cart_comes_back(&mut self, name: &str, number: Option<u128>) -> Vec<String> {
        self.tell(Input::CartStatus { cart: cart(name), call: number.map(call) })
    }

    pub fn cart_is_lost(&mut self, name: &str) -> Vec<String> {
        self.tell(Input::CartLost { cart: cart(name) })
    }

    pub fn page_reloads(&mut self, name: &str) -> Vec<String> {
        let mut all = self.tell(Input::PhysicianLost { physician: physician(name) });
        all.extend(self.tell(Input::PhysicianConnected { physician: physician(name) }));
        all
    }

    /// Lets time pass as the hub does: a tick at every deadline.
    pub fn pass(&mut self, seconds: i64) -> Vec<String> {
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
