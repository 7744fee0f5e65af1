//! HTML with the table's structure in it: a screen reader tells for every number its row and column.

use std::fmt::Write;

use super::heads::{Span, levels};
use super::{cell_text, lines_below};
use crate::protect::{Cell, ReleasedTable, Row};
use crate::render::escape::escape_html;
use crate::render::marks::Hidden;
use crate::schema::{Language, RowKind};

impl ReleasedTable {
    /// The table as an HTML fragment, its notes below. The page brings the styles of its class names, among
    /// them `visually-hidden` for what only a screen reader says.
    pub fn to_html(&self, language: Language) -> String {
        let levels = levels(self.columns(), language);
        let mut html = format!(
            "<div class=\"released-table\" lang=\"{}\">\n<table>\n<caption>{}</caption>\n",
            language.tag(),
            escape_html(self.title().text(language))
        );
        html.push_str(&column_groups(&levels));
        html.push_str(&table_head(self.stub().text(language), &levels));
        html.push_str(&table_bodies(self.rows(), language));
        html.push_str("</table>\n");
        let lines = lines_below(self, language);
        if !lines.is_empty() {
            html.push_str("<ul class=\"notes\">\n");
            for line in lines {
                push(&mut html, format_args!("<li>{}</li>\n", escape_html(&line)));
            }
            html.push_str("</ul>\n");
        }
        html.push_str("</div>\n");
        html
    }
}

/// The groups that `scope="colgroup"` speaks of.
fn column_groups(levels: &[Vec<Span>]) -> String {
    let mut html = "<colgroup><col></colgroup>\n".to_owned();
    for span in levels.first().into_iter().flatten() {
        push(&mut html, format_args!("<colgroup span=\"{}\"></colgroup>\n", span.columns));
    }
    html
}

fn table_head(stub: &str, levels: &[Vec<Span>]) -> String {
    let mut html = "<thead>\n".to_owned();
    for (depth, level) in levels.iter().enumerate() {
        html.push_str("<tr>");
        if depth == 0 {
            let (rows, stub) = (levels.len(), escape_html(stub));
            push(&mut html, format_args!("<th scope=\"col\" class=\"stub\" rowspan=\"{rows}\">{stub}</th>"));
        }
        for span in level {
            html.push_str(&head_cell(span));
        }
        html.push_str("</tr>\n");
    }
    html.push_str("</thead>\n");
    html
}

fn head_cell(span: &Span) -> String {
    let text = escape_html(&span.text);
    match (span.text.is_empty(), span.columns) {
        (true, columns) => format!("<td colspan=\"{columns}\"></td>"),
        (false, 1) => format!("<th scope=\"col\">{text}</th>"),
        (false, columns) => {
            format!("<th scope=\"colgroup\" class=\"group\" colspan=\"{columns}\">{text}</th>")
        }
    }
}

/// A subtotal begins a body of its own, which its row name heads; so does the total.
fn table_bodies(rows: &[Row], language: Language) -> String {
    let mut html = String::new();
    let mut open = false;
    let mut after_total = false;
    for row in rows {
        if !open || after_total || row.kind() != RowKind::Item {
            html.push_str(if open { "</tbody>\n<tbody>\n" } else { "<tbody>\n" });
            open = true;
        }
        after_total = row.kind() == RowKind::Total;
        html.push_str(&table_row(row, language));
    }
    if open {
        html.push_str("</tbody>\n");
    }
    html
}

fn table_row(row: &Row, language: Language) -> String {
    let (class, scope) = match row.kind() {
        RowKind::Item => ("item", "row"),
        RowKind::Subtotal => ("subtotal", "rowgroup"),
        RowKind::Total => ("total", "row"),
    };
    let (depth, name) = (row.depth(), escape_html(row.label().text(language)));
    let mut html = format!("<tr class=\"{class}\"><th scope=\"{scope}\" class=\"depth-{depth}\">{name}</th>");
    for cell in row.cells() {
        html.push_str(&table_cell(cell, language));
    }
    html.push_str("</tr>\n");
    html
}

fn table_cell(cell: &Cell, language: Language) -> String {
    let text = escape_html(&cell_text(cell, language));
    match Hidden::of_cell(cell.view()) {
        None => format!("<td>{text}</td>"),
        Some(mark) => format!(
            "<td class=\"{}\"><span aria-hidden=\"true\">{text}</span>\
             <span class=\"visually-hidden\">{}</span></td>",
            mark.class(),
            escape_html(mark.word(language))
        ),
    }
}

fn push(html: &mut String, text: std::fmt::Arguments<'_>) {
    // Writing into a string cannot fail.
    let _ = html.write_fmt(text);
}
