//! Models of the completion port, in the manner of those of the pool: nothing that is delivered stays behind, and
//! the waker is never called once the environment has taken it away.

use std::sync::Arc;

use loom::cell::UnsafeCell;
use loom::sync::{Condvar, Mutex};
use loom::thread;

use super::port::{Port, Waker};
use crate::sync::models::model;

/// An event loop: it sleeps until it is called, and then asks how often it was.
#[derive(Default)]
struct EventLoop {
    calls: Mutex<usize>,
    called: Condvar,
}

impl EventLoop {
    fn next_call(&self) {
        let mut calls = self.calls.lock().unwrap();
        while *calls == 0 {
            calls = self.called.wait(calls).unwrap();
        }
        *calls -= 1;
    }
}

struct Call(Arc<EventLoop>);

impl Waker for Call {
    fn wake(&self) {
        *self.0.calls.lock().unwrap() += 1;
        self.0.called.notify_one();
    }
}

/// Delivers `count` things from as many threads.
fn deliver<W: Waker + Send + Sync + 'static>(
    port: &Arc<Port<usize, W>>,
    count: usize,
) -> Vec<thread::JoinHandle<()>> {
    let deliver = |thing| {
        let port = Arc::clone(port);
        thread::spawn(move || port.deliver(thing))
    };
    (0..count).map(deliver).collect()
}

/// Two threads deliver to an event loop that takes as many as `batch` at a call. A delivery for which nobody calls the
/// loop leaves it asleep: a deadlock, which loom reports.
fn all_deliveries_arrive(batch: usize) {
    model(move || {
        let event_loop = Arc::new(EventLoop::default());
        let port = Arc::new(Port::new());
        port.open(Call(Arc::clone(&event_loop)));
        let threads = deliver(&port, 2);
        let mut arrived = 0;
        while arrived < 2 {
            event_loop.next_call();
            port.ack();
            arrived += std::iter::from_fn(|| port.take()).take(batch).count();
            port.leave();
        }
        for thread in threads {
            thread.join().unwrap();
        }
    });
}

#[test]
fn no_delivery_is_left_behind() {
    all_deliveries_arrive(usize::MAX);
}

#[test]
fn what_a_batch_leaves_is_woken_for() {
    all_deliveries_arrive(1);
}

/// Two threads deliver while the environment goes. Its hook gets both deliveries, whenever they come, and when it has
/// taken the waker away no thread is inside it: loom reports the race if one is.
#[test]
fn a_closed_port_waits_for_its_deliveries() {
    struct Fragile(Arc<UnsafeCell<usize>>);
    // SAFETY: that nobody is in it when it is changed is what the model checks.
    unsafe impl Send for Fragile {}
    // SAFETY: as for Send.
    unsafe impl Sync for Fragile {}
    impl Waker for Fragile {
        fn wake(&self) {
            // SAFETY: loom checks it.
            assert_eq!(self.0.with(|alive| unsafe { *alive }), 1, "called after it was taken away");
        }
    }
    model(|| {
        let alive = Arc::new(UnsafeCell::new(1));
        let port = Arc::new(Port::new());
        port.open(Fragile(Arc::clone(&alive)));
        let threads = deliver(&port, 2);
        let (_waker, closed) = port.close();
        // SAFETY: loom checks it.
        alive.with_mut(|alive| unsafe { *alive = 0 });
        closed.wait_for(2);
        assert_eq!(port.take(), None);
        for thread in threads {
            thread.join().unwrap();
        }
    });
}
