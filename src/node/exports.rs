//! What `lib/engine.js` sees of Rust.

use std::rc::Rc;
use std::sync::OnceLock;

use napi::bindgen_prelude::{BigInt, Either};
use napi::{Env, Result, Unknown};
use napi_derive::napi;

use super::environment::{BATCH, Environment, Held, MAILBOX};
use super::refusal::Refusal;
use super::view::{Pinned, TypedArray};
use crate::exact::{Isa, fp_env};
use crate::jobs::{Fill, Numeric, SumRange, SumView};
use crate::memory::Claim;
use crate::pool::{MAX_THREADS, Pool};

/// One pool for the whole process. Never dropped: its threads end with the process.
static POOL: OnceLock<Pool> = OnceLock::new();

/// The pool, of `wanted` threads if this is the first call, or of one for each CPU the process may use.
fn pool(wanted: Option<usize>) -> &'static Pool {
    POOL.get_or_init(|| {
        let cpus = || std::thread::available_parallelism().map_or(1, |cpus| cpus.get());
        Pool::new(wanted.unwrap_or_else(cpus).min(MAX_THREADS), fp_env::reset)
    })
}

/// The number of threads of the pool. Starts none. `wanted` counts only for the first caller of the process.
#[napi(catch_unwind)]
pub(crate) fn pool_size(wanted: Option<u32>) -> u32 {
    pool(wanted.map(|wanted| wanted as usize)).size() as u32
}

/// How many settled calls the mailbox holds, and its size in bytes.
#[napi(catch_unwind)]
pub(crate) fn mailbox_bytes() -> u32 {
    const { assert!(MAILBOX / BATCH == 24, "lib/engine.js knows the layout of a record") };
    MAILBOX as u32
}

/// Makes the next job of the process that comes past `point` panic there.
#[cfg(feature = "faults")]
#[napi(catch_unwind)]
pub(crate) fn inject_fault(point: String) -> Result<()> {
    use crate::faults::{Point, arm};
    match point.as_str() {
        "run" => arm(Point::Run),
        "finish" => arm(Point::Finish),
        _ => return Err(napi::Error::from_reason(format!("no such point: {point}"))),
    }
    Ok(())
}

type Integer = Either<f64, BigInt>;

/// The engine of one environment. Every method that starts a call gives back its id, or throws a coded error
/// before anything has started; `settle` is told of each id once.
#[napi]
pub struct Engine {
    environment: Rc<Environment>,
    isa: Isa,
}

#[napi]
impl Engine {
    /// `settle(count, messages)` is called with `count` records in `mailbox`, a Uint8Array of `mailboxBytes()`.
    /// `isa` names the instruction set of the kernels, if not the widest is wanted that the processor has.
    #[napi(constructor, catch_unwind)]
    pub fn new(env: Env, settle: Unknown<'_>, mailbox: Unknown<'_>, isa: Option<String>) -> Result<Self> {
        let isa = match isa {
            None => Isa::detect(),
            Some(name) => Isa::from_name(&name).ok_or_else(|| Refusal::NoSuchIsa { name }.throw(env))?,
        };
        let environment = Environment::open(env, &settle, &mailbox).map_err(|refusal| refusal.throw(env))?;
        Ok(Self { environment, isa })
    }

    /// Sums the integers below `num`, on at most `threads` threads (0: all).
    #[napi(catch_unwind)]
    pub fn sum_range(&self, env: Env, num: Integer, threads: u32) -> Result<u32> {
        self.start_range(num, threads).map_err(|refusal| refusal.throw(env))
    }

    /// Fills the first `length` - 1 slots of `target`. Without `num` the request is what the last slot holds.
    #[napi(catch_unwind)]
    pub fn sum_into(
        &self,
        env: Env,
        target: Unknown<'_>,
        length: i64,
        num: Option<Integer>,
        threads: u32,
    ) -> Result<u32> {
        self.start_fill(env, &target, length, num, threads).map_err(|refusal| refusal.throw(env))
    }

    /// Sums the elements of a typed array.
    #[napi(catch_unwind)]
    pub fn sum(&self, env: Env, view: Unknown<'_>, threads: u32) -> Result<u32> {
        self.start_sum(env, &view, threads).map_err(|refusal| refusal.throw(env))
    }

    /// Stops the call with that id, unless it is settled.
    #[napi(catch_unwind)]
    pub fn abort(&self, id: u32) {
        self.environment.abort(id);
    }
}

impl Engine {
    fn start_range(&self, num: Integer, threads: u32) -> std::result::Result<u32, Refusal> {
        let numeric = match num {
            Either::A(_) => Numeric::Number,
            Either::B(_) => Numeric::BigInt,
        };
        let num = integer(num)?;
        let pool = pool(None);
        let width = width(pool.start()?, threads);
        self.environment.submit(pool, SumRange::new(num, width, numeric), width, Held::default())
    }

    fn start_fill(
        &self,
        env: Env,
        target: &Unknown<'_>,
        length: i64,
        num: Option<Integer>,
        threads: u32,
    ) -> std::result::Result<u32, Refusal> {
        let array = TypedArray::read(env, target, "target")?;
        let num = num.map(integer).transpose()?;
        let pool = pool(None);
        let threads = width(pool.start()?, threads);
        // From here on the buffer lives as long as this call is in flight: the reference is released when it is
        // settled, and if the environment ends before, its cleanup hook waits for the job first.
        let view = Pinned::new(env, target)?;
        // SAFETY: see above. On the error paths below no job has seen the slots.
        let started = unsafe { array.slots(usize::try_from(length).unwrap_or(0)) }.and_then(|slots| {
            let flag = slots.len() - 1;
            let num = match num {
                Some(num) => num,
                None => {
                    let request = slots.load(flag);
                    u64::try_from(request).map_err(|_| Refusal::NegativeRequest { slot: flag, request })?
                }
            };
            Fill::check(num, slots.len(), slots.kind()).map_err(|what| Refusal::DoesNotFit {
                what,
                kind: slots.kind(),
                num,
            })?;
            let claim = Claim::new(slots.addresses()).ok_or(Refusal::Busy)?;
            slots.store(flag, num as i64);
            Ok((Fill::new(slots, num), claim))
        });
        match started {
            Ok((work, claim)) => {
                self.environment.submit(pool, work, threads, Held { view: Some(view), claim: Some(claim) })
            }
            Err(refusal) => {
                view.release(env.raw());
                Err(refusal)
            }
        }
    }

    fn start_sum(&self, env: Env, view: &Unknown<'_>, threads: u32) -> std::result::Result<u32, Refusal> {
        let array = TypedArray::read(env, view, "view")?;
        let pool = pool(None);
        let threads = width(pool.start()?, threads);
        let pinned = Pinned::new(env, view)?;
        // SAFETY: the buffer lives as long as this call is in flight: the reference is released when it is settled,
        // and if the environment ends before, its cleanup hook waits for the job first.
        let shared = unsafe { array.view() };
        let work = SumView::new(shared, array.element(), self.isa, threads);
        self.environment.submit(pool, work, threads, Held { view: Some(pinned), claim: None })
    }
}

/// How many threads a call may use.
fn width(running: usize, threads: u32) -> usize {
    if threads == 0 { running } else { running.min(threads as usize) }
}

/// `index.js` has checked it; what comes from JavaScript is checked again.
fn integer(num: Integer) -> std::result::Result<u64, Refusal> {
    const MAX_SAFE_INTEGER: f64 = 9_007_199_254_740_991.0;
    let refusal = Refusal::OutOfRange {
        argument: "num",
        expected: "an integer from 0 to 2 ** 53 - 1, or to 2n ** 64n - 1n",
    };
    match num {
        Either::A(num) if num.fract() == 0.0 && (0.0..=MAX_SAFE_INTEGER).contains(&num) => Ok(num as u64),
        Either::B(num) => match num.get_u64() {
            (false, num, true) => Ok(num),
            _ => Err(refusal),
        },
        Either::A(_) => Err(refusal),
    }
}
