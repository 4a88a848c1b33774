//! Counts what went wrong on a day: one on which nothing does would prove nothing.

macro_rules! faults {
    ($($name:ident),* $(,)?) => {
        #[derive(Clone, Debug, Default)]
        pub struct Faults {
            $(pub $name: u32,)*
        }

        impl Faults {
            pub fn add(&mut self, other: &Self) {
                $(self.$name += other.$name;)*
            }

            pub fn all_happened(&self) -> bool {
                [$(self.$name),*].iter().all(|&count| count > 0)
            }
        }
    };
}

faults! {
    away,
    denied,
    refused,
    refused_openings,
    lost_requests,
    lost_replies,
    late,
    late_after_a_crash,
    found,
    missing,
    unproven,
    failed_looks,
    crashes_in_flight,
    stolen_claims,
    sends_of_the_robbed,
    full_disk,
    outcomes_on_full_disk,
    kept_later,
    several_at_once,
    doubled,
}
