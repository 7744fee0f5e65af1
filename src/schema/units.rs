//! The hierarchy of treating units, region > trust > hospital > unit, with the period in which each existed.

use std::collections::{BTreeMap, BTreeSet};

use serde::Deserialize;

use super::date::Date;
use super::label::Label;
use crate::error::{Error, unknown};

/// The tree of units, in printed order.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct UnitTree {
    /// The names of the levels, coarsest first; the last one is the unit that forms carry a code of.
    pub(crate) levels: Vec<String>,
    #[serde(rename = "node")]
    pub(crate) nodes: Vec<Node>,
}

/// One region, trust, hospital or unit.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Node {
    pub(crate) id: String,
    pub(crate) level: String,
    pub(crate) parent: Option<String>,
    /// The code in the forms; only nodes of the last level have one.
    pub(crate) code: Option<i64>,
    pub(crate) label: Label,
    pub(crate) from: Option<Date>,
    pub(crate) until: Option<Date>,
}

impl Node {
    /// The name that specifications use.
    pub fn id(&self) -> &str {
        &self.id
    }

    /// The printed name.
    pub fn label(&self) -> &Label {
        &self.label
    }

    /// Whether the unit took part on some day of a period.
    pub(crate) fn existed(&self, first: Date, last: Date) -> bool {
        self.from.is_none_or(|from| from <= last) && self.until.is_none_or(|until| until >= first)
    }
}

impl UnitTree {
    /// The names of the levels, coarsest first.
    pub fn levels(&self) -> &[String] {
        &self.levels
    }

    /// All nodes of one level, in the order of the codebook.
    pub fn of_level<'t>(&'t self, level: &'t str) -> impl Iterator<Item = &'t Node> {
        self.nodes.iter().filter(move |node| node.level == level)
    }

    pub(crate) fn node(&self, id: &str) -> Option<&Node> {
        self.nodes.iter().find(|node| node.id == id)
    }

    /// The codes of all units below a node (its own code for a unit).
    pub(crate) fn codes_below(&self, id: &str) -> BTreeSet<i64> {
        let mut below = BTreeSet::from([id]);
        let mut codes = BTreeSet::new();
        // Parents may stand after their children in the file; as many rounds as there are levels reach every leaf.
        for _ in &self.levels {
            for node in &self.nodes {
                if node.parent.as_deref().is_some_and(|parent| below.contains(parent)) {
                    below.insert(&node.id);
                }
            }
        }
        codes.extend(
            self.nodes.iter().filter(|node| below.contains(node.id.as_str())).filter_map(|node| node.code),
        );
        codes
    }

    /// The codes of all units.
    pub(crate) fn codes(&self) -> impl Iterator<Item = i64> {
        self.nodes.iter().filter_map(|node| node.code)
    }

    pub(crate) fn node_of_code(&self, code: i64) -> Option<&Node> {
        self.nodes.iter().find(|node| node.code == Some(code))
    }

    pub(crate) fn validate(&self) -> Result<(), Error> {
        let Some(leaf) = self.levels.last() else {
            return Err(Error::schema("the unit hierarchy names no level"));
        };
        let mut codes: BTreeMap<i64, &str> = BTreeMap::new();
        let mut ids = BTreeSet::new();
        for node in &self.nodes {
            let depth = self.levels.iter().position(|level| *level == node.level).ok_or_else(|| {
                Error::schema(unknown(
                    "level of the unit hierarchy",
                    &node.level,
                    self.levels.iter().map(String::as_str),
                ))
            })?;
            if !ids.insert(node.id.as_str()) {
                return Err(Error::schema(format!(
                    "two nodes of the unit hierarchy are called `{}`",
                    node.id
                )));
            }
            if node.label.is_blank() {
                return Err(Error::schema(format!("unit `{}` lacks a label", node.id)));
            }
            match &node.parent {
                None if depth > 0 => {
                    return Err(Error::schema(format!("unit `{}` names no parent", node.id)));
                }
                None => {}
                Some(parent) => {
                    let above = self
                        .node(parent)
                        .and_then(|up| self.levels.iter().position(|level| *level == up.level));
                    if above.is_none_or(|above| above >= depth) {
                        return Err(Error::schema(format!(
                            "the parent of unit `{}` must be a node of a coarser level",
                            node.id
                        )));
                    }
                }
            }
            match (node.code, node.level == *leaf) {
                (Some(code), true) => {
                    if codes.insert(code, &node.id).is_some() {
                        return Err(Error::schema(format!("the code of unit `{}` is used twice", node.id)));
                    }
                }
                (None, true) => return Err(Error::schema(format!("unit `{}` has no code", node.id))),
                (Some(_), false) => {
                    return Err(Error::schema(format!(
                        "only nodes of level `{leaf}` carry a code, not `{}`",
                        node.id
                    )));
                }
                (None, false) => {}
            }
        }
        Ok(())
    }
}
