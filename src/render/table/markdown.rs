//! Markdown with the table extension; labels are escaped, so that none is read as markup.

use super::heads::full_head;
use super::{cell_text, lines_below};
use crate::protect::{ReleasedTable, Row};
use crate::schema::{Language, RowKind};

impl ReleasedTable {
    /// The table as Markdown: the title in bold, the table, its notes as a list.
    pub fn to_markdown(&self, language: Language) -> String {
        let mut heads = vec![escape(self.stub().text(language))];
        heads.extend(self.columns().iter().map(|column| escape(&full_head(column, language))));
        let mut alignments = vec!["---"];
        alignments.extend(self.columns().iter().map(|_| "---:"));

        let mut lines = vec![format!("**{}**", escape(self.title().text(language))), String::new()];
        lines.push(format!("| {} |", heads.join(" | ")));
        lines.push(format!("| {} |", alignments.join(" | ")));
        lines.extend(self.rows().iter().map(|row| row_line(row, language)));
        lines.push(String::new());
        lines.extend(lines_below(self, language).iter().map(|line| format!("- {}", escape(line))));
        lines.push(String::new());
        lines.join("\n")
    }
}

fn row_line(row: &Row, language: Language) -> String {
    let name = escape(row.label().text(language));
    let indent = "\u{a0}\u{a0}".repeat(usize::from(row.depth()));
    let mut cells = vec![match row.kind() {
        RowKind::Item => format!("{indent}{name}"),
        RowKind::Subtotal | RowKind::Total => format!("{indent}**{name}**"),
    }];
    cells.extend(row.cells().iter().map(|cell| escape(&cell_text(cell, language))));
    format!("| {} |", cells.join(" | "))
}

fn escape(text: &str) -> String {
    let mut safe = String::with_capacity(text.len());
    for character in text.chars() {
        if character.is_control() {
            safe.push(' ');
            continue;
        }
        if matches!(character, '\\' | '|' | '*' | '_' | '`' | '<' | '>' | '[' | ']') {
            safe.push('\\');
        }
        safe.push(character);
    }
    safe
}

#[cfg(test)]
mod tests {
    use super::escape;

    #[test]
    fn a_pipe_in_a_label_opens_no_column() {
        assert_eq!(escape("a|b\nc"), "a\\|b c");
    }
}
