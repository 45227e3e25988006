//! Fuzzing, a step of `test`: libFuzzer looks for an input for which something in `fuzz/` does not hold.
//!
//! Coverage is counted with flags that the stable compiler has, so that the tests need no other one. Everything is under
//! `target/fuzz`: the seeds, the corpora that grow with every run, and the findings.

use std::fs::{self, File};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::thread::sleep;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail};

use crate::progress::note;
use crate::{process, tools, workspace};

const PACKAGE: &str = "soi-fuzz";
/// What the compiler counts for the fuzzer: edges, and what was compared with what.
const COVERAGE: [&str; 5] = [
    "-Cpasses=sancov-module",
    "-Cllvm-args=-sanitizer-coverage-level=4",
    "-Cllvm-args=-sanitizer-coverage-inline-8bit-counters",
    "-Cllvm-args=-sanitizer-coverage-pc-table",
    "-Cllvm-args=-sanitizer-coverage-trace-compares",
];
/// Longest input, bytes: twice the longest seed, about.
const LONGEST: usize = 16 * 1024;
/// An input that takes longer, seconds, or more memory, MB, is a finding.
const SLOWEST: u64 = 10;
const MOST_MEMORY: usize = 1024;
/// How often something is said while it runs.
const NEWS: Duration = Duration::from_secs(15);

/// Looks at inputs of a target, `pack` or `records`, for so many seconds.
pub(crate) fn run(target: &str, seconds: u64) -> Result<()> {
    tools::cpp_compiler()?;
    let program = build(target)?;
    let seeds = folder("seeds");
    let mut write = process::cargo(&["run", "--quiet", "--package", PACKAGE, "--", "seeds"]);
    write.arg(&seeds);
    process::run(write)?;
    let corpus = folder("corpus").join(target);
    let findings = folder("findings");
    for folder in [&corpus, &findings] {
        fs::create_dir_all(folder).with_context(|| format!("cannot create {}", folder.display()))?;
    }
    let log = folder(&format!("{target}.log"));
    let mut fuzzer = process::command::<&str>(&program.to_string_lossy(), &[]);
    fuzzer
        .arg(format!("-max_total_time={seconds}"))
        .arg(format!("-max_len={LONGEST}"))
        .arg(format!("-timeout={SLOWEST}"))
        .arg(format!("-rss_limit_mb={MOST_MEMORY}"))
        .arg(format!("-dict={}", seeds.join(format!("{target}.dict")).display()))
        .arg(format!("-artifact_prefix={}/{target}-", findings.display()))
        .arg("-print_final_stats=1")
        .args([&corpus, &seeds.join(target)]);
    if watched(fuzzer, &log)? {
        return Ok(());
    }
    bail!(finding(target, &log));
}

fn folder(name: &str) -> PathBuf {
    workspace::target("fuzz").join(name)
}

/// Builds the fuzzer of a target; says where it is.
fn build(target: &str) -> Result<PathBuf> {
    let host = process::output(process::command("rustc", &["--print", "host-tuple"]))?;
    let (host, program) = (host.trim(), format!("fuzz-{target}"));
    // With a target named, what runs while building is not counted.
    let mut build = process::cargo(&["build", "--profile", "fuzz", "--package", PACKAGE, "--features", "libfuzzer"]);
    build.args(["--bin", &program, "--target", host, "--target-dir"]).arg(workspace::target("fuzz"));
    build.env("CARGO_ENCODED_RUSTFLAGS", COVERAGE.join("\u{1f}"));
    process::run(build)?;
    Ok(workspace::target("fuzz").join(host).join("fuzz").join(program + std::env::consts::EXE_SUFFIX))
}

/// Runs the fuzzer, and now and then says where it is. False when it found something.
fn watched(mut fuzzer: Command, log: &Path) -> Result<bool> {
    let file = File::create(log).with_context(|| format!("cannot write {}", log.display()))?;
    let mut running = fuzzer.stdout(Stdio::null()).stderr(file).spawn().context("the fuzzer cannot be started")?;
    let mut told = Instant::now();
    let status = loop {
        if let Some(status) = running.try_wait()? {
            break status;
        }
        if told.elapsed() >= NEWS {
            told = Instant::now();
            said(log).lines().rfind(|line| line.contains(" exec/s: ")).map(progress_of).iter().for_each(note);
        }
        sleep(Duration::from_millis(200));
    };
    said(log).lines().rfind(|line| line.contains(" exec/s: ")).map(progress_of).iter().for_each(note);
    Ok(status.success())
}

/// What the fuzzer said. Words of what was fuzzed may be any bytes.
fn said(log: &Path) -> String {
    fs::read(log).map(|bytes| String::from_utf8_lossy(&bytes).into_owned()).unwrap_or_default()
}

/// `#4096 NEW    cov: 312 ft: 1009 corp: 77/21Kb lim: 4096 exec/s: 2048 rss: 61Mb …` in words.
fn progress_of(line: &str) -> String {
    let after = |name: &str| {
        let mut words = line.split_whitespace().skip_while(|word| *word != name);
        words.nth(1).unwrap_or("?").to_owned()
    };
    let inputs = line.split_whitespace().next().unwrap_or_default().trim_start_matches('#');
    format!("{inputs} inputs, {} a second; {} edges reached", after("exec/s:"), after("cov:"))
}

/// What was found, where the input is, and how to look at it again.
fn finding(target: &str, log: &Path) -> String {
    let said = said(log);
    let lines: Vec<&str> = said.lines().filter(|line| !line.starts_with('#')).collect();
    for line in lines.iter().skip_while(|line| !line.contains("panicked at") && !line.contains("ERROR:")).take(12) {
        note(line);
    }
    match said.lines().find_map(|line| line.split_once("Test unit written to ")) {
        Some((_, input)) => {
            let input = Path::new(input.trim());
            let input = input.strip_prefix(workspace::root()).unwrap_or(input).display();
            format!("{input} is a finding; to see it again: cargo run --package {PACKAGE} -- again {target} {input}")
        }
        None => format!("the fuzzer stopped; what it said is in {}", log.display()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn progress_is_put_in_words() {
        let line =
            "#4096\tNEW    cov: 312 ft: 1009 corp: 77/21Kb lim: 4096 exec/s: 2048 rss: 61Mb L: 3/99 MS: 1 CopyPart-";
        assert_eq!(progress_of(line), "4096 inputs, 2048 a second; 312 edges reached");
        assert_eq!(progress_of("#7 DONE"), "7 inputs, ? a second; ? edges reached");
    }
}
