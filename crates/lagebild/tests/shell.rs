//! Completions and manual pages, as a shell and `man` take them.
#![allow(clippy::unwrap_used, reason = "a failed unwrap is a failed test")]

use std::process::Command;

fn lagebild(arguments: &[&str]) -> String {
    let output = Command::new(env!("CARGO_BIN_EXE_lagebild"))
        .args(arguments)
        .output()
        .unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).unwrap()
}

#[test]
fn a_shell_completes_commands_and_filters() {
    for shell in ["bash", "elvish", "fish", "powershell", "zsh"] {
        let script = lagebild(&["completions", shell]);
        assert!(script.contains("why-not") && script.contains("certainty"), "{shell}");
    }
    // Asked of a bash where there is one: machines without it are not tested here.
    let script = lagebild(&["completions", "bash"])
        + "\nCOMP_WORDS=(lagebild events --cert); COMP_CWORD=2; _lagebild lagebild --cert events; echo \"${COMPREPLY[@]}\"";
    if let Ok(output) = Command::new("bash").args(["-c", &script]).output() {
        let completed = String::from_utf8_lossy(&output.stdout);
        assert_eq!(
            completed.trim(),
            "--certainty",
            "{}",
            String::from_utf8_lossy(&output.stderr)
        );
    }
}

#[test]
fn each_command_has_a_page() {
    let dir = tempfile::tempdir().unwrap();
    let folder = dir.path().join("man");
    lagebild(&["man", "--output", folder.to_str().unwrap()]);
    let page = |name: &str| std::fs::read_to_string(folder.join(name)).unwrap();
    assert!(page("lagebild.1").contains("Exit codes: 0 fine"));
    assert!(page("lagebild-events.1").contains("certainty"));
    assert!(page("lagebild-lexicon-test.1").contains("corpus"));
}
