//! The file in which `perf` looks up code that is in no binary.

/// Appends a line, if the file can be written.
#[cfg(target_os = "linux")]
pub(super) fn announce(start: usize, len: usize, name: &str) {
    use std::io::Write as _;
    use std::os::unix::fs::OpenOptionsExt as _;

    let name: String = name.chars().map(|c| if c.is_control() { ' ' } else { c }).collect();
    // Everybody can write to /tmp: a link that somebody has put there is not followed, nor does a pipe make us wait.
    let file = std::fs::OpenOptions::new()
        .append(true)
        .create(true)
        .mode(0o644)
        .custom_flags(libc::O_NOFOLLOW | libc::O_NONBLOCK)
        .open(format!("/tmp/perf-{}.map", std::process::id()));
    if let Ok(mut file) = file {
        // One write, so that the lines of several threads do not mix. Who profiles sees that a line is missing.
        let _ = file.write_all(format!("{start:x} {len:x} {name}\n").as_bytes());
    }
}

#[cfg(not(target_os = "linux"))]
pub(super) fn announce(_start: usize, _len: usize, _name: &str) {}
