//! Which job is served next: a first-in, first-out queue of tickets, and the threads that wait on it.

use super::job::{Step, Steps};
use super::sleep::{Sleepers, Watch, Watchman};
use crate::sync::{Arc, AtomicBool, Ordering, Parker, Queue, Unparker, fence};

/// A place for one thread at a job. Whoever holds the ticket of a lane is alone in that lane.
pub(super) struct Ticket {
    job: Arc<dyn Steps>,
    lane: usize,
    /// The job has this one ticket, and is done with in less time than a thread is woken.
    brief: bool,
}

/// So many brief tickets in a row are one thread's before it calls for help.
const ROW: u32 = 64;

/// What all threads of a pool share.
pub(super) struct Line {
    tickets: Queue<Ticket>,
    sleepers: Sleepers,
    watch: Watch,
    closed: AtomicBool,
}

impl Line {
    /// A line that up to `threads` threads serve.
    pub(super) fn new(threads: usize) -> Self {
        Self {
            tickets: Queue::new(),
            sleepers: Sleepers::new(threads),
            watch: Watch::new(),
            closed: AtomicBool::new(false),
        }
    }

    /// Hands out `width` tickets for a job and sees to it that a thread is awake to take them. That thread
    /// wakes the next ones, so that the submitter pays for at most one wake-up.
    pub(super) fn submit(&self, job: Arc<dyn Steps>, width: usize) {
        let brief = width == 1 && job.is_brief();
        for lane in 1..width {
            self.tickets.push(Ticket { job: Arc::clone(&job), lane, brief });
        }
        self.tickets.push(Ticket { job, lane: 0, brief });
        self.alert();
    }

    /// After a push: wakes a thread unless one is on its way to the queue.
    ///
    /// No ticket is left behind by this. The fence here and the one in [`Sleepers::enlist`] order the two sides:
    /// either the check for sleepers sees the thread that is about to park, or that thread's last look at the
    /// queue sees the ticket. The same holds for the thread that keeps watch, which gives that up, and says so, before
    /// it enlists.
    fn alert(&self) {
        fence(Ordering::SeqCst);
        if !self.watch.is_kept() {
            self.sleepers.wake_one();
        }
    }

    /// Serves tickets until the line is closed. `me` is the number of this thread, below `threads`.
    ///
    /// A thread keeps watch while it serves brief tickets: it is back before another would be up. So a program that
    /// makes one short call after the other, or ten thousand at once, wakes no thread for them.
    pub(super) fn serve(&self, me: usize, parker: &Parker) {
        let mut watchman = self.watch.watchman();
        let mut row = 0;
        while let Some(ticket) = self.next(me, parker, &mut watchman) {
            if ticket.brief && row < ROW {
                watchman.go_on_duty();
                row += 1;
            } else {
                watchman.go_off_duty();
                self.recruit();
                row = 0;
            }
            self.turn(ticket);
        }
    }

    /// One turn of a ticket: one piece. Then to the end of the queue, or, while nobody else waits there, on.
    fn turn(&self, ticket: Ticket) {
        while ticket.job.step(ticket.lane) == Step::More {
            if !self.tickets.is_empty() {
                // No alert: this thread itself comes for a ticket next.
                self.tickets.push(ticket);
                return;
            }
        }
    }

    /// Called with a ticket in hand: if more are waiting, wakes two more threads, each of which does the same.
    /// So `n` threads are up after about log2 n wake-ups in a row.
    fn recruit(&self) {
        for _ in 0..2 {
            if self.tickets.is_empty() || !self.sleepers.wake_one() {
                return;
            }
        }
    }

    /// The ticket at the head of the queue; waits for one. `None` when the line is closed.
    fn next(&self, me: usize, parker: &Parker, watchman: &mut Watchman<'_>) -> Option<Ticket> {
        loop {
            if let Some(ticket) = self.tickets.pop() {
                return Some(ticket);
            }
            if watchman.go_on_duty() && watchman.watch_for(|| !self.tickets.is_empty()) {
                continue;
            }
            watchman.go_off_duty();
            self.sleepers.enlist(me);
            // Before the last look: what was submitted before the line was closed is served.
            let closed = self.closed.load(Ordering::Acquire);
            if !self.tickets.is_empty() {
                self.sleepers.withdraw(me);
                continue;
            }
            if closed {
                return None;
            }
            parker.park();
            // Whoever unparked this thread took it off the list; a token left over from a withdrawal did not.
            self.sleepers.withdraw(me);
        }
    }

    /// Sends every thread home that finds no ticket any more.
    #[cfg(test)]
    pub(super) fn close(&self) {
        self.closed.store(true, Ordering::Release);
        fence(Ordering::SeqCst);
        while self.sleepers.wake_one() {}
    }

    /// Gives thread `me` a way to be woken. Called once for each thread, before it serves.
    pub(super) fn introduce(&self, me: usize, unparker: Unparker) {
        self.sleepers.introduce(me, unparker);
    }
}
