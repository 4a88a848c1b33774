//! Chance that a seed repeats: SplitMix64 (Steele, Lea, Flood 2014).

pub(crate) struct Coins(u64);

impl Coins {
    pub fn new(seed: u64) -> Self {
        Self(seed)
    }

    pub fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mixed = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    pub fn toss(&mut self) -> bool {
        self.next() & 1 == 1
    }

    /// Below `bound`, which is at least 1; a bias of 2⁻⁴⁰ decides nothing here.
    pub fn below(&mut self, bound: usize) -> usize {
        let rest = self.next() % (bound.max(1) as u64);
        usize::try_from(rest).expect("below a usize")
    }

    pub fn shuffle<T>(&mut self, things: &mut [T]) {
        for last in (1..things.len()).rev() {
            things.swap(last, self.below(last + 1));
        }
    }
}
