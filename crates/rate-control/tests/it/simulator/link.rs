//! The link: a rate, a drop-tail queue, random loss, delay and jitter.

pub struct Link {
    rate: u32,
    /// How long a full queue takes to empty, ms.
    queue: u64,
    loss_percent: u64,
    one_way: u64,
    jitter: u64,
    /// When the link has sent all it took, in microseconds.
    free_at: u64,
    last_arrival: u64,
    coins: u64,
}

impl Link {
    /// `queue` is in ms at `narrow` bit/s; `one_way` and `jitter` are ms.
    pub fn new(narrow: u32, queue: u64, loss_percent: u64, one_way: u64, jitter: u64) -> Self {
        Self {
            rate: narrow,
            queue,
            loss_percent,
            one_way,
            jitter,
            free_at: 0,
            last_arrival: 0,
            coins: 0x9e37_79b9_7f4a_7c15 ^ (queue << 20) ^ (loss_percent << 40) ^ u64::from(narrow),
        }
    }

    /// Another way from now on, ms.
    pub fn reroute(&mut self, one_way: u64) {
        self.one_way = one_way;
    }

    /// A new rate holds for what still waits.
    pub fn step(&mut self, now: u64, rate: u32) {
        if rate != self.rate {
            let waiting = self.waiting(now);
            self.rate = rate;
            self.free_at = now * 1_000 + waiting * 8_000_000 / u64::from(rate);
        }
    }

    /// How long a packet would wait now, ms.
    pub fn wait(&self, now: u64) -> u64 {
        self.free_at.saturating_sub(now * 1_000) / 1_000
    }

    fn waiting(&self, now: u64) -> u64 {
        self.free_at.saturating_sub(now * 1_000) * u64::from(self.rate) / 8_000_000
    }

    /// When it arrives, ms; `None` when the queue is full or it is lost.
    pub fn carry(&mut self, size: u32, now: u64) -> Option<u64> {
        // Two packets at least: no router has less.
        let room = (u64::from(self.rate) * self.queue / 8_000).max(3_000);
        if self.waiting(now) + u64::from(size) > room {
            return None;
        }
        self.free_at =
            self.free_at.max(now * 1_000) + u64::from(size) * 8_000_000 / u64::from(self.rate);
        if self.coin() % 100 < self.loss_percent {
            return None;
        }
        let jitter = self.coin() % (self.jitter + 1);
        let arrival = self.free_at / 1_000 + self.one_way + jitter;
        self.last_arrival = self.last_arrival.max(arrival);
        Some(self.last_arrival)
    }

    /// xorshift64: the same sequence every time.
    fn coin(&mut self) -> u64 {
        self.coins ^= self.coins << 13;
        self.coins ^= self.coins >> 7;
        self.coins ^= self.coins << 17;
        self.coins >> 11
    }
}
