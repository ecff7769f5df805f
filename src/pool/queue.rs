//! The run queue: which job is served next. A first-in, first-out queue of tickets, and the threads that serve it.
//! README.md describes how these sleep and wake.

use super::job::{Step, Steps};
use super::sleep::{Sleepers, Spinner, SpinnerRole};
use crate::sync::{Arc, AtomicBool, Ordering, Parker, Queue, Unparker, fence};

/// The right of one thread to work on a job, in one lane. Only the holder of a lane's ticket runs pieces in that lane.
pub(super) struct Ticket {
    job: Arc<dyn Steps>,
    lane: usize,
    /// This is the job's only ticket, and the whole job takes less time than waking a thread.
    short: bool,
}

/// After this many short tickets in a row, a thread wakes others although its current ticket is short too.
const MAX_SHORT_IN_A_ROW: u32 = 64;

/// What the threads of a pool share.
pub(super) struct RunQueue {
    tickets: Queue<Ticket>,
    sleepers: Sleepers,
    spinner: Spinner,
    closed: AtomicBool,
}

impl RunQueue {
    /// A queue that up to `threads` threads serve.
    pub(super) fn new(threads: usize) -> Self {
        Self {
            tickets: Queue::new(),
            sleepers: Sleepers::new(threads),
            spinner: Spinner::new(),
            closed: AtomicBool::new(false),
        }
    }

    /// Pushes `width` tickets for a job and sees to it that a thread is awake to take them, or two for several. These wake the next
    /// ones, so the submitter pays for at most two wake-ups.
    pub(super) fn submit(&self, job: Arc<dyn Steps>, width: usize) {
        let short = width == 1 && job.is_short();
        for lane in 1..width {
            self.tickets.push(Ticket { job: Arc::clone(&job), lane, short });
        }
        self.tickets.push(Ticket { job, lane: 0, short });
        self.notify();
        if width > 1 {
            // The system may put a thread that wakes behind the one that wakes it, and not look for another processor for milliseconds.
            // Behind this one it does not wait for long. The fence N comes before this wake-up, too.
            self.sleepers.wake_one();
        }
    }

    /// After a push: wakes a thread, unless the spinner will look at the queue.
    fn notify(&self) {
        // N: a thread that this does not see parked, or sees spinning, will see what was pushed.
        fence(Ordering::SeqCst);
        if !self.spinner.is_active() {
            self.sleepers.wake_one();
        }
    }

    /// Serves tickets until the queue is closed. `me` is the number of this thread, below `threads`. Calls `after_piece` after
    /// each piece.
    ///
    /// The spinner keeps its role while it runs short tickets: it is back before another thread would be awake.
    pub(super) fn serve(&self, me: usize, parker: &Parker, after_piece: impl Fn()) {
        let mut role = self.spinner.role();
        let mut short_in_a_row = 0;
        while let Some(ticket) = self.next(me, parker, &mut role) {
            if ticket.short && short_in_a_row < MAX_SHORT_IN_A_ROW {
                role.try_acquire();
                short_in_a_row += 1;
            } else {
                role.release();
                self.wake_more();
                short_in_a_row = 0;
            }
            self.run_turn(ticket, &after_piece);
        }
    }

    /// Runs one piece, then requeues the ticket; while the queue is empty, continues.
    fn run_turn(&self, ticket: Ticket, after_piece: &impl Fn()) {
        loop {
            let step = ticket.job.step(ticket.lane);
            after_piece();
            if step == Step::Over {
                return;
            }
            if !self.tickets.is_empty() {
                // No need to notify: this thread itself takes a ticket next.
                self.tickets.push(ticket);
                return;
            }
        }
    }

    /// Serves tickets in the place of a thread that is held up in a piece, until there are none, or until `is_dismissed`. Calls
    /// `after_piece` after each piece.
    pub(super) fn stand_in(&self, after_piece: impl Fn(), is_dismissed: impl Fn() -> bool) {
        while !is_dismissed()
            && let Some(ticket) = self.tickets.pop()
        {
            loop {
                let step = ticket.job.step(ticket.lane);
                after_piece();
                if step == Step::Over {
                    break;
                }
                if !self.tickets.is_empty() || is_dismissed() {
                    self.give_back(ticket);
                    break;
                }
            }
        }
    }

    /// Takes a ticket of a job that no thread is in; those of other jobs go to the end of the queue.
    fn pop_untended(&self) -> Option<Ticket> {
        let mut any_passed = false;
        let mut found = None;
        // Each ticket once, and no more than are waiting now.
        for _ in 0..self.tickets.len() {
            let Some(ticket) = self.tickets.pop() else { break };
            if !ticket.job.is_tended() {
                found = Some(ticket);
                break;
            }
            self.tickets.push(ticket);
            any_passed = true;
        }
        if any_passed {
            // A thread may have looked at the queue while a ticket was in hand.
            self.notify();
        }
        found
    }

    /// Whether there is a ticket of a job that no thread is in.
    pub(super) fn has_untended(&self) -> bool {
        let ticket = self.pop_untended();
        ticket.map(|ticket| self.give_back(ticket)).is_some()
    }

    /// Serves jobs that no thread is in, as [`stand_in`](Self::stand_in) serves all: until there are none, or until `is_dismissed`.
    pub(super) fn serve_untended(&self, after_piece: impl Fn(), is_dismissed: impl Fn() -> bool) {
        while !is_dismissed()
            && let Some(ticket) = self.pop_untended()
        {
            let step = ticket.job.step(ticket.lane);
            after_piece();
            if step == Step::More {
                self.give_back(ticket);
            }
        }
    }

    /// Requeues the ticket of a thread that may not come back for it.
    fn give_back(&self, ticket: Ticket) {
        self.tickets.push(ticket);
        self.notify();
    }

    /// Whether a ticket is waiting. Another thread may take it at any moment.
    pub(super) fn has_tickets(&self) -> bool {
        !self.tickets.is_empty()
    }

    /// Called with a ticket in hand: if more are queued, wakes two more threads, each of which does the same.
    /// So `n` threads are awake after about log2 n wake-ups in a row.
    fn wake_more(&self) {
        for _ in 0..2 {
            if self.tickets.is_empty() || !self.sleepers.wake_one() {
                return;
            }
        }
    }

    /// Takes the ticket at the head of the queue; waits for one. `None` when the queue is closed.
    fn next(&self, me: usize, parker: &Parker, role: &mut SpinnerRole<'_>) -> Option<Ticket> {
        loop {
            if let Some(ticket) = self.tickets.pop() {
                return Some(ticket);
            }
            if role.try_acquire() && role.spin_until(|| !self.tickets.is_empty()) {
                continue;
            }
            role.release();
            self.sleepers.prepare_park(me);
            // Read before the last look at the queue: what was submitted before the close is served.
            let closed = self.closed.load(Ordering::Acquire);
            if !self.tickets.is_empty() {
                self.sleepers.cancel_park(me);
                continue;
            }
            if closed {
                return None;
            }
            parker.park();
            // The bit is still set if the token is left over from a canceled park.
            self.sleepers.cancel_park(me);
        }
    }

    /// Ends every thread that finds no more tickets.
    #[cfg(test)]
    pub(super) fn close(&self) {
        self.closed.store(true, Ordering::Release);
        fence(Ordering::SeqCst);
        while self.sleepers.wake_one() {}
    }

    /// Registers thread `me` with the way to wake it. Called once for each thread, before it serves.
    pub(super) fn register(&self, me: usize, unparker: Unparker) {
        self.sleepers.register(me, unparker);
    }
}

#[cfg(all(test, not(loom), not(shuttle)))]
mod tests {
    use super::super::{Completion, Work, job};
    use super::*;

    struct Nothing(usize);

    impl Work for Nothing {
        type Output = ();
        fn pieces(&self) -> usize {
            self.0
        }
        fn run(&self, _: usize, _: usize) {}
        fn finish(&self, _: &Completion) {}
    }

    /// How many of four parked threads a submission wakes.
    fn woken(width: usize, spins: bool) -> usize {
        let queue = RunQueue::new(4);
        let parkers: Vec<Parker> = (0..4).map(|_| Parker::new()).collect();
        for (me, parker) in parkers.iter().enumerate() {
            queue.register(me, parker.unparker().clone());
            queue.sleepers.prepare_park(me);
        }
        let mut role = queue.spinner.role();
        assert!(!spins || role.try_acquire());
        queue.submit(job::make(Nothing(8), |_| ()).0, width);
        (0..4).take_while(|_| queue.sleepers.wake_one()).fold(4, |woken, _| woken - 1)
    }

    #[test]
    fn a_submission_wakes_no_more_threads_than_it_must() {
        assert_eq!([1, 2, 4].map(|width| woken(width, false)), [1, 2, 2]);
        // The one that spins need not be woken.
        assert_eq!([1, 2, 4].map(|width| woken(width, true)), [0, 1, 1]);
    }
}
