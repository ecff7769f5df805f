use super::*;

/// Returns ANSWER.
const FUNCTION: &[u8] = &function(ANSWER);

/// There is no executable memory: everything refuses, and nothing breaks.
#[test]
#[cfg(any(miri, not(any(target_arch = "x86_64", target_arch = "aarch64"))))]
fn what_is_unsupported_is_refused() {
    assert_eq!(Code::new(FUNCTION).err(), Some(Refused::Unsupported));
    assert_eq!(refusal(), Some(Refused::Unsupported.reason()));
    assert!(!is_allowed());
}

#[cfg(all(any(target_arch = "x86_64", target_arch = "aarch64"), not(miri)))]
mod supported {
    use super::*;
    use std::sync::{Mutex, MutexGuard, PoisonError};

    /// While it lives, no other test makes code.
    fn alone() -> MutexGuard<'static, ()> {
        static ALONE: Mutex<()> = Mutex::new(());
        ALONE.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Calls code that is a function without arguments.
    fn call(code: &Code) -> u32 {
        #[expect(clippy::disallowed_methods, reason = "no other conversion makes a function of an address")]
        // SAFETY: the tests call code that begins with FUNCTION, which is such a function.
        let function = unsafe { std::mem::transmute::<*const u8, extern "C" fn() -> u32>(code.as_ptr()) };
        function()
    }

    /// FUNCTION, and then as many zeros as it takes to be so long.
    fn function_of(len: usize) -> Vec<u8> {
        let mut bytes = FUNCTION.to_vec();
        bytes.resize(len, 0);
        bytes
    }

    #[test]
    fn code_runs() {
        let _alone = alone();
        assert_eq!((is_allowed(), refusal()), (true, None));
        for len in [FUNCTION.len(), GRANULE - 1, GRANULE, GRANULE + 1, 1 << 20] {
            let code = Code::new(&function_of(len)).unwrap();
            assert_eq!(call(&code), ANSWER);
            assert_eq!((code.len(), code.is_empty()), (len, false));
            assert_eq!(code.as_ptr().addr() % GRANULE, 0);
        }
    }

    #[test]
    fn code_is_what_was_given_and_then_traps() {
        let _alone = alone();
        let bytes: Vec<u8> = (0..GRANULE + 100).map(|i| u8::try_from(i % 251).unwrap()).collect();
        for len in [0, 1, 100, GRANULE, bytes.len()] {
            let code = Code::new(&bytes[..len]).unwrap();
            assert_eq!((code.len(), code.is_empty()), (len, len == 0));
            let padded = bytes[..len].iter().copied().chain(std::iter::repeat(TRAP));
            for (at, byte) in padded.take(len.max(1).next_multiple_of(GRANULE)).enumerate() {
                // SAFETY: within the pages of the code, which can be read.
                assert_eq!(unsafe { code.as_ptr().wrapping_add(at).read() }, byte, "{at} of {len}");
            }
        }
    }

    /// Where other threads ran other code a moment ago.
    #[test]
    fn threads_run_the_code_that_is_there_now() {
        let _alone = alone();
        for round in 0..500 {
            let code = Code::new(&function(round)).unwrap();
            std::thread::scope(|scope| {
                let other = std::thread::Builder::new().spawn_scoped(scope, || call(&code)).unwrap();
                assert_eq!((call(&code), other.join().unwrap()), (round, round));
            });
        }
    }

    #[test]
    fn what_the_system_refuses_is_an_error() {
        for refused in [Refused::Forbidden, Refused::Exhausted, Refused::Unsupported] {
            assert_eq!(probe(|_| Err(refused)), Err(refused));
            assert_eq!(refused.to_string(), refused.reason());
        }
        // Longer than any address space.
        assert!(Mapping::new(1 << 62).is_err());
    }

    #[cfg(target_os = "linux")]
    mod linux {
        use super::*;
        use std::fs;

        /// What `/proc/self/maps` says of one mapping.
        struct Mapped {
            start: usize,
            end: usize,
            rights: String,
        }

        fn mappings() -> Vec<Mapped> {
            let maps = fs::read_to_string("/proc/self/maps").unwrap();
            let mapped = |line: &str| {
                let (range, rest) = line.split_once(' ').unwrap();
                let (start, end) = range.split_once('-').unwrap();
                let [start, end] = [start, end].map(|hex| usize::from_str_radix(hex, 16).unwrap());
                Mapped { start, end, rights: rest[..4].to_string() }
            };
            maps.lines().map(mapped).collect()
        }

        /// The rights to the page at `address`, if there is one.
        fn rights_at(address: usize) -> Option<String> {
            mappings().into_iter().find(|m| (m.start..m.end).contains(&address)).map(|m| m.rights)
        }

        #[test]
        fn no_page_is_writable_and_executable() {
            let _alone = alone();
            let mapping = Mapping::new(2 * GRANULE).unwrap();
            let [first, last] = [0, 2 * GRANULE - 1].map(|at| mapping.start.as_ptr().addr() + at);
            for address in [first, last] {
                assert_eq!(rights_at(address).as_deref(), Some("rw-p"));
            }
            system::seal(&mapping).unwrap();
            for address in [first, last] {
                assert_eq!(rights_at(address).as_deref(), Some("r-xp"));
            }
            assert!(mappings().iter().all(|m| !m.rights.starts_with("rwx")));
        }

        /// How many bytes are mapped with such rights. Mappings next to each other count as one, so bytes are what to count.
        fn bytes_mapped(rights: &str) -> usize {
            mappings().iter().filter(|m| m.rights == rights).map(|m| m.end - m.start).sum()
        }

        #[test]
        fn dropped_codes_leave_nothing_behind() {
            let _alone = alone();
            let before = bytes_mapped("r-xp");
            for _ in 0..100 {
                let codes: Vec<Code> = (0..100).map(|_| Code::new(FUNCTION).unwrap()).collect();
                assert_eq!(bytes_mapped("r-xp"), before + 100 * codes[0].mapping.len);
                // Every other one first: out of the middle of what the system has merged.
                let (odd, even): (Vec<_>, Vec<_>) =
                    codes.into_iter().enumerate().partition(|(i, _)| i % 2 == 1);
                drop(odd);
                assert!(even.iter().all(|(_, code)| call(code) == ANSWER));
            }
            assert_eq!(bytes_mapped("r-xp"), before);
        }

        /// Other tests map and unmap what they need, which is less.
        #[test]
        fn refused_code_leaves_nothing_behind() {
            let _alone = alone();
            const MIB: usize = 1 << 20;
            let bytes = function_of(MIB);
            let before = bytes_mapped("rw-p");
            for _ in 0..256 {
                let refused = Code::sealed_by(|_| Err(Refused::Forbidden), &bytes);
                assert_eq!(refused.err(), Some(Refused::Forbidden));
            }
            let after = bytes_mapped("rw-p");
            assert!(after < before + 128 * MIB, "{before} bytes before, {after} after");
        }

        /// As systemd's MemoryDenyWriteExecute has it, on kernels that know how (6.3).
        #[test]
        fn a_policy_of_the_system_is_obeyed() {
            let _alone = alone();
            const PR_SET_MDWE: libc::c_int = 65;
            const PR_MDWE_REFUSE_EXEC_GAIN: libc::c_ulong = 1;
            const UNKNOWN: libc::c_int = 2;
            // SAFETY: the child calls nothing that is not safe after a fork: system calls, and no allocation.
            let child = unsafe { libc::fork() };
            if child == 0 {
                let none: libc::c_ulong = 0;
                // SAFETY: forbids this process, which is about to end, to make memory executable.
                let known =
                    unsafe { libc::prctl(PR_SET_MDWE, PR_MDWE_REFUSE_EXEC_GAIN, none, none, none) == 0 };
                let refused = matches!(Code::new(FUNCTION), Err(Refused::Forbidden));
                // SAFETY: ends the child without anything that the parent is to do.
                unsafe { libc::_exit(if known { (!refused).into() } else { UNKNOWN }) };
            }
            let mut status = 0;
            // SAFETY: waits for the child that was just made.
            assert_eq!(unsafe { libc::waitpid(child, &raw mut status, 0) }, child);
            assert!(libc::WIFEXITED(status), "{status:#x}");
            assert!([0, UNKNOWN].contains(&libc::WEXITSTATUS(status)), "{status:#x}");
        }

        #[test]
        fn perf_is_told() {
            let _alone = alone();
            let path = format!("/tmp/perf-{}.map", std::process::id());
            let _ = fs::remove_file(&path);
            let [first, second] = [Code::new(FUNCTION).unwrap(), Code::new(FUNCTION).unwrap()];
            Code::new(&[]).unwrap().announce("nothing");
            first.announce("a body:\n\r12 \u{7f}é");
            second.announce("");
            let lines = fs::read_to_string(&path).unwrap();
            fs::remove_file(&path).unwrap();
            let [first, second] =
                [first, second].map(|code| format!("{:x} {:x}", code.as_ptr().addr(), code.len()));
            assert_eq!(lines, format!("{first} a body:  12  é\n{second} \n"));

            // A link of somebody else's leads nowhere.
            let target = format!("{path}.target");
            fs::write(&target, "theirs").unwrap();
            std::os::unix::fs::symlink(&target, &path).unwrap();
            Code::new(FUNCTION).unwrap().announce("body");
            let theirs = fs::read_to_string(&target).unwrap();
            for file in [path, target] {
                fs::remove_file(file).unwrap();
            }
            assert_eq!(theirs, "theirs");
        }
    }
}
