//! The walls of the house, read from its source: what may know what, and who may make a release.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

/// The folders of `src`, in the way of the data.
const FOLDERS: [&str; 9] =
    ["schema", "load", "score", "cohort", "stats", "cube", "protect", "render", "report"];

/// What stands inside, before protection.
const INSIDE: [&str; 6] = ["cube", "cohort", "load", "score", "stats", "polars"];

fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
}

/// Every Rust file below a folder of `src`, by its path within `src`, without comments and texts.
fn sources(folder: &str) -> Vec<(String, String)> {
    let src = root().join("src");
    let mut files = Vec::new();
    collect(&src.join(folder), &mut files);
    files.sort();
    let name = |path: &Path| path.strip_prefix(&src).unwrap().to_string_lossy().replace('\\', "/");
    files.iter().map(|path| (name(path), code_of(&fs::read_to_string(path).unwrap()))).collect()
}

fn collect(folder: &Path, files: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            collect(&path, files);
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            files.push(path);
        }
    }
}

/// The source without comments, and with empty text and character literals.
fn code_of(source: &str) -> String {
    let text: Vec<char> = source.chars().collect();
    let at = |place: usize| text.get(place).copied().unwrap_or('\0');
    let mut code = String::with_capacity(source.len());
    let mut place = 0;
    while place < text.len() {
        let character = text[place];
        let after_name = code.chars().last().is_some_and(is_name_character);
        if character == '/' && at(place + 1) == '/' {
            while place < text.len() && text[place] != '\n' {
                place += 1;
            }
        } else if character == '/' && at(place + 1) == '*' {
            let mut depth = 0;
            while place < text.len() {
                match (text[place], at(place + 1)) {
                    ('/', '*') => (depth, place) = (depth + 1, place + 2),
                    ('*', '/') => (depth, place) = (depth - 1, place + 2),
                    _ => place += 1,
                }
                if depth == 0 {
                    break;
                }
            }
            code.push(' ');
        } else if let (false, Some(length)) = (after_name, raw_text(&text[place..])) {
            code.push_str("\"\"");
            place += length;
        } else if character == '"' {
            place += 1;
            while place < text.len() && text[place] != '"' {
                place += if text[place] == '\\' { 2 } else { 1 };
            }
            place += 1;
            code.push_str("\"\"");
        } else if character == '\'' && (at(place + 1) == '\\' || at(place + 2) == '\'') {
            // A character; a lifetime has no second quote there.
            place += if at(place + 1) == '\\' { 3 } else { 2 };
            while place < text.len() && text[place] != '\'' {
                place += 1;
            }
            place += 1;
            code.push_str("' '");
        } else {
            code.push(character);
            place += 1;
        }
    }
    code
}

/// How long the raw text is that begins here, such as `r#"..."#`.
fn raw_text(text: &[char]) -> Option<usize> {
    let start = match text {
        ['b', 'r', ..] => 2,
        ['r', ..] => 1,
        _ => return None,
    };
    let hashes = text[start..].iter().take_while(|character| **character == '#').count();
    if text.get(start + hashes) != Some(&'"') {
        return None;
    }
    let body = start + hashes + 1;
    (body..text.len()).find_map(|place| {
        let ends = text[place] == '"'
            && text[place + 1..].iter().take(hashes).filter(|c| **c == '#').count() == hashes;
        ends.then_some(place + 1 + hashes)
    })
}

fn is_name_character(character: char) -> bool {
    character.is_alphanumeric() || character == '_'
}

/// Names and single signs, with `::` and `->` kept together.
fn tokens(code: &str) -> Vec<String> {
    let mut tokens: Vec<String> = Vec::new();
    let mut in_name = false;
    for character in code.chars() {
        if is_name_character(character) {
            match tokens.last_mut() {
                Some(name) if in_name => name.push(character),
                _ => tokens.push(character.to_string()),
            }
            in_name = true;
            continue;
        }
        in_name = false;
        match (tokens.last_mut(), character) {
            (_, white) if white.is_whitespace() => tokens.push(" ".to_owned()),
            (Some(before), ':') if before.as_str() == ":" => before.push(':'),
            (Some(before), '>') if before.as_str() == "-" => before.push('>'),
            _ => tokens.push(character.to_string()),
        }
    }
    tokens.retain(|token| token != " ");
    tokens
}

fn without_unit_tests(code: &str) -> &str {
    code.split("#[cfg(test)]").next().unwrap_or_default()
}

#[test]
fn the_folders_of_the_house_are_those_of_the_way_of_the_data() {
    let entries = fs::read_dir(root().join("src")).unwrap().map(|entry| entry.unwrap().path());
    let folders = entries.filter(|path| path.is_dir());
    let names: BTreeSet<String> =
        folders.map(|path| path.file_name().unwrap().to_string_lossy().into_owned()).collect();
    let expected: BTreeSet<String> = FOLDERS.into_iter().map(str::to_owned).collect();
    assert_eq!(names, expected);
}

#[test]
fn rendering_and_reports_know_nothing_of_what_is_inside() {
    for (file, code) in ["render", "report"].into_iter().flat_map(sources) {
        let tokens = tokens(&code);
        for (place, token) in tokens.iter().enumerate() {
            if !INSIDE.contains(&token.as_str()) {
                continue;
            }
            let before: Vec<&str> =
                tokens[place.saturating_sub(2)..place].iter().map(String::as_str).collect();
            let follows_path = matches!(before.as_slice(), ["crate" | "super" | "registat", "::"]);
            let is_root =
                tokens.get(place + 1).is_some_and(|next| next == "::") && !before.ends_with(&["::"]);
            assert!(!follows_path && !is_root && !is_in_a_list(&tokens[..place]), "{file} names `{token}`");
        }
    }
}

/// Whether a name that follows these tokens stands in the braces of `use crate::{...}`.
fn is_in_a_list(before: &[String]) -> bool {
    let mut depth = 0;
    for place in (0..before.len()).rev() {
        match before[place].as_str() {
            "}" => depth += 1,
            "{" if depth > 0 => depth -= 1,
            "{" => {
                let path: Vec<&str> =
                    before[place.saturating_sub(2)..place].iter().map(String::as_str).collect();
                return matches!(path.as_slice(), ["crate" | "super", "::"]);
            }
            ";" => return false,
            _ => {}
        }
    }
    false
}

#[test]
fn a_release_is_made_nowhere_but_in_its_own_folder() {
    for (file, code) in sources("") {
        if file.starts_with("protect/") {
            continue;
        }
        let tokens = tokens(&code);
        for pair in tokens.windows(2) {
            assert!(pair[0] != "Release" || pair[1] != "{", "{file} writes a release literal");
        }
    }
}

#[test]
fn no_function_outside_protection_returns_a_release() {
    for (file, code) in sources("") {
        if file.starts_with("protect/") {
            continue;
        }
        let tokens = tokens(without_unit_tests(&code));
        for (place, _) in tokens.iter().enumerate().filter(|(_, token)| *token == "->") {
            let returned =
                tokens[place + 1..].iter().take_while(|token| !matches!(token.as_str(), "{" | ";" | "where"));
            let returned: Vec<&str> = returned.map(String::as_str).collect();
            assert!(!returned.contains(&"Release") || returned.contains(&"&"), "{file} returns a release");
        }
    }
}

#[test]
fn a_release_cannot_be_read_back() {
    let all = sources("protect");
    let (_, release) = all.iter().find(|(file, _)| file == "protect/release.rs").unwrap();
    assert!(!tokens(release).iter().any(|token| token.contains("Deserialize") || token == "FromStr"));
    for (file, code) in &all {
        for line in code.split(['{', ';']).filter(|line| line.contains("Deserialize")) {
            let is_of_a_release = ["Release", "ReleasedTable", "ReleasedChart", "Cell", "State"]
                .into_iter()
                .any(|name| tokens(line).windows(2).any(|pair| pair[0] == "for" && pair[1] == name));
            assert!(!is_of_a_release, "{file}");
        }
    }
}

#[test]
fn no_file_holds_unsafe_code() {
    for (file, code) in sources("") {
        assert!(!tokens(&code).iter().any(|token| token == "unsafe"), "{file}");
    }
}

#[test]
fn what_is_inside_can_be_neither_displayed_nor_serialised() {
    for (file, code) in sources("") {
        let code = tokens(&code);
        for (place, token) in code.iter().enumerate() {
            if !["Registry", "Cohort", "CohortBuilder", "Cube", "Flow", "Findings"].contains(&token.as_str())
            {
                continue;
            }
            let before: Vec<&str> = code[place.saturating_sub(2)..place].iter().map(String::as_str).collect();
            assert!(!matches!(before.as_slice(), ["Display" | "Serialize", "for"]), "{file} {token}");
        }
    }
}

#[test]
fn the_library_opens_no_module() {
    let lib = sources("").into_iter().find(|(file, _)| file == "lib.rs").unwrap().1;
    let tokens = tokens(&lib);
    let mut modules = BTreeSet::new();
    for (place, token) in tokens.iter().enumerate() {
        if token == "mod" {
            let before = place.checked_sub(1).map(|before| tokens[before].as_str());
            assert!(!matches!(before, Some("pub" | ")")), "`{}` is not private", tokens[place + 1]);
            modules.insert(tokens[place + 1].clone());
        }
    }
    let files: BTreeSet<String> = FOLDERS.into_iter().chain(["error"]).map(str::to_owned).collect();
    assert!(files.is_subset(&modules), "{modules:?}");
    assert!(!tokens.iter().any(|token| token == "fn"), "no logic");
}

#[test]
fn every_dependency_says_what_it_is_for() {
    let manifest = fs::read_to_string(root().join("Cargo.toml")).unwrap();
    let mut in_dependencies = false;
    let mut is_explained = false;
    for line in manifest.lines().map(str::trim) {
        if line.starts_with('[') {
            in_dependencies = line.ends_with("dependencies]");
            is_explained = false;
        } else if line.is_empty() {
            is_explained = false;
        } else if line.starts_with('#') {
            is_explained = true;
        } else if in_dependencies {
            assert!(is_explained, "{line}");
        }
    }
}

#[test]
fn comments_and_texts_are_no_code() {
    let source = "let a = \"crate::cube \\\" unsafe\"; // unsafe\n/* a /* b */ unsafe */ let b = 'x'; let c: &'a str = r#\"unsafe \"\"#;";
    let code = code_of(source);
    assert!(!code.contains("unsafe") && !code.contains("cube"), "{code}");
    assert!(code.contains("let b") && code.contains("let c: &'a str"), "{code}");
    assert_eq!(
        tokens("fn f() -> crate::Release {"),
        ["fn", "f", "(", ")", "->", "crate", "::", "Release", "{"]
    );
    assert_eq!(code_of("'\\'' 'a' '\\u{7d}' \"\\\\\" x"), "' ' ' ' ' ' \"\" x");
}
