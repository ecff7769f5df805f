//! [`Cache`]: the bodies of a process, each compiled once.

use std::collections::{HashMap, VecDeque};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, Weak};

use crate::body::Body;
use crate::lower::{Parameters, Refused, Request, Returns, Shape};
use crate::stack::with_stack;

/// Bodies that are kept although nobody uses them: threads that come and go may each use one but once.
const KEPT: usize = 64;
/// Bytes of source that are kept for them at the most.
const KEPT_BYTES: usize = 1 << 18;

/// What makes two bodies the same.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
struct Key {
    source: Box<str>,
    parameters: Parameters,
    returns: Returns,
    data: Shape,
}

/// Compiled bodies, by what they were compiled from. One that nobody uses any more is forgotten, but for the last few.
#[derive(Debug, Default)]
pub struct Cache(Mutex<Bodies>);

#[derive(Debug, Default)]
struct Bodies {
    known: HashMap<Arc<Key>, Weak<Body>>,
    /// The last that were asked for, the newest at the end, and the bytes of their sources.
    recent: VecDeque<(Arc<Key>, Arc<Body>)>,
    recent_bytes: usize,
    /// When so many are known, those that are gone are cleared out.
    sweep_at: usize,
}

impl Cache {
    /// The body that the request asks for.
    ///
    /// # Errors
    /// Everything in it that cannot be compiled. Refusals are not remembered.
    pub fn get(&self, request: &Request<'_>) -> Result<Arc<Body>, Vec<Refused>> {
        let key = Key {
            source: request.source.into(),
            parameters: request.parameters,
            returns: request.returns,
            data: request.data.clone(),
        };
        if let Some(body) = self.bodies().find(&key) {
            return Ok(body);
        }
        // Not under the lock: other threads have bodies of their own to look for. If one of them compiles the same, the first
        // to come back wins.
        let body = Arc::new(with_stack(|| Body::compile(request))?);
        Ok(self.bodies().insert(key, body))
    }

    fn bodies(&self) -> MutexGuard<'_, Bodies> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// How many are known, those that are gone included.
    #[cfg(test)]
    fn len(&self) -> usize {
        self.bodies().known.len()
    }
}

impl Bodies {
    fn find(&self, key: &Key) -> Option<Arc<Body>> {
        self.known.get(key)?.upgrade()
    }

    fn insert(&mut self, key: Key, body: Arc<Body>) -> Arc<Body> {
        if let Some(body) = self.find(&key) {
            return body;
        }
        if self.known.len() >= self.sweep_at {
            self.known.retain(|_, body| body.strong_count() > 0);
            self.sweep_at = (2 * self.known.len()).max(2 * KEPT);
        }
        let key = Arc::new(key);
        self.known.insert(Arc::clone(&key), Arc::downgrade(&body));
        self.recent_bytes += key.source.len();
        self.recent.push_back((key, Arc::clone(&body)));
        while self.recent.len() > KEPT || self.recent_bytes > KEPT_BYTES {
            let Some((old, _)) = self.recent.pop_front() else { break };
            self.recent_bytes -= old.source.len();
        }
        body
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn get(cache: &Cache, source: &str) -> Arc<Body> {
        let data = Shape::Object(std::collections::BTreeMap::new());
        let request =
            Request { source, parameters: Parameters::Indices(1), returns: Returns::Number, data: &data };
        cache.get(&request).unwrap()
    }

    #[test]
    fn the_same_text_is_compiled_once() {
        let cache = Cache::default();
        let first = get(&cache, "i => i + 1");
        assert!(Arc::ptr_eq(&first, &get(&cache, "i => i + 1")));
        assert!(!Arc::ptr_eq(&first, &get(&cache, "i => i + 2")));
    }

    #[test]
    fn other_data_is_another_body() {
        let cache = Cache::default();
        let shapes = [Shape::Number, Shape::Boolean];
        let [a, b] = shapes.map(|shape| {
            let data = Shape::Object([("k".into(), shape)].into());
            let source = "(i, { k }) => i + k";
            let request =
                Request { source, parameters: Parameters::Indices(1), returns: Returns::Number, data: &data };
            cache.get(&request).unwrap()
        });
        assert!(!Arc::ptr_eq(&a, &b));
    }

    #[test]
    fn bodies_that_nobody_uses_are_forgotten() {
        let cache = Cache::default();
        let used = get(&cache, "i => i");
        for k in 0..2000 {
            get(&cache, &format!("i => i + {k}"));
        }
        assert!(cache.len() <= 2 * KEPT + 2, "{}", cache.len());
        assert!(Arc::ptr_eq(&used, &get(&cache, "i => i")));
        let long = format!("i => i /* {} */", "x".repeat(KEPT_BYTES));
        let weak = Arc::downgrade(&get(&cache, &long));
        assert!(weak.upgrade().is_none(), "a very long source is kept");
        assert_eq!(cache.bodies().recent_bytes, 0);
    }
}
