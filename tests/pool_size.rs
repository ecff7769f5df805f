//! The pool has a thread for each CPU that the process may use. Counted from what the kernel says, not as the addon does.

#![cfg(target_os = "linux")]

mod fake;

use std::fs;

use fake::Value;

/// How many CPUs the affinity mask of this thread allows: `0-3,8` are five.
fn allowed_cpus() -> usize {
    let status = fs::read_to_string("/proc/thread-self/status").unwrap();
    let list = status.lines().find_map(|line| line.strip_prefix("Cpus_allowed_list:")).unwrap().trim();
    let len = |range: &str| match range.split_once('-') {
        Some((first, last)) => last.parse::<usize>().unwrap() - first.parse::<usize>().unwrap() + 1,
        None => 1,
    };
    list.split(',').map(len).sum()
}

/// Whether a cgroup above this process limits its CPU time. Then there are fewer threads than CPUs.
fn has_quota() -> bool {
    let groups = fs::read_to_string("/proc/self/cgroup").unwrap_or_default();
    let limits = |file: String| {
        let text = fs::read_to_string(file).unwrap_or_default();
        text.chars().next().is_some_and(|first| first.is_ascii_digit())
    };
    groups.lines().any(|line| {
        let (mut path, mut limited) = (line.rsplit(':').next().unwrap_or("/"), false);
        loop {
            limited |= limits(format!("/sys/fs/cgroup{path}/cpu.max"));
            limited |= limits(format!("/sys/fs/cgroup/cpu{path}/cpu.cfs_quota_us"));
            match path.rsplit_once('/') {
                Some((parent, _)) if !path.is_empty() => path = parent,
                _ => break limited,
            }
        }
    })
}

#[test]
fn the_pool_has_a_thread_for_each_cpu_that_the_process_may_use() {
    fake::load();
    let wanted = fake::make(Value::Undefined);
    let Ok(Value::Number(size)) = fake::call("poolSize", &[wanted]) else { panic!("no number") };
    let cpus = allowed_cpus();
    if has_quota() {
        assert!((1..=cpus).contains(&(size as usize)), "{size} threads for {cpus} CPUs, with a quota");
    } else {
        assert_eq!(size as usize, cpus);
    }
    fake::end();
}
